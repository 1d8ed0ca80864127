"""Rows of Parquet, of what Hugging Face `datasets` saves, and of JSON Lines: files, and folders of
them.

Pure; pyarrow is loaded when the first of them is read. A batch of rows is in memory at a time.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from evaluations.interchange.found import Broken
from evaluations.interchange.json_text import broken_file, json_lines
from evaluations.interchange.looked_at import ARROW, FOLDER, LINES, PARQUET, Looked

BATCH = 2000
LARGEST_GROUP = 1 << 31
"""Bytes of one row group, unpacked, as the file says: a group is what is unpacked at once."""
MOST_ROWS = 50_000_000
"""Rows of one file: so many of one value take a few bytes of it, and a day of reading."""

NO_SPLIT = ""


def parts_of(looked: Looked) -> dict[str, list[str]]:
    """By split the files of a folder of data, in order; '' where it has no splits."""
    data = [name for name in looked.names if _is_data(name)]
    for ending in (".parquet", ".arrow"):  # the same may stand there in several forms
        if of_kind := [name for name in data if name.endswith(ending)]:
            data = of_kind
            break
    found: dict[str, list[str]] = {}
    for name in sorted(data):
        found.setdefault(_split_of(name), []).append(name)
    return found


def _is_data(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "cache-")) for part in path.parts)
    return path.suffix in (".parquet", ".arrow", ".jsonl") and not hidden


def _split_of(name: str) -> str:
    """'train' of 'data/train-00000-of-00001.parquet' and of 'train/data-00000-of-00001.arrow'."""
    path = PurePosixPath(name)
    word, found, _ = path.stem.partition("-0")
    if not found:
        return NO_SPLIT
    folder = path.parent.name
    return (folder or NO_SPLIT) if word == "data" else word


def why_not(looked: Looked) -> str:
    """Why it holds no columnar data, '' where it does."""
    if looked.shape in (PARQUET, ARROW, LINES):
        return ""
    if looked.shape != FOLDER:
        return f"it is a {looked.shape}, neither Parquet nor JSON Lines nor a folder"
    return "" if parts_of(looked) else "the folder holds no .parquet, .arrow or .jsonl file"


def columns(looked: Looked) -> list[str]:
    """The names of its columns, of JSON Lines those of the first; raises RejectedFile."""
    file = _files(looked)[0]
    if not _is_lines(file):
        return list(_schema(file).names)
    return [name for row in itertools.islice(_lines(file), 1) for name in row]


def rows(looked: Looked) -> Iterator[tuple[str, dict[str, Any]]]:
    """The place of each row ('row 3', 'train-00000.parquet row 3') and the row. Raises RejectedFile
    for a file that is damaged, and for a folder with several splits."""
    files = _files(looked)
    for file in files:
        where = f"{file.name} " if len(files) > 1 else ""
        found = _lines(file) if _is_lines(file) else _rows(file)
        for number, row in enumerate(found, start=1):
            yield f"{where}row {number:,}", row


def _files(looked: Looked) -> list[Path]:
    if looked.shape != FOLDER:
        return [looked.path]
    parts = parts_of(looked)
    if len(parts) > 1:
        raise broken_file(
            f"the folder holds the splits {', '.join(sorted(parts))}: name one file or the folder "
            "of one split"
        )
    return [looked.path / name for names in parts.values() for name in names]


def _is_lines(file: Path) -> bool:
    with file.open("rb") as stream:
        return not stream.read(6).startswith((b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"))


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of JSON Lines, each with the names of the first."""
    names: dict[str, None] = {}
    with file.open("rb") as stream:
        for number, row in json_lines(stream):
            if not isinstance(row, dict):
                why = row.reason if isinstance(row, Broken) else "is no object"
                raise broken_file(f"{file.name} cannot be read: line {number:,} {why}")
            names = names or dict.fromkeys(row)
            yield dict.fromkeys(names) | row


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    try:
        names = _class_names(_schema(file))
        for batch in _batches(file):
            for row in batch.to_pylist():
                yield {name: _plain(value, names.get(name)) for name, value in row.items()}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: Exception) -> Exception:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return broken_file(f"{file.name} cannot be read: {reason[:200]}")


def _schema(file: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        if _is_parquet(file):
            return parquet.read_schema(file)
        with pa.OSFile(str(file)) as source:
            return _arrow(source).schema
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(file, error) from None


def _is_parquet(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _arrow(source: Any) -> Any:
    """A reader of either form of an Arrow file."""
    import pyarrow as pa

    start = source.read(6)
    source.seek(0)
    return pa.ipc.open_file(source) if start == b"ARROW1" else pa.ipc.open_stream(source)


def _batches(file: Path) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import parquet

    if _is_parquet(file):
        with parquet.ParquetFile(file) as source:
            _check_size(source.metadata)
            yield from source.iter_batches(batch_size=BATCH)
        return
    with pa.OSFile(str(file)) as source:
        reader = _arrow(source)
        if hasattr(reader, "num_record_batches"):
            yield from (reader.get_batch(at) for at in range(reader.num_record_batches))
        else:
            yield from reader


def _check_size(metadata: Any) -> None:
    """ValueError for a file that unpacks to more than can be held, or read in a day."""
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    if (size := max((group.total_byte_size for group in groups), default=0)) > LARGEST_GROUP:
        raise ValueError(f"a row group unpacks to {size:,} bytes, more than {LARGEST_GROUP:,}")
    if metadata.num_rows > MOST_ROWS:
        raise ValueError(f"it has {metadata.num_rows:,} rows, more than {MOST_ROWS:,}")


def _class_names(schema: Any) -> Mapping[str, Sequence[str]]:
    """The names of the classes of each column that `datasets` stores as numbers of classes."""
    try:
        described = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = described.get("info", {}).get("features", {})
        return {
            name: feature["names"]
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (ValueError, AttributeError, KeyError):
        return {}


def _plain(value: Any, names: Sequence[str] | None) -> Any:
    """A value as JSON would have it; of a class its name."""
    if names is not None and isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(entry, None) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry, None) for entry in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value
