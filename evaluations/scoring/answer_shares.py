"""What became of the answers of a run: chosen, refused, filtered, ambiguous, unparsed; by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, Value, When

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.readings import FILTERED
from evaluations.models import Reading, Run

UNPARSED = "unparsed"


@dataclass(frozen=True)
class AnswerShares:
    """Numbers of answers by what became of them; the five add up to `total`."""

    choice: int = 0
    refused: int = 0
    filtered: int = 0
    ambiguous: int = 0
    unparsed: int = 0

    @property
    def total(self) -> int:
        return self.choice + self.refused + self.filtered + self.ambiguous + self.unparsed

    @property
    def tiles(self) -> list[tuple[str, int, float | None, str, str]]:
        """Name, number, per cent of all answers, what it means, tone of its tile."""
        rows = [
            ("Answers with a choice", self.choice, "one answer an item", ""),
            ("Refused answers", self.refused, "the model declines to choose", "warn"),
            ("Filtered answers", self.filtered, "a content filter withheld or cut them", "warn"),
            ("Ambiguous answers", self.ambiguous, "several readings; none is guessed", "warn"),
            ("Unparsed answers", self.unparsed, "no option could be read", "warn"),
        ]
        return [
            (name, number, self.percent(number), words, tone if number else "")
            for name, number, words, tone in rows
        ]

    @property
    def refused_percent(self) -> float | None:
        return self.percent(self.refused)

    @property
    def filtered_percent(self) -> float | None:
        return self.percent(self.filtered)

    @property
    def unread_percent(self) -> float | None:
        """Ambiguous and unparsed answers together."""
        return self.percent(self.ambiguous + self.unparsed)

    def percent(self, number: int) -> float | None:
        """None where there is no answer yet."""
        return 100 * number / self.total if self.total else None


def answer_shares(run: Run) -> dict[int, AnswerShares]:
    """Count the present readings of a run by cell; one query. Cells without answers are absent.

    A refusal counts as such whether its text was ambiguous or named no option.
    """
    rules = instrument_of(run.instrument).kind.reader
    became = Case(
        When(outcome=Reading.Outcome.CHOICE, then=F("outcome")),
        When(refused=True, then=Value("refused")),
        When(method=FILTERED, then=Value("filtered")),
        When(outcome=Reading.Outcome.AMBIGUOUS, then=F("outcome")),
        default=Value(UNPARSED),
        output_field=CharField(),
    )
    counts = (
        Reading.objects.filter(answer__trial__run=run, reader=rules.name, version=rules.version)
        .order_by()
        .annotate(became=became)
        .values_list("answer__trial__cell_id", "became")
        .annotate(answers=Count("pk"))
    )
    found: dict[int, Counter[str]] = {}
    for cell_id, word, answers in counts:
        found.setdefault(cell_id, Counter())[word] += answers
    return {cell_id: AnswerShares(**counter) for cell_id, counter in found.items()}


def together(shares: Iterable[AnswerShares]) -> AnswerShares:
    """The sum over cells."""
    total: Counter[str] = Counter()
    for part in shares:
        total.update(vars(part))
    return AnswerShares(**total)
