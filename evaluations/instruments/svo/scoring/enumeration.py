"""Every answer pattern of the six primary items: 9^6 = 531,441 of them, counted exactly.

Two tools. `sum_distribution` folds the items one by one into the distribution of the payoff sums
and takes milliseconds: it serves expectations under random answering. `orientations` and
`one_step_flips` walk the patterns themselves and serve the figures quoted in reports and tests.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from evaluations.instruments.svo.measure.cutoffs import Orientation, orientation
from evaluations.instruments.svo.measure.geometry import angle_of
from evaluations.instruments.svo.measure.items import Allocation
from evaluations.instruments.svo.measure.slider import SLIDER, Measure

Weights = Sequence[Sequence[float]]
"""One row per primary item: the weight of each of its options."""


def sum_distribution(
    measure: Measure = SLIDER, weights: Weights | None = None
) -> dict[tuple[float, float], float]:
    """Return the weight of every reachable sum (self, other) over the primary items.

    `weights[i][k]` is the weight of option k + 1 of primary item i; without weights every option
    counts 1, so the result holds exact counts of patterns that add up to 9^6 for the slider
    measure. Items are taken as independent; an option of weight 0 is left out.
    """
    sums: dict[tuple[float, float], float] = {(0, 0): 1}
    for position, item in enumerate(measure.primary):
        row = [1] * len(item.options) if weights is None else weights[position]
        folded: dict[tuple[float, float], float] = defaultdict(int)
        for (step_own, step_other), step_weight in zip(item.options, row, strict=True):
            if step_weight == 0:
                continue
            for (own, other), weight in sums.items():
                folded[own + step_own, other + step_other] += weight * step_weight
        sums = folded
    return sums


def angle_distribution(
    measure: Measure = SLIDER, weights: Weights | None = None
) -> Iterator[tuple[float, float]]:
    """Yield (angle in degrees, weight) for every reachable sum; an angle can come more than once.

    Raises UndefinedAngle when a pattern lies at the centre of the ring, which none of the slider
    measure does.
    """
    angles = _angles_of_sums(measure)
    for sums, weight in sum_distribution(measure, weights).items():
        yield angles[sums], weight


@lru_cache(maxsize=16)
def _angles_of_sums(measure: Measure) -> dict[tuple[float, float], float]:
    """Return the angle of every reachable sum; kept because a chooser's calibration asks often."""
    items = len(measure.primary)
    return {
        (own, other): angle_of(Allocation(own / items, other / items), measure.centre)
        for own, other in sum_distribution(measure)
    }


@cache
def reachable_angles(measure: Measure = SLIDER) -> tuple[float, float]:
    """Return the smallest and the largest angle any answer pattern gives, in degrees."""
    angles = [degrees for degrees, _ in angle_distribution(measure)]
    return min(angles), max(angles)


def orientation_counts(measure: Measure = SLIDER) -> Counter[Orientation]:
    """Return how many answer patterns fall into each orientation."""
    counts: Counter[Orientation] = Counter()
    for degrees, weight in angle_distribution(measure):
        counts[orientation(degrees)] += int(weight)
    return counts


def orientations(measure: Measure = SLIDER) -> list[Orientation]:
    """Return the orientation of every pattern, the last item's option running fastest.

    The pattern with option numbers k1..k6 stands at ``sum((k_i - 1) * 9 ** (6 - i))``.
    """
    items = len(measure.primary)

    @cache
    def classify(own: float, other: float) -> Orientation:
        return orientation(angle_of(Allocation(own / items, other / items), measure.centre))

    head = _sums_in_order(measure, 0, items // 2)
    tail = _sums_in_order(measure, items // 2, items)
    return [classify(a + c, b + d) for a, b in head for c, d in tail]


def _sums_in_order(measure: Measure, start: int, stop: int) -> list[tuple[float, float]]:
    options = [item.options for item in measure.primary[start:stop]]
    return [
        (sum(p.self_ for p in pattern), sum(p.other for p in pattern))
        for pattern in product(*options)
    ]


def one_step_flips(measure: Measure = SLIDER) -> int:
    """Return how many patterns change orientation when one answer moves by one option.

    These are the boundary cases of `flags.boundary_case`; 101,226 (19.05 %) for the slider.
    """
    classes = orientations(measure)
    flipping = bytearray(len(classes))
    options = len(measure.labels)
    stride = 1
    for _ in measure.primary:
        block = stride * options
        for start in range(0, len(classes), block):
            for here in range(start, start + block - stride):
                if classes[here] is not classes[here + stride]:
                    flipping[here] = flipping[here + stride] = 1
        stride = block
    return sum(flipping)
