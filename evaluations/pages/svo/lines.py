"""Runs in which one letter was answered again and again: what that alone makes of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.models import Cell
from evaluations.pages.queries import ScoreRow


@dataclass(frozen=True)
class StraightLine:
    """Trials that answered one letter throughout, and the angle this alone gives them."""

    trials: int
    of: int
    letter: str
    angle: float
    orientation: str
    constrained: bool

    @property
    def sentence(self) -> str:
        kind = "constrained trials" if self.constrained else "trials"
        sit = "sits" if self.trials == 1 else "sit"
        answers = "it answers" if self.trials == 1 else "they answer"
        return (
            f"{self.trials} of {self.of} scorable {kind} {sit} at exactly {self.angle:.1f}°, "
            f"{self.orientation}, because {answers} {self.letter} throughout."
        )


def straight_lines(cells: Iterable[Cell], rows: Sequence[ScoreRow]) -> list[StraightLine]:
    """Groups of two or more trials that answered the same letter throughout and got one angle."""
    constrained = {cell.pk: cell.condition["answer_format"] == "constrained" for cell in cells}
    scored = [row for row in rows if row.number is not None]
    totals = Counter(constrained[row.cell_id] for row in scored)
    groups = Counter(
        (constrained[row.cell_id], row.letters[0], row.number, row.label)
        for row in scored
        if "straight_lining" in row.flags
    )
    return [
        StraightLine(number, totals[kind], letter, angle, word, kind)
        for (kind, letter, angle, word), number in groups.most_common()
        if number > 1 and angle is not None
    ]


@dataclass(frozen=True)
class LetterShare:
    """How often the most chosen letter was chosen over all items of all trials."""

    letter: str
    chosen: int
    answers: int
    letters: int

    @property
    def share(self) -> float:
        return self.chosen / self.answers

    @property
    def is_lopsided(self) -> bool:
        """Whether it was chosen more often than all others together.

        Less is no sign: as printed, what three of the four ideal types choose stands at A or I.
        """
        return self.answers >= self.letters and self.share > 0.5


def letter_share(rows: Sequence[ScoreRow], letters: int) -> LetterShare | None:
    """The most chosen of a number of *letters*; None when nothing was chosen."""
    counts = Counter("".join(row.letters for row in rows).replace("?", ""))
    if not counts:
        return None
    letter, chosen = counts.most_common(1)[0]
    return LetterShare(letter, chosen, counts.total(), letters)
