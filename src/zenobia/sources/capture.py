"""Captures a file as it is: whole, under its hash, never edited afterwards."""

from __future__ import annotations

import hashlib
from pathlib import Path

from zenobia.record import file_hash, written_whole
from zenobia.sources.feed import Captured, Options
from zenobia.terms import InputError

__all__ = ["capture", "found"]

_PIECE = 4 * 2**20


def found(path: Path, options: Options) -> Captured:
    """A file where it lies, with its hash; nothing is copied.

    Raises:
        InputError: there is no such file.
    """
    if not path.is_file():
        raise InputError("no such file", file=path, fix="check the spelling of the path")
    return Captured(path=path, name=path.name, sha256=file_hash(path), options=options)


def capture(seen: Captured, target: Path) -> Captured:
    """Copy a file to where the case keeps it, and see that what arrived is what was looked at.

    Raises:
        InputError: the file was changed meanwhile.
        OSError: the disk is full, or the folder cannot be written.
    """
    if not (target.is_file() and file_hash(target) == seen.sha256):
        target.parent.mkdir(exist_ok=True)
        digest = hashlib.sha256()
        with seen.path.open("rb") as held, written_whole(target) as out:
            while piece := held.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            if digest.hexdigest() != seen.sha256:
                raise InputError("a file that changed while it was read", file=seen.path, fix="call again")
    return Captured(path=target, name=seen.name, sha256=seen.sha256, options=seen.options)
