"""Answers that were given before, kept in the cache, so that a record that did not change is checked at once.

An answer is a pure function of the question, the view and the code: it is kept under all three, and a file that is not
what was written is not read. A case is looked at in more than one way (whole, and as it may be released), so the
answers of the last few records stay. Deleting the cache loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from functools import cache
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
_ANSWERS = TypeAdapter(dict[str, Answer | str], config=ConfigDict(ser_json_inf_nan="constants"))


class KeptAnswers(MutableMapping[Key, Answer | str]):
    """Answers by (question, key of the view); an answer, or why there is none.

    Args:
        root: the case folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / CACHE / _FOLDER
        self._record, self._grown = "", False
        self._held: dict[Key, Answer | str] = {}

    def read(self, record: str) -> None:
        """Take up what is kept for a record, by its hash; what another record was asked is let go."""
        if record != self._record:
            self._record, self._grown = record, False
            self._held = _read(self._file)
            if self._held:
                with suppress(OSError):
                    os.utime(self._file)  # used last

    def write(self) -> None:
        """Keep what has been added, and of other records those used last; where nobody can write, nothing is kept."""
        if not self._grown:
            return
        answers = _ANSWERS.dump_json({_APART.join(key): self._held[key] for key in sorted(self._held)}).decode()
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            write_whole(self._file, json.dumps({"sha256": _digest(answers)}) + "\n" + answers)
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
        return self._folder / f"{hashlib.sha256(f'{self._record} {_code()}'.encode()).hexdigest()[:32]}.json"

    def __getitem__(self, key: Key) -> Answer | str:
        return self._held[key]

    def __setitem__(self, key: Key, answer: Answer | str) -> None:
        self._held[key] = answer
        self._grown = True

    def __delitem__(self, key: Key) -> None:
        del self._held[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def clear(self) -> None:
        """Let everything go; what is in the cache stays for its own record."""
        self._held, self._record, self._grown = {}, "", False


def _read(file: Path) -> dict[Key, Answer | str]:
    try:
        head, _, answers = file.read_text(encoding="utf-8").partition("\n")
        if json.loads(head)["sha256"] != _digest(answers):
            return {}
        found = _ANSWERS.validate_json(answers)
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # nothing kept, or damaged: everything is worked out anew
    return {(key.partition(_APART)[0], key.partition(_APART)[2]): answer for key, answer in found.items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@cache
def _code() -> str:
    """What the code is: its files, their sizes and the moments that they were last written."""
    here = Path(__file__).parent
    told = sorted((str(f.relative_to(here)), f.stat().st_size, f.stat().st_mtime_ns) for f in here.rglob("*.py"))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
