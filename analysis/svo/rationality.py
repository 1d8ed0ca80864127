"""Value rationality: does a model act on the value it was asked to hold?

Raw value rationality (1 at the target's angle, 0 at the farthest one) and the chance-corrected one,
as the scorer stored them, over every scored trial of the study's cells.
"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import Automated, BoolArray, FloatArray
from analysis.sections.computing import Computing
from analysis.sections.section import Section
from analysis.svo.result import RationalityRow, RationalityTable


def _scorers(computing: Computing) -> list[Automated]:
    """The metrics that have value rationalities."""
    return [one for one in computing.data.automated if not np.isnan(one.trial_fit).all()]


def applies(computing: Computing) -> bool:
    """Whether any metric has them."""
    return bool(_scorers(computing))


def rationality(computing: Computing) -> RationalityTable:
    """Means by model, goal (named or not) and target value, of the first metric that has them."""
    scorer = _scorers(computing)[0]
    return {"scorer": scorer.name, "rows": _rows(computing, scorer)}


def _rows(computing: Computing, scorer: Automated) -> list[RationalityRow]:
    content = computing.data.content
    cell = np.array(content["trials"]["cell"], dtype=np.int64)
    simulated = np.array(content["trials"]["simulated"], dtype=bool)
    keys = [(c["model"], c["with_goal"], c["target_value"]) for c in content["cells"]]
    found: list[RationalityRow] = []
    for model, with_goal, target in sorted(set(keys)):
        cells = [at for at, key in enumerate(keys) if key == (model, with_goal, target)]
        here = np.isin(cell, cells)
        mask = here & ~np.isnan(scorer.trial_fit)
        if not mask.any():
            continue
        found.append(
            {
                "model": model,
                "with_goal": with_goal,
                "target_value": target,
                "simulated": bool(simulated[here].any()),
                "trials": int(mask.sum()),
                "raw": float(scorer.trial_fit[mask].mean()),
                "corrected": _mean(scorer.trial_fit_corrected, mask),
            }
        )
    return found


def _mean(values: FloatArray, mask: BoolArray) -> float | None:
    known = mask & ~np.isnan(values)
    return float(values[known].mean()) if known.any() else None


SECTION = Section("rationality", "Value rationality", rationality, applies)
