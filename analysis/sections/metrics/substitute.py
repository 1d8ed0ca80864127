"""Could an automated metric stand in for one of the raters? The alternative annotator test.

An item that the metric found unscorable counts as a label that no rater gave: leaving such items
out would flatter a metric that is silent on the hard ones.
"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, FloatArray
from analysis.sections.computing import Computing, entry
from analysis.sections.metrics.other_scale import other_scale
from analysis.sections.result.metrics import AnnotatorTest, ComparedRater, Rate, Substitute
from analysis.statistics.agreement.alt_test import (
    EPSILON,
    FDR,
    MIN_ITEMS,
    AltTest,
    agreement_gap,
    alt_test,
    held_together,
)
from analysis.statistics.core.result import Result, Undefined
from analysis.words.wording import count, listed, sentence

SOURCE = "Calderon, Reichart & Dror 2025, The alternative annotator test"
UNDECLARED = "crowd"
"""The kind of raters that is taken where a study declares none: the one that asks for most."""


def substitutes(computing: Computing) -> list[Substitute]:
    """For each metric the alternative annotator test at the study's epsilon, the advantage
    probability, and the automated-human agreement minus the human-human agreement.

    The tests of several metrics are held at one false discovery rate together. The verdict in
    words follows when the whole report is known (``analysis.words.verdicts``).
    """
    declared = computing.data.study.get("raters_are", "")
    kind = declared or UNDECLARED
    said = [_said(computing, scorer) for scorer in computing.data.automated]
    reasons = [other_scale(computing.data, scorer) for scorer in computing.data.automated]
    tests = held_together(
        [
            _no_test(EPSILON[kind], reason) if reason else _test(computing, *one, EPSILON[kind])
            for one, reason in zip(said, reasons, strict=True)
        ]
    )
    tested = sum(test.winning_rate.defined for test in tests)
    return [
        {
            **_section(computing, kind, test, one, reason),
            "declared": bool(declared),
            "metrics_tested": tested,
            "varies": _varies(computing, one[0]),
        }
        for test, one, reason in zip(tests, said, reasons, strict=True)
    ]


def _section(
    computing: Computing, kind: str, test: AltTest, said: tuple[FloatArray, str], reason: str
) -> AnnotatorTest:
    gap: Result = Undefined(_other(reason), {"items": 0})
    if not reason:
        gap = agreement_gap(
            said[0],
            computing.data.ratings,
            scale=said[1],  # type: ignore[arg-type]
            clusters=computing.clusters,
            **computing.bootstrapped,
        )
    unit = "scale units" if said[1] == "number" else "share of agreeing pairs"
    return {
        "advantage": entry("advantage", "Advantage probability", test.advantage),
        "rates": [_rate(kind, test)],
        "gap": entry("agreement_gap", f"Metric-rater minus rater-rater agreement, {unit}", gap),
        "humans": _humans(computing, test),
        "remarks": _remarks(computing, test),
        "source": SOURCE,
    }


def _no_test(epsilon: float, reason: str) -> AltTest:
    """For a metric on another scale: near and far have no meaning between the two."""
    nothing = Undefined(_other(reason), {"items": 0, "humans": 0})
    return AltTest(epsilon, nothing, nothing, (), ())


def _other(reason: str) -> str:
    return f"the metric is on another scale than the raters: {reason}"


def _varies(computing: Computing, said: FloatArray) -> bool:
    """Whether the metric says more than one thing of the judged items."""
    known = said[(computing.data.ratings.per_unit() > 0) & ~np.isnan(said)]
    return len(np.unique(known)) > 1


def _rate(kind: str, test: AltTest) -> Rate:
    """The winning rate and whether it passes; null where it cannot be said."""
    name = f"Winning rate, epsilon {test.epsilon:g}"
    return {
        **entry("winning_rate", name, test.winning_rate),
        "raters": kind,
        "epsilon": test.epsilon,
        "passes": test.passes,
    }


def _said(computing: Computing, scorer: Automated) -> tuple[FloatArray, str]:
    if computing.data.is_interval:
        return scorer.number, "number"
    names = list(computing.data.categories)
    names += [*sorted(set(scorer.label) - {*names, UNSCORABLE, ""}), UNSCORABLE]
    return np.where(
        [label != "" for label in scorer.label], scorer.coded(names).astype(np.float64), np.nan
    ), "class"


def _test(computing: Computing, said: FloatArray, scale: str, epsilon: float) -> AltTest:
    return alt_test(
        said,
        computing.data.ratings,
        epsilon=epsilon,
        scale=scale,  # type: ignore[arg-type]
        clusters=computing.clusters,
        level=computing.parameters.level,
    )


def _humans(computing: Computing, test: AltTest) -> list[ComparedRater]:
    """Each compared rater: items, both advantages, and whether the metric holds up at epsilon."""
    return [
        {
            "rater": computing.data.pseudonyms[row.rater],
            "items": row.items,
            "advantage": row.advantage,
            "human_advantage": row.human_advantage,
            "holds_at": [test.epsilon] if row.beaten else [],
        }
        for row in test.humans
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
        "epsilon is the advantage granted to a person for the cost of asking one: 0.1 for a crowd, "
        "0.15 for skilled raters, 0.2 for experts. It has to be fixed before the data are seen, so "
        "a study declares the kind of its raters, and the test is made at that epsilon alone"
    )
    if tests := test.winning_rate.details.get("tests") if test.winning_rate.defined else None:
        texts.append(
            f"{count(tests, 'test is', 'tests are')} held at a false discovery rate of {FDR:g} by "
            "Benjamini and Yekutieli, those of all metrics of the report together"
        )
    return [sentence(text) for text in texts]
