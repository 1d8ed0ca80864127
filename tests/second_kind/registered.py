"""What the second kind brings to judging and to reports, and its registration in each app."""

import pytest

from analysis import kinds as reported
from analysis.sections.kind import Kind
from analysis.words.units import Unit
from annotations import kinds as judged
from annotations.base import PIECES, JudgedKind, QuestionKind
from annotations.scales.scale import INTERVAL
from evaluations.instruments.kinds import KINDS
from tests.second_kind.kind import Warmth

HOW_WARM = QuestionKind(
    key="how_warm",
    asks_for="the warmth",
    scale=INTERVAL,
    template=f"{PIECES}/_number.html",
    prompt="How warm is it, from 0 to 10?",
    plural="warmths",
    unit=("a warmth", "%(number)s of ten"),
    tolerance=2.0,
    ends=(0.0, 10.0),
    is_scored=True,
)


class WarmthReport(Kind):
    key = "warmth"
    unit = Unit("points", " points", "warmth")

    def unit_of_ratings(self, data):
        return self.unit.name


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the kind into the one place of each app that knows the kinds."""
    piece = f"{PIECES}/_number.html"
    monkeypatch.setitem(KINDS, "warmth", Warmth())
    monkeypatch.setitem(judged.KINDS, "warmth", JudgedKind((HOW_WARM,), asked=piece, scored=piece))
    monkeypatch.setitem(reported.KINDS, "warmth", WarmthReport())
