"""Files put in place in one step: whoever looks, or stops the machine, finds the old one or the new one.

A file is written beside its place, seen onto the disk, and moved in; the folder that holds it is
seen onto the disk too, since a move is an entry in the folder and not in the file.
"""

from __future__ import annotations

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

__all__ = ["sync_folder", "write_all", "write_whole", "written_whole"]

_A_DAY = 86_400.0
# What a file system answers that has nothing to see onto the disk for a folder.
_NO_SUCH_SERVICE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place when the block ends and not before.

    If the block fails, or the process is killed, what was at ``path`` is still there, unchanged.
    Something that is no regular file (a pipe, a terminal) is written to as it is.
    """
    if path.exists() and not path.is_file():
        with open(path, "wb") as stream:
            yield stream
        return
    target = path.resolve()  # a link stays a link
    making = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(making, "wb") as out:
            _clear_away(target, making)
            if target.exists():
                shutil.copymode(target, making)
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(making, target)
    except BaseException:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _clear_away(target: Path, making: Path) -> None:
    """Remove what writers of this file left that were killed: what nobody has written to for a day."""
    now = making.stat().st_mtime
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with suppress(OSError):
            if now - left.stat().st_mtime > _A_DAY:
                left.unlink()


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file in one step; text in UTF-8."""
    with written_whole(path) as out:
        out.write(text.encode("utf-8") if isinstance(text, str) else text)


def write_all(descriptor: int, block: bytes) -> None:
    """Write all of a block to an open file; the system may take it in several bites."""
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk, where the system knows of such a thing."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as refusal:
        if refusal.errno not in _NO_SUCH_SERVICE:
            raise
    finally:
        os.close(descriptor)
