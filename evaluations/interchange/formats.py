"""What a format of another program is, and which one a file is of. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from evaluations.interchange.json_text import broken_file
from evaluations.interchange.looked_at import WORKBOOK, Looked

AUTO = "auto"

Found = TypeVar("Found")
Form = TypeVar("Form", bound="Format[Any]")


@dataclass(frozen=True)
class Format(Generic[Found]):
    """A format: its key, what it is called, what tells it from others, and what reads it.

    why_not: says why a file is none of this format, '' where it is one. read: yields what is found;
    raises RejectedFile where the file as a whole cannot be read.
    """

    key: str
    name: str
    why_not: Callable[[Looked], str]
    read: Callable[[Looked], Iterator[Found]]


@dataclass(frozen=True)
class Recognised(Generic[Form]):
    """The format of a file (None: none of those asked), and why it is none of the others."""

    format: Form | None
    tried: dict[str, str] = field(default_factory=dict)

    @property
    def why_none(self) -> str:
        """In one sentence, what was tried and why it is not that."""
        return "; ".join(f"no {name}: {why}" for name, why in self.tried.items())


def recognised(looked: Looked, formats: Iterable[Form]) -> Recognised[Form]:
    """The first of *formats* that the file is of, by its content."""
    tried: dict[str, str] = {}
    for one in formats:
        why = one.why_not(looked)
        if not why:
            return Recognised(one, tried)
        tried[one.name] = why
    return Recognised(None, tried)


def nothing_in(looked: Looked, what: str, why: str) -> str:
    """What a file is that is no text and holds none of *what*, and how to mend it. *why*: why it
    is none of the formats."""
    if looked.shape == WORKBOOK:
        return f"a {looked.shape}: save its sheet as CSV (UTF-8) there, and bring that file"
    return f"a {looked.shape} without {what}: {why}"


def named(key: str, looked: Looked, formats: Sequence[Form]) -> Form:
    """The format of that key; raises RejectedFile where the file is none of it."""
    one = next(one for one in formats if one.key == key)
    if why := why_not_as_named(one, looked, formats):
        raise broken_file(why)
    return one


def why_not_as_named(one: Form, looked: Looked, formats: Iterable[Form]) -> str:
    """Why the file is none of the format it is said to be, and which of *formats* it seems to be;
    '' where it is."""
    why = one.why_not(looked)
    if not why:
        return ""
    other = recognised(looked, formats).format
    seems = f"; it seems to be of the format {other.key}, {other.name}" if other else ""
    return f"the file is no {one.name}: {why}{seems}"
