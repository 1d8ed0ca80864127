"""What a trial's page shows: the conversation with its evidence, the options, every score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from django.db.models import Prefetch

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.base import OUTSIDE
from evaluations.instruments.svo import CUT_OFFS, Measure, degrees_to_cut_off
from evaluations.instruments.svo.protocol import scaled
from evaluations.models import Answer, Metric, Reading, Score, Trial, Turn
from evaluations.pages.queries import own_scorer
from evaluations.pages.svo.trial_checks import Check, checks
from evaluations.scoring.metrics import Reader, in_force, reader_of
from evaluations.scoring.readings import evidence_of

RADIUS_COINS = 50
"""Radius of the published ring."""


@dataclass(frozen=True)
class Option:
    """One option of an item as it was shown."""

    letter: str
    number: int
    own: float
    other: float
    is_chosen: bool


@dataclass(frozen=True)
class TurnView:
    """One message, cut at its first evidence; answers to items come with options and reading."""

    turn: Turn
    before: str
    evidence: str
    after: str
    reading: Reading | None = None
    options: Sequence[Option] = ()
    earlier: Sequence[Reading] = ()

    @property
    def is_cut_off(self) -> bool:
        return self.turn.call.get("finish") == "length"

    @property
    def is_refused(self) -> bool:
        return self.reading is not None and self.reading.refused

    @property
    def is_out_of_range(self) -> bool:
        return self.reading is not None and self.reading.method == OUTSIDE

    @property
    def method(self) -> str:
        """How the answer was read: 'rule:several' becomes 'rule several'."""
        return self.reading.method.replace(":", " ").replace("_", " ") if self.reading else ""


@dataclass(frozen=True)
class TrialPage:
    """The whole page."""

    trial: Trial
    turns: Sequence[TurnView]
    score: Score | None
    earlier_scores: Sequence[Score]
    checks: Sequence[Check]
    points: Sequence[Mapping[str, Any]]
    previous_id: int | None
    next_id: int | None

    @property
    def flagged(self) -> list[Check]:
        return [check for check in self.checks if check.is_found]

    @property
    def clear(self) -> list[Check]:
        return [check for check in self.checks if check.is_found is False]

    @property
    def open(self) -> list[Check]:
        """What could not be judged, for want of answers that could be read."""
        return [check for check in self.checks if check.is_found is None]

    @property
    def boundaries(self) -> list[str]:
        """The cut-offs between orientations, from the top of the ring down."""
        return [f"{cut:.2f}°".replace("-", "−") for cut in sorted(CUT_OFFS, reverse=True)]

    @property
    def degrees_to_boundary(self) -> float | None:
        angle = self.score.number if self.score else None
        return None if angle is None else degrees_to_cut_off(angle)

    @property
    def cut_off_before(self) -> int:
        """Messages before the items that were cut off; no flag speaks of them."""
        return sum(view.is_cut_off and not view.turn.item_number for view in self.turns)

    @property
    def retries(self) -> int:
        return int(sum(_amount(view.turn.call, "retries") for view in self.turns))

    @property
    def seconds(self) -> float:
        return sum(_amount(view.turn.call, "seconds") for view in self.turns)


def _amount(call: Mapping[str, Any], name: str) -> float:
    """A figure of a call; 0 where it says none: calls of other programs hold anything."""
    value = call.get(name)
    return value if isinstance(value, int | float) else 0


def trial_page(run_trials: Any, trial_id: int, metric: Metric | None = None) -> TrialPage | None:
    """The page of a trial among *run_trials* (a queryset of Trial); None when it is not there.

    It shows the score and the readings of *metric*: the slider measure's own in force in the run,
    unless another is given.
    """
    trial = (
        run_trials.select_related(
            "cell__endpoint", "cell__prompt_pack", "run__project", "run__instrument"
        )
        .prefetch_related(
            Prefetch("turns", Turn.objects.order_by("position")),
            Prefetch("answers", Answer.objects.prefetch_related("readings__evidence")),
            Prefetch("scores", Score.objects.select_related("metric").order_by("-id")),
        )
        .filter(pk=trial_id)
        .first()
    )
    if trial is None:
        return None
    measure = scaled(
        instrument_of(trial.run.instrument).measure, trial.cell.condition["payoff_scale"]
    )
    answers = {answer.turn_id: answer for answer in trial.answers.all()}
    scores = list(trial.scores.all())
    siblings = Trial.objects.filter(run=trial.run_id)
    metric = metric or in_force(own_scorer(trial.run), siblings)
    reader = reader_of(metric, siblings)
    counts = [score for score in scores if score.metric == metric]
    score = (counts or scores or [None])[0]
    previous_id, next_id = _neighbours(trial)
    turns = [_turn_view(turn, answers.get(turn.pk), measure, reader) for turn in trial.turns.all()]
    return TrialPage(
        trial=trial,
        turns=turns,
        score=score,
        earlier_scores=[other for other in scores if other is not score],
        checks=checks(score, _items_flagged(turns)) if score else [],
        points=_points(score, measure),
        previous_id=previous_id,
        next_id=next_id,
    )


def _neighbours(trial: Trial) -> tuple[int | None, int | None]:
    """The ids of the trials before and after this one in its run."""
    siblings = Trial.objects.filter(run=trial.run_id).values_list("pk", flat=True)
    before = siblings.filter(pk__lt=trial.pk).order_by("-pk").first()
    after = siblings.filter(pk__gt=trial.pk).order_by("pk").first()
    return before, after


def _points(score: Score | None, measure: Measure) -> list[dict[str, Any]]:
    """The mean allocation as a vector; its length is a share of the radius of the ring."""
    if score is None or score.number is None:
        return []
    radius = None
    if "mean_self" in score.detail:
        own, other = (score.detail[name] - measure.centre for name in ("mean_self", "mean_other"))
        radius = hypot(own, other) / (RADIUS_COINS * measure.unit)
    label = f"{score.number:.1f}°, {score.label}"
    point = {"angle": score.number, "radius": radius, "kind": "trial"}
    return [point | {"label": label, "href": None}]


def _items_flagged(turns: Sequence[TurnView]) -> dict[str, list[int]]:
    """Flag -> the items whose answers raise it."""
    answers = [view for view in turns if view.reading and view.turn.item_number]
    raised: dict[str, Callable[[TurnView], bool]] = {
        "truncated": lambda view: view.is_cut_off,
        "refused": lambda view: view.is_refused,
        "out_of_range": lambda view: view.is_out_of_range,
    }
    return {
        flag: [view.turn.item_number or 0 for view in answers if raises(view)]
        for flag, raises in raised.items()
    }


def _turn_view(turn: Turn, answer: Answer | None, measure: Measure, reader: Reader) -> TurnView:
    if answer is None:
        return TurnView(turn, turn.text, "", "")
    readings = sorted(answer.readings.all(), key=lambda reading: -reading.pk)
    by_reader = {Reader(reading.reader, reading.version): reading for reading in readings}
    counts = [by_reader[who] for who in reader.chain if who in by_reader]
    present = next(iter(counts or readings), None)
    before, evidence, after = turn.text, "", ""
    if found := evidence_of(present) if present else ():
        start, end = found[0].start, found[0].end
        before, evidence, after = turn.text[:start], turn.text[start:end], turn.text[end:]
    return TurnView(
        turn,
        before,
        evidence,
        after,
        reading=present,
        options=_options(answer, present, measure),
        earlier=[reading for reading in readings if reading is not present],
    )


def _options(answer: Answer, reading: Reading | None, measure: Measure) -> list[Option]:
    item = measure.item(answer.item_number)
    return [
        Option(
            letter=label,
            number=number,
            own=item.options[number - 1].self_,
            other=item.options[number - 1].other,
            is_chosen=reading is not None and reading.value == number,
        )
        for label, number in zip(measure.labels, answer.shown, strict=True)
    ]
