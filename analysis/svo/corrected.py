"""Mean angle and value rationality over all scored trials, as the raters would have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from analysis.data.frozen import FloatArray
from analysis.sections.corrected import Correction, Quantity
from analysis.sections.human_number import GIVEN, HumanNumber
from analysis.statistics.core.result import ANY, SHARE
from analysis.svo.human_angle import coded_labels, human_angle
from analysis.words.wording import listed, number
from evaluations.instruments.svo.measure.cutoffs import Orientation
from evaluations.instruments.svo.scoring.enumeration import reachable_angles
from evaluations.instruments.svo.scoring.rationality import (
    chance_corrected,
    chance_corrected_floor,
    value_rationality,
)

NO_ANGLE = "the raters' answers stand for no angle, so there is none to correct the mean angle by"


def quantities(of: Correction) -> Iterator[Quantity]:
    """Mean angle and both value rationalities, where the raters' answers stand for angles."""
    human = human_angle(of.computing)
    if human is None:
        return
    is_given = human.kind == GIVEN
    angle = of.numbers if is_given else coded_labels(of.labels)
    coded = "" if is_given else ", orientations at their ideal angles"
    bounds = human.bounds or ANY
    mean = human.mean[of.labelled]
    yield Quantity("angle", f"Mean angle, degrees{coded}", mean, angle, bounds)
    for key, label, fit, limits in (
        ("rationality", "Value rationality", value_rationality, SHARE),
        (
            "rationality_corrected",
            f"Value rationality, chance-corrected{_over_targets(of)}",
            chance_corrected,
            ANY,
        ),
    ):
        metric = _fits(angle, of.targets, fit)
        yield Quantity(key, f"{label}{coded}", _fit(of, human, fit), metric, limits)


def remarks(of: Correction) -> Iterator[str]:
    """That means over target values weigh failures unequally, and what a coded angle is."""
    human = human_angle(of.computing)
    if human and _over_targets(of):
        floors = [
            f"{target} {number(chance_corrected_floor(target))}" for target in _targets_there(of)
        ]
        yield (
            "chance-corrected value rationality is averaged over target values whose lowest "
            f"possible value differs ({listed(floors)}), so a mean over them weighs failures "
            "unequally: read it target by target in the table of value rationality"
        )
    if human and human.kind != GIVEN:
        yield (
            f"mean angle and value rationality: {human.note}. The metric's own labels are "
            "coded alike in these rows, so that both sides of a row are of one kind; trials "
            "to which the raters give no orientation have no angle and are no part of them"
        )


def no_angle(of: Correction) -> str | None:
    """Why trials have no row for angles; None where they have one."""
    return NO_ANGLE if of.of_trials and not human_angle(of.computing) else None


def _targets_there(of: Correction) -> list[Orientation]:
    """The target values among the scored trials."""
    there = set(of.targets[of.scored].tolist())
    return [target for target in Orientation if str(target) in there]


def _over_targets(of: Correction) -> str:
    """That a mean is one over several target values."""
    held = len(_targets_there(of))
    return f", mean over {held} target values" if held > 1 else ""


def _fit(
    of: Correction, human: HumanNumber, fit: Callable[[float, Orientation], float]
) -> FloatArray:
    """How well the raters place each labelled item near its target, mean over its raters."""
    target = np.full(of.computing.data.n_items, "", dtype=of.targets.dtype)
    target[of.labelled] = of.of_items(of.targets)
    kept = human.ratings
    each = _fits(kept.value, target[kept.unit], fit)
    there = ~np.isnan(each)
    sums = np.bincount(kept.unit[there], each[there], minlength=kept.n_units)
    held = np.bincount(kept.unit[there], minlength=kept.n_units)
    mean = np.divide(sums, held, out=np.full(len(held), np.nan), where=held > 0)
    return mean[of.labelled]


def _fits(
    angles: FloatArray, targets: Any, fit: Callable[[float, Orientation], float]
) -> FloatArray:
    """*fit* of each angle to its target; NaN without an angle, without a target, or for an angle
    beyond what the items can reach. Computed once for each distinct pair."""
    low, high = reachable_angles()
    usable = (angles >= low - 1e-6) & (angles <= high + 1e-6)
    found = np.full(len(angles), np.nan)
    for target in Orientation:
        mask = usable & (np.asarray(targets) == str(target))
        values, place = np.unique(angles[mask], return_inverse=True)
        found[mask] = np.array([fit(value, target) for value in values.tolist()])[place]
    return found
