"""What a study declares of its data, as its data sets keep it. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BY_NAME = ("unclear", "refusal")
"""What was a way out before studies declared it, whatever was asked. A data set that says nothing
of ways out was frozen then, or declares just these; so it keeps its hash."""


def ways_out_of(study: Mapping[str, Any], categories: Sequence[str]) -> list[str]:
    """The *categories* that the facts of a frozen *study* declare ways out, in their order."""
    declared = study.get("ways_out", BY_NAME)
    return [name for name in dict.fromkeys(categories) if name in declared]
