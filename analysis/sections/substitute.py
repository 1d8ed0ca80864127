"""Could an automated metric stand in for one of the raters? The alternative annotator test.

An item that the metric found unscorable counts as a label that no rater gave: leaving such items
out would flatter a metric that is silent on the hard ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.frozen import UNSCORABLE, Automated, FloatArray
from analysis.sections.common import Computing, Section, entry
from analysis.statistics.alt_test import (
    EPSILON,
    MIN_ITEMS,
    AltTest,
    agreement_gap,
    alt_test,
)
from analysis.wording import listed, sentence

SOURCE = "Calderon, Reichart & Dror 2025, The alternative annotator test"


def substitute(computing: Computing, scorer: Automated) -> Section:
    """Winning rates at each epsilon, advantage probability, and the automated-human agreement
    minus the human-human agreement, the last two with intervals."""
    said, scale = _said(computing, scorer)
    tests = _tests(computing, said, scale)
    first = next(iter(tests.values()))
    gap = agreement_gap(
        said,
        computing.data.ratings,
        scale=scale,  # type: ignore[arg-type]
        clusters=computing.clusters,
        **computing.bootstrapped,
    )
    unit = "scale units" if scale == "degrees" else "share of agreeing pairs"
    return {
        "advantage": entry("advantage", "Advantage probability", first.advantage),
        "rates": [_rate(kind, test) for kind, test in tests.items()],
        "gap": entry("agreement_gap", f"Metric-rater minus rater-rater agreement, {unit}", gap),
        "humans": _humans(computing, tests),
        "remarks": _remarks(computing, first),
        "source": SOURCE,
    }


def _rate(kind: str, test: AltTest) -> dict[str, Any]:
    """The winning rate at one epsilon and whether it passes; null where it cannot be said."""
    name = f"Winning rate, epsilon {test.epsilon:g}"
    facts = {"raters": kind, "epsilon": test.epsilon, "passes": test.passes}
    return entry("winning_rate", name, test.winning_rate) | facts


def _said(computing: Computing, scorer: Automated) -> tuple[FloatArray, str]:
    if computing.data.is_interval:
        return scorer.number, "degrees"
    names = list(computing.data.categories)
    names += [*sorted(set(scorer.label) - {*names, UNSCORABLE, ""}), UNSCORABLE]
    return np.where(
        [label != "" for label in scorer.label], scorer.coded(names).astype(np.float64), np.nan
    ), "class"


def _tests(computing: Computing, said: FloatArray, scale: str) -> dict[str, AltTest]:
    """The test at each epsilon; the advantage does not depend on it."""
    return {
        kind: alt_test(
            said,
            computing.data.ratings,
            epsilon=epsilon,
            scale=scale,  # type: ignore[arg-type]
            clusters=computing.clusters,
            level=computing.parameters.level,
        )
        for kind, epsilon in EPSILON.items()
    }


def _humans(computing: Computing, tests: dict[str, AltTest]) -> list[dict[str, Any]]:
    """Each compared rater: items, both advantages, and at which epsilon the metric holds up."""
    first = next(iter(tests.values()))
    return [
        {
            "rater": computing.data.pseudonyms[row.rater],
            "items": row.items,
            "advantage": row.advantage,
            "human_advantage": row.human_advantage,
            "holds_at": [EPSILON[kind] for kind, test in tests.items() if test.humans[at].beaten],
        }
        for at, row in enumerate(first.humans)
    ]


def _remarks(computing: Computing, test: AltTest) -> list[str]:
    """The test's own warnings, raters by pseudonym, and what it assumes."""
    texts = [
        text for text in test.winning_rate.warnings if not text.startswith("left out with fewer")
    ]
    if test.skipped:
        names = [computing.data.pseudonyms[rater] for rater in test.skipped[:10]]
        more = f" and {len(test.skipped) - 10} more" if len(test.skipped) > 10 else ""
        texts.append(
            f"left out, with fewer than {MIN_ITEMS} items judged by another rater too: "
            f"{listed(names)}{more}"
        )
    texts.append(
        "epsilon is the advantage granted to a person for the cost of asking one; it has to be "
        "fixed before the data are seen"
    )
    return [sentence(text) for text in texts]
