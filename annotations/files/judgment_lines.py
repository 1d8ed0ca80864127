"""Everything that was judged in a study as lines of JSON, a judgment in each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from json import dumps
from json.encoder import encode_basestring
from typing import Any

from annotations.files.judgment_chunks import Held, columns_of, judgment_chunks
from annotations.models import Study


def judgment_lines(study: Study) -> Iterator[bytes]:
    """Pieces of the file, of some thousand whole lines each; one is in memory."""
    columns = columns_of(study)
    pattern = ", ".join(f"{dumps(column.name)}: {_PLACE[column.held]}" for column in columns)
    line = f"{{{pattern}}}\n"
    for chunk in judgment_chunks(study, columns):
        said = [
            _WRITERS[column.held](values) for column, values in zip(columns, chunk, strict=True)
        ]
        yield "".join(map(line.__mod__, zip(*said, strict=True))).encode()


_PLACE: Mapping[Held, str] = {**dict.fromkeys(Held, "%s"), Held.TIME: '"%s"'}

_TRUTHS = ("false", "true").__getitem__


def _numbers(values: Sequence[float | None]) -> Iterator[str]:
    """Numbers or nothing: databases hold no infinite number."""
    if None in values:
        return ("null" if value is None else repr(value) for value in values)
    return map(repr, values)


_WRITERS: Mapping[Held, Callable[[Sequence[Any]], Any]] = {
    Held.WHOLE: _numbers,
    Held.NUMBER: _numbers,
    Held.TRUTH: partial(map, _TRUTHS),
    Held.TEXT: partial(map, encode_basestring),
    Held.JSON: lambda values: values,
    Held.TIME: lambda values: values,
}
