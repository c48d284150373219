"""Captures a file as it is: whole, under its hash, never edited afterwards."""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path

from zenobia.record import file_hash, written_whole
from zenobia.sources.feed import Captured, Options
from zenobia.terms import InputError

__all__ = ["Copy", "found", "see_untouched"]

_PIECE = 4 * 2**20
# From this size on a file is copied while it is being read: the disk is slower than the reader.
_MEANWHILE = 16 * 2**20


def found(path: Path, options: Options) -> Captured:
    """A file where it lies, with its hash; nothing is copied.

    Raises:
        InputError: there is no such file.
    """
    if not path.is_file():
        raise InputError("no such file", file=path, fix="check the spelling of the path")
    return Captured(path=path, name=path.name, sha256=file_hash(path), options=options)


def see_untouched(captured: Captured) -> None:
    """See that a file is what was captured, before it is read once more.

    Raises:
        InputError: it was edited since.
    """
    if file_hash(captured.path) != captured.sha256:
        raise InputError(
            "a captured file was edited",
            file=f"datasets/{captured.path.name}",
            value=captured.name,
            expected="the file as it was when it came in",
            fix="take it back from git or a backup; to use another version of it, add that as a file of its own",
        )


class Copy:
    """The copy of a file that the case is to keep. It takes its place when it is kept, and not before.

    Args:
        seen: the file where it lies.
        target: where the case keeps it.
    """

    def __init__(self, seen: Captured, target: Path) -> None:
        self._seen, self._target = seen, target
        self._decided, self._wanted = threading.Event(), False
        self._fault: BaseException | None = None
        self._thread: threading.Thread | None = None
        if seen.path.stat().st_size >= _MEANWHILE and not self._is_there():
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def keep(self) -> None:
        """See the copy into its place.

        Raises:
            InputError: the file was changed meanwhile.
            OSError: the disk is full, or the folder cannot be written.
        """
        self._decide(wanted=True)
        if self._thread is None and not self._is_there():
            self._work()
        if self._fault:
            raise self._fault

    def drop(self) -> None:
        """Leave nothing behind."""
        self._decide(wanted=False)

    def _decide(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._decided.set()
        if self._thread:
            self._thread.join()

    def _is_there(self) -> bool:
        return self._target.is_file() and file_hash(self._target) == self._seen.sha256

    def _work(self) -> None:
        try:
            fresh = not self._target.parent.exists()
            self._target.parent.mkdir(exist_ok=True)
            try:
                self._write()
            except BaseException:
                if fresh:
                    with suppress(OSError):  # another file stands in it by now
                        self._target.parent.rmdir()
                raise
        except _NotWanted:
            pass
        except BaseException as fault:
            self._fault = fault

    def _write(self) -> None:
        digest = hashlib.sha256()
        with self._seen.path.open("rb") as held, written_whole(self._target) as out:
            while piece := held.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            if digest.hexdigest() != self._seen.sha256:
                raise InputError("a file that changed while it was read", file=self._seen.path, fix="call again")
            out.flush()
            os.fsync(out.fileno())
            self._decided.wait()
            if not self._wanted:
                raise _NotWanted


class _NotWanted(Exception):
    """The file was refused by whoever read it meanwhile."""
