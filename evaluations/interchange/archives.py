"""Members of a zip archive, one at a time, also those compressed with Zstandard (inspect_ai).

Pure; nothing is ever unpacked to a disk, so the names of the members can do no harm.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any

LARGEST = 1 << 28
"""Bytes of one member, unpacked."""

ZSTANDARD = 93
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class DamagedMember(Exception):
    """A member cannot be unpacked; the message says why."""


class Archive:
    """An archive opened for reading. Raises DamagedMember (also on opening)."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError) as error:
            raise DamagedMember(f"the archive is damaged or cut off ({error})") from None

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> list[str]:
        """The members that are no folders, in the order of the archive, each once."""
        return list(dict.fromkeys(one.filename for one in self._zip.infolist() if not one.is_dir()))

    def read(self, name: str) -> bytes:
        """The content of a member, whole."""
        try:
            member = self._zip.getinfo(name)
            if member.file_size > LARGEST:
                raise DamagedMember(f"is larger than {LARGEST:,} bytes")
            if member.compress_type == ZSTANDARD:
                return self._zstandard(member)
            with self._zip.open(member) as stream:
                content = stream.read(LARGEST + 1)
        except KeyError:
            raise DamagedMember("is not in the archive") from None
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
            raise DamagedMember(f"cannot be unpacked ({error})") from None
        except (NotImplementedError, RuntimeError) as error:
            raise DamagedMember(f"cannot be unpacked: {error}") from None
        return _within(content)

    def _zstandard(self, member: zipfile.ZipInfo) -> bytes:
        import pyarrow as pa

        self._file.seek(member.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise DamagedMember("is cut off")
        *_, name_size, extra_size = _LOCAL_HEADER.unpack(header)
        self._file.seek(name_size + extra_size, io.SEEK_CUR)
        packed: Any = pa.BufferReader(self._file.read(member.compress_size))
        try:
            with pa.CompressedInputStream(packed, "zstd") as stream:
                content = _within(stream.read(LARGEST + 1))
        except (pa.ArrowException, OSError) as error:
            raise DamagedMember(f"cannot be unpacked ({error})") from None
        if zlib.crc32(content) != member.CRC:
            raise DamagedMember("is damaged: its checksum is another one")
        return content


def _within(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise DamagedMember(f"is larger than {LARGEST:,} bytes")
    return content
