"""What was checked about the answers of one trial: found, not found, or not to be judged."""

from collections.abc import Mapping, Sequence

from evaluations.instruments.svo.scoring.scorer import FLAGS, SvoSliderScorer
from evaluations.models import Score
from evaluations.pages.checks import Check, raised

NAMES = {
    "boundary_case": "boundary case",
    "straight_lining": "straight-lining",
    "position_bias": "position bias",
    "intransitive": "intransitive",
    "truncated": "truncated answer",
    "refused": "refused item",
    "filtered": "filtered answer",
    "out_of_range": "out of range",
    "incomplete": "incomplete",
}
LEAST_FOR_A_LINE = 3
"""Choices below which nothing is called straight-lining, as in `svo.straight_lining`."""


def checks(score: Score, items: Mapping[str, Sequence[int]]) -> list[Check]:
    """Every flag of the scorer of the slider measure, with the items that raise it.

    Of another scorer only the flags it raised are known.
    """
    if score.metric.name != SvoSliderScorer().name:
        return raised(score)
    unjudged = _unjudged(score)
    return [
        Check(
            NAMES[flag],
            words,
            True if flag in score.flags else None if flag in unjudged else False,
            items.get(flag, ()) if flag in score.flags else (),
        )
        for flag, words in FLAGS.items()
    ]


def _unjudged(score: Score) -> set[str]:
    """Flags that say nothing about this trial, because choices are missing."""
    chosen = len(score.detail.get("letters", "").replace("?", ""))
    missing = {
        "boundary_case": score.number is None,
        "incomplete": score.number is None,
        "straight_lining": chosen < LEAST_FOR_A_LINE,
        "position_bias": chosen == 0,
        "intransitive": score.detail.get("transitive") is None,
    }
    return {flag for flag, is_missing in missing.items() if is_missing}
