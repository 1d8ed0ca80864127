"""What a file of another program says of a trial under the names our own files use. Pure."""

from collections.abc import Mapping
from typing import Any

from evaluations.instruments.kinds import KINDS

COMMON = (
    "target_value",
    "trial",
    "goal_prompt",
    "induction",
    "value_place",
    "seed",
    "simulated",
    "goal",
)


def said_of_trial(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the sources name, the later ones first; ``target_value`` is always there,
    since a trial without one is of the baseline."""
    names = dict.fromkeys(
        (*COMMON, *(name for kind in KINDS.values() for name in kind.files.fields))
    )
    said: dict[str, Any] = {"target_value": ""}
    for source in sources:
        said |= {name: source[name] for name in names if source.get(name) is not None}
    return said
