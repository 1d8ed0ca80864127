"""What a reader of another program's file finds, one thing at a time. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as the object of a line of a trial file, and where it stands ('sample s1, epoch 2').
    It is not checked yet."""

    place: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that should be taken and cannot be; *original* is as much of it as there is."""

    place: str
    reason: str
    original: Any = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is none of what is taken, such as a task that its rater skipped."""

    place: str
    reason: str
