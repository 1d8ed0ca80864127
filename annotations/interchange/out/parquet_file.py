"""Judgments as a long table in Parquet: a row for each, typed, with its text in every row. Pure;
pyarrow is loaded when one is written."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotations.interchange.out.fields import NUMBER, TEXT, TIME, WHOLE, field_of, typed

ROWS = 20_000
"""Rows that are written at once; bounds the memory a file of any size needs."""


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows to *path*; raises OSError."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        TEXT: pa.string(),
        WHOLE: pa.int64(),
        NUMBER: pa.float64(),
        TIME: pa.timestamp("us", tz="UTC"),
    }
    fields = [field_of(name) for name in columns]
    schema = pa.schema(
        [pa.field(one.name, types[one.type], metadata={"meaning": one.meaning}) for one in fields]
    )
    left = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(itertools.islice(left, ROWS)):
            arrays = [[typed(name, row.get(name)) for row in batch] for name in columns]
            writer.write_table(pa.table(dict(zip(columns, arrays, strict=True)), schema=schema))
