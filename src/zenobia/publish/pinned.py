"""What a briefing said when its author last stood by it, and what has moved since.

The words of a briefing are written around figures. The figures are worked out anew each time, so that the
words may come to be wrong without anybody noticing. A briefing is pinned by writing down, beside it, what
each of its live parts shows; a page that shows something else from then on says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zenobia.publish.directives import Directive
from zenobia.publish.numbers import Stamp
from zenobia.publish.wording import calendar, short_hash
from zenobia.terms import InputError

__all__ = ["Moved", "Pinned", "key_of", "read_pinned"]


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What each live part showed.

    Attributes:
        record: the hash of the record then.
        known: the day of knowledge; ``None``: everything published up to ``newest``.
        told: what was shown, by live part, or by claim.
    """

    record: str
    known: str | None
    newest: str | None
    told: Mapping[str, str]

    @property
    def when(self) -> str:
        """The record and the day of knowledge, in words."""
        day = f"as known on {calendar(self.known)}, " if self.known else ""
        return f"{day}record {short_hash(self.record)}"

    def to_json(self) -> str:
        """The file: the same figures always give the same bytes."""
        told = {"record": self.record, "known": self.known, "newest": self.newest, "told": dict(self.told)}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A live part that shows something else than when its briefing was pinned."""

    what: str
    line: int
    was: str
    now: str
    anchor: str


@dataclass
class Telling:
    """What the live parts of one page show, held against what they showed when it was pinned."""

    pinned: Pinned | None = None
    told: dict[str, str] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)

    def tell(self, what: str, words: str, line: int) -> Moved | None:
        """Take note of what is shown; gives back how it moved, the first time that it is shown on the page."""
        known, self.told[what] = what in self.told, words
        was = self.pinned.told.get(what) if self.pinned else None
        if known or was is None or was == words:
            return None
        self.moved.append(Moved(what=what, line=line, was=was, now=words, anchor=f"moved-{len(self.moved) + 1}"))
        return self.moved[-1]

    def unpinned(self) -> Sequence[str]:
        """Live parts that the briefing did not have when it was pinned."""
        return [what for what in self.told if self.pinned and what not in self.pinned.told]

    def now(self, stamp: Stamp) -> Pinned:
        """What is to be written down to pin the page as it is."""
        known, newest = (day.isoformat() if isinstance(day, date) else None for day in (stamp.known, stamp.newest))
        return Pinned(record=stamp.record, known=known, newest=newest, told=self.told)


def key_of(live: Directive) -> str:
    """A live part by what it asks, however it is spaced and in whatever order its arguments stand."""
    words = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in sorted(live.arguments.items()))
    return f"{live.name}({', '.join(words)})" + (f".{live.attribute}" if live.attribute else "")


def read_pinned(text: str, file: str | Path) -> Pinned:
    """A file that a briefing was pinned with.

    Raises:
        InputError: it is none.
    """
    try:
        read: Mapping[str, Any] = json.loads(text)
        told = {str(what): str(words) for what, words in read["told"].items()}
        return Pinned(record=str(read["record"]), known=read["known"], newest=read["newest"], told=told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            "not the pinned figures of a briefing",
            file=file,
            expected="what `zenobia brief FILE --pin` writes",
            fix="take the file back from your history, or pin the briefing anew",
        ) from None
