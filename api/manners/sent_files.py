"""Files as the body of a request: kept on disk while they come in, whatever their size."""

import hashlib
import tempfile
from pathlib import Path
from typing import IO, Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.manners.problem import Problem
from evaluations.files.exporting import PARQUET
from evaluations.text.table_reader import RejectedFile

PIECE = 2**16
MOST = 2**30


class SentFile:
    """The body, as a file at *path*; as words, a hash of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - there as long as this
        seen, size = hashlib.sha256(), 0
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > MOST:
                words = f"The file has more than {MOST // 2**20} MB: send it in parts."
                raise Problem("too_large", words, http=413)
            seen.update(piece)
            self.file.write(piece)
        self.file.flush()
        self.path = Path(self.file.name)
        self._words = f"sha256:{seen.hexdigest()}"

    def __str__(self) -> str:
        return self._words


class TableParser(BaseParser):
    """A table of comma-separated values (docs/reference/tables.md), not read yet."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Any = None) -> Any:
        return SentFile(stream)


class LinesParser(TableParser):
    """Lines of JSON, not read yet."""

    media_type = "application/x-ndjson"


class ParquetParser(TableParser):
    """A table in Parquet, not read yet."""

    media_type = PARQUET


def sent_file(request: Request) -> Path:
    """The file of the body; ValidationError where there is none: an empty body is parsed by
    nobody."""
    if isinstance(request.data, SentFile):
        return request.data.path
    kinds = ", ".join(one.media_type for one in (TableParser, LinesParser, ParquetParser))
    raise ValidationError({"file": f"Send a file as the body, with one of the types {kinds}."})


def rejected(error: RejectedFile) -> ValidationError:
    """The rows that a table was rejected for, each by its line; the last word is how many more."""
    found: dict[str, list[ErrorDetail]] = {}
    for problem in error.problems:
        where = f"line {problem.line}" if problem.line else "file"
        found.setdefault(where, []).append(ErrorDetail(problem.reason, "row"))
    if more := error.total - len(error.problems):
        words = f"{more:,} more problems are not listed."
        found.setdefault("file", []).append(ErrorDetail(words, "more"))
    return ValidationError(found)
