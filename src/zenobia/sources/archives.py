"""Files that hold one table: plain, gzipped or zipped, opened as a stream that cannot swell without end."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from zenobia.terms import InputError

__all__ = ["LARGEST_RATIO", "LARGEST_UNPACKED", "opened"]

# What an archive may unpack to. Tables pack five to twenty times; a thousandfold is a bomb. Small files may
# pack better than that, so the ratio counts only from a size at which it could hurt.
LARGEST_UNPACKED = 8 * 2**30
LARGEST_RATIO = 200
_RATIO_COUNTS_FROM = 64 * 2**20

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".json", ".geojson")


@contextmanager
def opened(path: Path, name: str) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of the one table in a file, and that table's own name.

    Raises:
        InputError: an archive with no table or several, with a password, damaged, or one that
            unpacks to more than any table.
    """
    try:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                part = _only_table(packed, name)
                with packed.open(part) as raw:
                    yield _bounded(raw, path, name), PurePosixPath(part.filename).name
        elif suffix == ".gz":
            with gzip.open(path) as raw:
                yield _bounded(raw, path, name), PurePosixPath(name).stem
        else:
            with path.open("rb") as raw:
                yield raw, name
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise InputError(
            f"a damaged archive: {wrong}", file=name, fix="download or pack it again, or add the table unpacked"
        ) from wrong


def _only_table(packed: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    parts = [p for p in packed.infolist() if not p.is_dir() and not _hidden(p.filename)]
    tables = [p for p in parts if PurePosixPath(p.filename).suffix.lower() in _TABLES]
    if len(tables) != 1:
        raise InputError(
            "not one table in the archive" if tables else "no table in the archive",
            file=name,
            value=", ".join(p.filename for p in (tables or parts)[:8]) or "empty",
            expected=f"one file that ends in {', '.join(_TABLES)}",
            fix="unpack it and add the files that are meant",
        )
    (part,) = tables
    if part.flag_bits & 1:
        raise InputError("an archive with a password", file=name, fix="unpack it and add the table in it")
    if part.file_size > LARGEST_UNPACKED or _bomb(part.file_size, part.compress_size):
        raise _swollen(name, part.file_size)
    return part


def _hidden(filename: str) -> bool:
    """What programs put beside a table: GeoNames a readme, macOS its own notes."""
    name = PurePosixPath(filename).name.lower()
    return filename.startswith("__MACOSX/") or name.startswith((".", "~$", "readme"))


def _bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_COUNTS_FROM and unpacked > LARGEST_RATIO * max(packed, 1)


def _swollen(name: str, size: int) -> InputError:
    return InputError(
        "an archive that unpacks to too much",
        file=name,
        value=f"{size:,} bytes",
        expected=f"a table of at most {LARGEST_UNPACKED:,} bytes that packs at most {LARGEST_RATIO} times",
        fix="if it is a real table, unpack it and add the table itself",
    )


def _bounded(raw: object, path: Path, name: str) -> BinaryIO:
    return io.BufferedReader(_Bounded(raw, path.stat().st_size, name), buffer_size=2**20)


class _Bounded(io.RawIOBase):
    """Passes bytes on and counts them: what an archive declares of its size is its own word."""

    def __init__(self, raw: object, packed: int, name: str) -> None:
        self._raw, self._packed, self._name, self._seen = raw, packed, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        piece: bytes = self._raw.read(len(buffer))  # type: ignore[attr-defined, arg-type]
        self._seen += len(piece)
        if self._seen > LARGEST_UNPACKED or _bomb(self._seen, self._packed):
            raise _swollen(self._name, self._seen)
        buffer[: len(piece)] = piece  # type: ignore[index]
        return len(piece)
