"""Everything that was judged in a study as a typed table in Parquet, in pieces while it is read.

The columns are those of `judgment_lines`; those that hold JSON are its text.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from annotations.files.judgment_chunks import Column, Held, columns_of, judgment_chunks
from annotations.models import Study


def judgment_parquet(study: Study) -> Iterator[bytes]:
    """The bytes of the file. pyarrow is loaded when one is asked for."""
    import pyarrow as pa
    from pyarrow import parquet

    columns, sent = columns_of(study), _Pieces()
    schema = pa.schema([pa.field(column.name, _type(column.held)) for column in columns])
    with parquet.ParquetWriter(pa.PythonFile(sent, mode="w"), schema, compression="zstd") as writer:
        for chunk in judgment_chunks(study, columns):
            arrays = [_array(column, said) for column, said in zip(columns, chunk, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sent.taken()
    yield sent.taken()


def _type(held: Held) -> Any:
    import pyarrow as pa

    types = {
        Held.WHOLE: pa.int64(),
        Held.NUMBER: pa.float64(),
        Held.TRUTH: pa.bool_(),
        Held.TIME: pa.timestamp("us", tz="UTC"),
    }
    return types.get(held, pa.string())


def _array(column: Column, values: Sequence[Any]) -> Any:
    """The values as Arrow holds them. ``pyarrow.array`` would load all of pandas."""
    match column.held:
        case Held.WHOLE:
            return _numbers(column, values, np.int64)
        case Held.NUMBER:
            return _numbers(column, values, np.float64)
        case Held.TRUTH:
            return _made(column.held, len(values), None, _bits(values))
        case Held.TIME:
            return _texts(Held.TEXT, values).cast(_type(Held.TIME))
        case held:
            return _texts(held, values)


def _numbers(column: Column, values: Sequence[Any], kind: type[np.generic]) -> Any:
    there = None
    if None in values:
        there = [value is not None for value in values]
        values = [value or 0 for value in values]
    bits = None if there is None else _bits(there)
    return _made(column.held, len(values), bits, np.array(values, kind))


def _texts(held: Held, values: Sequence[str]) -> Any:
    said = [value.encode() for value in values]
    ends = np.zeros(len(said) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, said), np.int32, len(said)), out=ends[1:])
    return _made(held, len(said), None, ends, b"".join(said))


def _bits(truths: Sequence[Any]) -> Any:
    return np.packbits(np.array(truths, bool), bitorder="little")


def _made(held: Held, size: int, *buffers: Any) -> Any:
    """The array of *size* values: which are there (None: all), and what they are."""
    import pyarrow as pa

    of_bytes = [None if one is None else pa.py_buffer(one) for one in buffers]
    return pa.Array.from_buffers(_type(held), size, of_bytes)


class _Pieces:
    """A file that is only written: what was written since it was last taken."""

    closed = False

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: Any) -> int:
        self._held += content
        return len(content)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held

    def flush(self) -> None:
        """Nothing waits: the pieces are taken as they come."""

    def close(self) -> None:
        """The pieces written so far can still be taken."""
