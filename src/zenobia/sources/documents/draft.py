"""What a reader makes of an original: its text, and what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["PAGE_END", "Draft"]

# Where one page ends and the next begins, as printers have marked it since the teletype.
PAGE_END = "\f"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The text of a document and what is known of it; ``None`` is *not stated*, never a guess gone wrong.

    Attributes:
        text: the words, with `PAGE_END` after each page where the original has pages.
        published: the day the document itself says that it was published, as ISO text.
        pages: how many pages, where it has any.
        notes: what the reader left out, could not read, or had to guess; one sentence each.
    """

    text: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    pages: int | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain values, to cross from the process that reads to the one that asked."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Draft:
        """The same from plain values; anything of another shape is refused with a `TypeError`."""
        words = {name: told.get(name) for name in ("title", "author", "published", "language")}
        text, pages, notes = told.get("text"), told.get("pages"), told.get("notes") or ()
        wrong = [value for value in words.values() if value is not None and not isinstance(value, str)]
        if not isinstance(text, str) or wrong or not isinstance(pages, int | None):
            raise TypeError("not a draft")
        return cls(text=text, pages=pages, notes=tuple(str(note) for note in notes), **words)
