"""Answers that were given before, kept in the cache, so that only what a change bears on is worked out again.

An answer is a pure function of the question, the reports that can bear on it, the terms of the record and the code. It
is kept under all four, and a file that is not what was written is not read. So when a report comes in, the answers that
it cannot bear on are found again in the file of the record before. A case is looked at in more than one way (whole, and
as it may be released), so the answers of the last few records stay. Deleting the cache loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from zenobia.measures import Answer
from zenobia.record import CACHE, write_whole

__all__ = ["KeptAnswers"]

Key = tuple[str, str]

_FOLDER = "answers"
_APART = "\x1f"
# The records whose answers stay: those used last, so many, and no more bytes than that together.
_RECORDS, _BYTES = 3, 64 * 2**20
# The packages whose next version may answer otherwise: draws, distances, shapes, words that are near to others.
_RECKONING = ("h3", "numba", "numpy", "pyarrow", "pydantic", "rapidfuzz", "shapely")
_ANSWERS = TypeAdapter(dict[str, Answer | str], config=ConfigDict(ser_json_inf_nan="constants"))


class KeptAnswers(MutableMapping[Key, Answer | str]):
    """Answers by (question, what it was answered from); an answer, or why there is none.

    Args:
        root: the case folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE / _FOLDER
        self._record, self._face, self._grown = "", "", False
        self._held: dict[Key, Answer | str] = {}
        self._unused: dict[Key, int] = {}  # in how many records in a row nobody has asked for an answer

    def read(self, record: str, face: str = "all") -> None:
        """Take up what is kept for a record, by its hash; for one that is new, what the record used last was asked.

        Args:
            face: as what it is looked at: whole, or released to a day. What one face was told another never is.
        """
        face = f"{_code()}-{_digest(face)[:8]}"
        if (record, face) == (self._record, self._face):
            return
        self._record, self._face = record, face
        known = _read(self._file)
        self._grown = known is None
        last = max(self._folder.glob(f"{face}-*.json"), key=lambda f: (f.stat().st_mtime_ns, f.name), default=None)
        if known is None:
            told = _read(last) if last is not None else None
            known = {key: (answer, unused + 1) for key, (answer, unused) in (told or {}).items() if unused < _RECORDS}
        self._held = {key: answer for key, (answer, _) in known.items()}
        self._unused = {key: unused for key, (_, unused) in known.items()}
        if self._held and not self._grown:
            with suppress(OSError):
                os.utime(self._file)  # used last

    def write(self) -> None:
        """Keep what has been added, and of other records those used last; where nobody can write, nothing is kept."""
        if not (self._grown and self._held):
            return
        keys = sorted(self._held)
        answers = _ANSWERS.dump_json({_APART.join(key): self._held[key] for key in keys}).decode()
        head = {"sha256": _digest(answers), "unused": [self._unused.get(key, 0) for key in keys]}
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            write_whole(self._file, json.dumps(head) + "\n" + answers)
            self._grown = False
            self._clear_away()

    def _clear_away(self) -> None:
        """Take out what was used longest ago; what was just written always stays."""
        others = [(f.stat(), f) for f in self._folder.glob("*.json") if f != self._file]
        room = _BYTES - self._file.stat().st_size
        for nth, (told, file) in enumerate(sorted(others, key=lambda o: (-o[0].st_mtime_ns, o[1].name)), 1):
            room -= told.st_size
            if nth >= _RECORDS or room < 0:
                file.unlink()

    @property
    def _file(self) -> Path:
        return self._folder / f"{self._face}-{_digest(self._record)[:16]}.json"

    def __getitem__(self, key: Key) -> Answer | str:
        answer = self._held[key]
        self._unused[key] = 0
        return answer

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __setitem__(self, key: Key, answer: Answer | str) -> None:
        self._held[key] = answer
        self._unused[key] = 0
        self._grown = True

    def __delitem__(self, key: Key) -> None:
        del self._held[key], self._unused[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def clear(self) -> None:
        """Let everything go; what is in the cache stays for its own record."""
        self._held, self._unused, self._record, self._face, self._grown = {}, {}, "", "", False


def _read(file: Path) -> dict[Key, tuple[Answer | str, int]] | None:
    """What a file keeps, each answer with how long nobody asked for it; ``None`` if there is none, or a damaged one."""
    try:
        head, _, answers = file.read_text(encoding="utf-8").partition("\n")
        told = json.loads(head)
        if told["sha256"] != _digest(answers):
            return None
        found = _ANSWERS.validate_json(answers)
        pairs = zip(found.items(), map(int, told["unused"]), strict=True)
        return {(key.partition(_APART)[0], key.partition(_APART)[2]): (answer, n) for (key, answer), n in pairs}
    except (OSError, ValueError, KeyError, TypeError):
        return None  # nothing kept, or damaged: everything is worked out anew


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@cache
def _code() -> str:
    """What answers: the program, and what it reckons with."""
    return _digest(f"{_written(Path(__file__).parent)} {sys.version} {_installed()}")[:16]


def _written(folder: Path) -> str:
    """What a program's files hold; an image or a package may give all files one date, whatever is in them."""
    files = sorted((file.relative_to(folder).as_posix(), file) for file in folder.rglob("*.py"))
    return _digest(json.dumps([(name, hashlib.sha256(file.read_bytes()).hexdigest()) for name, file in files]))


def _installed() -> str:
    """The versions of the packages that answers are reckoned with; a package that is not there has none."""
    told = {}
    for name in _RECKONING:
        with suppress(PackageNotFoundError):
            told[name] = version(name)
    return json.dumps(told)
