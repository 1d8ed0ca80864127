"""Everything that was judged in a study as a typed table in Parquet, in pieces while it is read.

The columns are those of `judgment_lines`; what was answered to further questions is JSON text.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from annotations.files.judgment_lines import NAMES, judgment_rows
from annotations.models import Study

ROWS = 10_000
"""Rows that are written at once; bounds the memory a study of any size needs."""


def judgment_parquet(study: Study) -> Iterator[bytes]:
    """The bytes of the file. pyarrow is loaded when one is asked for."""
    import pyarrow as pa
    from pyarrow import parquet

    schema, left, sent = _schema(), judgment_rows(study), _Pieces()
    with parquet.ParquetWriter(pa.PythonFile(sent, mode="w"), schema, compression="zstd") as writer:
        while batch := list(islice(left, ROWS)):
            columns = zip(*batch, strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sent.taken()
    yield sent.taken()


def _schema() -> Any:
    import pyarrow as pa

    whole, number, truth = pa.int64(), pa.float64(), pa.bool_()
    types = {
        **dict.fromkeys(("id", "item", "trial", "confidence", "revision"), whole),
        **dict.fromkeys(("number", "seconds", "away_seconds"), number),
        **dict.fromkeys(("is_current", "is_regular", "is_counted"), truth),
        "created_at": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(name, types.get(name, pa.string())) for name in NAMES])


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
