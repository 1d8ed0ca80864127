"""Members of a zip archive, one at a time, also those compressed with Zstandard (inspect_ai).

Pure; nothing is ever unpacked to a disk, so the names of the members can do no harm.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Any

LARGEST = 1 << 28
"""Bytes of one member, unpacked."""
LARGEST_ALL = 1 << 33
"""Bytes of all members together, as the archive says; more is made to fill a machine."""
LARGEST_DIRECTORY = 1 << 24
"""Bytes of the list of members, which is read whole."""

ZSTANDARD = 93
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class DamagedMember(Exception):
    """A member cannot be unpacked; the message says why."""


class Archive:
    """An archive opened for reading. Raises DamagedMember (also on opening)."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._zip = opened(self._file)
            _check_size(self._zip)
        except DamagedMember:
            self._file.close()
            raise

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
                content = stream.read(member.file_size + 1)
        except (pa.ArrowException, OSError) as error:
            raise DamagedMember(f"cannot be unpacked ({error})") from None
        if len(content) > member.file_size:
            raise DamagedMember("is damaged: it is larger than the archive says")
        if zlib.crc32(content) != member.CRC:
            raise DamagedMember("is damaged: its checksum is another one")
        return content


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """An archive whose list of members is no longer than can be held. Raises DamagedMember."""
    if (size := _directory_size(file)) > LARGEST_DIRECTORY:
        raise DamagedMember(
            f"the archive lists its members in {size:,} bytes, more than {LARGEST_DIRECTORY:,}"
        )
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DamagedMember(f"the archive is damaged or cut off ({error})") from None


_TAIL = 2**16 + 1024
"""Bytes within which an archive ends, its comment and both of its last records included."""


def _directory_size(file: IO[bytes]) -> int:
    """Bytes of the list of members, as the end of the archive says; 0 where it says nothing."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 16:
        return 0
    (size,) = struct.unpack_from("<I", tail, end + 12)
    # Of a large archive two more records stand before the last one: its end, and where that is.
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07") and end >= 76:
        (size,) = struct.unpack_from("<Q", tail, end - 76 + 40)
    return int(size)


def _check_size(archive: zipfile.ZipFile) -> None:
    size = sum(member.file_size for member in archive.infolist())
    if size > LARGEST_ALL:
        raise DamagedMember(
            f"the archive says that it unpacks to {size:,} bytes, more than {LARGEST_ALL:,}"
        )


def _within(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise DamagedMember(f"is larger than {LARGEST:,} bytes")
    return content
