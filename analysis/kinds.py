"""The kinds of instruments that reports know, by key.

A study says of which kind the instrument of its trials is. One that says nothing is of the first:
its data set is from before there were others, or its items come from a file; then the kind looks at
the answers before it says anything: what labels are there, what was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.sections.kind import Kind, Unknown
from analysis.svo.kind import Svo
from analysis.values.kind import Values
from evaluations.instruments.kinds import DEFAULT_KIND

KINDS: dict[str, Kind] = {Svo.key: Svo(), Values.key: Values()}


def kind_of(study: Mapping[str, Any]) -> Kind:
    """The kind by a data set's (or a report's) facts of its study; one without a room here is
    ``Unknown``, and its reports say so."""
    key = study.get("instrument", DEFAULT_KIND)
    return KINDS.get(key) or Unknown(key)
