"""Which labels of the slider measure have a shape of their own on pages (components.css)."""

from evaluations.instruments.svo import Orientation

SHAPED = frozenset(value.value for value in Orientation)
