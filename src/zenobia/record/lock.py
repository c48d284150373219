"""One writer at a time: an advisory lock on a file of the record."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zenobia.terms import RecordBusy

__all__ = ["writing"]


@contextmanager
def writing(folder: Path, wait: float = 10.0) -> Iterator[None]:
    """Hold the write lock of a record while the block runs.

    The lock belongs to the process, so that it is free again however the process ends.

    Args:
        folder: the cache folder of the record; made if it is missing.
        wait: seconds to wait for another writer before giving up.

    Raises:
        RecordBusy: another process kept the lock for longer than ``wait``.
    """
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "a+b") as held:
        _take(held.fileno(), folder, wait)
        yield


def _take(descriptor: int, folder: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while not _try(descriptor):
        if time.monotonic() > until:
            raise RecordBusy(
                f"{folder.parent}: another process is writing this record.\n"
                f"  do: wait for it to end, then call again (waited {wait:g} seconds)"
            )
        time.sleep(0.05)


def _try(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
