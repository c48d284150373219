"""One writer at a time: an advisory lock on a file of the record."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zenobia.terms import InputError, RecordBusy

__all__ = ["hold", "writing"]

# What the system answers while another process holds the lock; anything else is a fault to be told.
_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


@contextmanager
def writing(folder: Path, wait: float = 10.0) -> Iterator[None]:
    """Hold the write lock of a record while the block runs.

    The lock belongs to the process, so that it is free again however the process ends.

    Args:
        folder: the cache folder of the record; made if it is missing.
        wait: seconds to wait for another writer before giving up.

    Raises:
        RecordBusy: another process kept the lock for longer than ``wait``.
        InputError: the folder cannot be written.
        OSError: the disk is full, or its file system has no locks.
    """
    until = time.monotonic() + wait
    while True:
        with _opened(folder) as held:
            hold(held.fileno(), folder, until - time.monotonic())
            if not _is_in_place(folder / "lock", held.fileno()):
                continue  # the cache was deleted while we waited: what we hold is no longer its lock
            yield
            return


def _opened(folder: Path) -> BinaryIO:
    if folder.is_symlink():
        raise InputError(
            "a cache that is a link",
            file=folder,
            value=os.readlink(folder),
            expected="a folder inside the case: nothing is written outside it",
            fix="remove the link; the next build makes the folder",
        )
    try:
        folder.mkdir(exist_ok=True)
        return open(folder / "lock", "a+b")
    except OSError as refusal:
        if refusal.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise InputError(
            "the record is to be brought up to date, and this folder cannot be written",
            file=folder.parent,
            value=refusal.strerror,
            fix="copy the case to where you may write, or let somebody who may run `zenobia build` there; "
            "a case that is up to date can be read by anybody",
        ) from refusal


def hold(descriptor: int, folder: Path, wait: float) -> None:
    """Lock an open file for as long as it stays open; ``folder`` is named if another holds it longer than ``wait``."""
    until = time.monotonic() + wait
    while not _try(descriptor, folder):
        if time.monotonic() > until:
            raise RecordBusy(
                f"{folder.parent}: another process is writing this record.\n"
                f"  do: wait for it to end, then call again (waited {wait:.0f} seconds)"
            )
        time.sleep(0.05)


def _try(descriptor: int, folder: Path) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as refusal:
        if refusal.errno in _TAKEN:
            return False
        raise OSError(refusal.errno, f"no lock to be had here ({refusal.strerror})", str(folder)) from refusal
    return True


def _is_in_place(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
