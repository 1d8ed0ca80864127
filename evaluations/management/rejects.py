"""The file of what an import in parts left out."""

from pathlib import Path
from typing import IO


class Rejects:
    """The file of the rejected trials, made with the first of them; a context manager."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle:
            self._handle.close()

    def write(self, line: str | bytes) -> None:
        if self._handle is None:
            self._handle = self.file.open("wb")
        content = line.encode() if isinstance(line, str) else line
        self._handle.write(content.rstrip(b"\r\n") + b"\n")
