"""Tables as the body of a request: kept on disk while they come in, whatever their size."""

import hashlib
import tempfile
from typing import IO, Any, cast

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.manners.problem import Problem
from evaluations.text.table_reader import RejectedFile

IN_MEMORY = 2**20
PIECE = 2**16
MOST = 2**30


class SentFile:
    """The body, as a file from its beginning; as words, a hash of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open as long as this
        seen, size = hashlib.sha256(), 0
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > MOST:
                words = f"The table has more than {MOST // 2**20} MB: send it in parts."
                raise Problem("too_large", words, http=413)
            seen.update(piece)
            self.file.write(piece)
        self.file.seek(0)
        self._words = f"sha256:{seen.hexdigest()}"

    def __str__(self) -> str:
        return self._words


class TableParser(BaseParser):
    """A table of comma-separated values (docs/reference/tables.md), not read yet."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Any = None) -> Any:
        return SentFile(stream)


def sent_table(request: Request) -> IO[bytes]:
    """The table of the body; ValidationError where there is none: an empty body is parsed by
    nobody."""
    if isinstance(request.data, SentFile):
        return cast(IO[bytes], request.data.file)
    raise ValidationError({"file": "Send a table as the body, with the type text/csv."})


def rejected(error: RejectedFile) -> ValidationError:
    """The rows that a table was rejected for, each by its line; the last word is how many more."""
    found = {
        f"line {problem.line}" if problem.line else "file": [ErrorDetail(problem.reason, "row")]
        for problem in error.problems
    }
    if more := error.total - len(error.problems):
        found["file"] = [ErrorDetail(f"{more:,} more problems are not listed.", "more")]
    return ValidationError(found)
