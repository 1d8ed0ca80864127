"""A kind's part in trial files: which item a message asks, and which conditions a line has.

Pure: standard library only.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from evaluations.instruments.conditions import OwnCondition


class TrialFiles(Protocol):
    """A kind's conversations in trial files (docs/reference/trial-files.md)."""

    @property
    def steps(self) -> Mapping[str, str]:
        """Names of steps in files, and what they are called here."""
        ...

    @property
    def item_step(self) -> str:
        """The step whose answers are read."""
        ...

    @property
    def aliases(self) -> Mapping[str, str]:
        """Other words for targets."""
        ...

    @property
    def fields(self) -> Sequence[str]:
        """The fields of a line that are the kind's own, its columns first."""
        ...

    @property
    def columns(self) -> Mapping[str, type]:
        """Those of its fields that tables have as columns, each a str, bool or float."""
        ...

    @property
    def scores(self) -> Mapping[str, str]:
        """What a table of scores calls the parts of a score: by the field of a Score (``label``,
        ``number``, ``distance``, ``fit``, ``fit_corrected``), in the order of its columns."""
        ...

    @property
    def dimensions(self) -> Sequence[str]:
        """The dimensions of its vectors, each a column of a table of scores; none without."""
        ...

    @property
    def prompt_column(self) -> str:
        """What a table of scores calls the prompt of a trial; '' where a trial asks all."""
        ...

    def recognise(
        self, line: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], measure: Any
    ) -> Sequence[tuple[int, Any] | None]:
        """Of each question the item it asks and what it shows, as `Ask.shown`; None where it asks
        none. Raises LineError where the line contradicts itself."""
        ...

    def how_to_show(self, measure: Any) -> str:
        """What a line needs so that its items are recognised."""
        ...

    def own(self, line: Mapping[str, Any], shown: Mapping[int, Any], measure: Any) -> OwnCondition:
        """The condition of a line whose items showed *shown*. Raises ValueError."""
        ...

    def written(self, own: Any) -> dict[str, Any]:
        """The columns of a condition."""
        ...
