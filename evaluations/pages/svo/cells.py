"""The cells of a run of the slider measure in figures: numbers are angles in degrees."""

from dataclasses import dataclass

from evaluations.instruments.svo import Orientation, orientation
from evaluations.pages.cells import CellFigures


@dataclass
class SliderFigures(CellFigures):
    """`mean` and `sd` in degrees; `fit` is value rationality."""

    @property
    def orientation_of_mean(self) -> str:
        return "" if self.mean is None else orientation(self.mean).value

    @property
    def orientation_counts(self) -> list[tuple[str, int]]:
        """The orientations that occur, in the order of the product's words."""
        return [(value.value, self.labels[value]) for value in Orientation if self.labels[value]]
