"""Briefings of a case: set, written, and pinned to the figures that their author stands by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zenobia import publish
from zenobia.numbers import Asked, Numbers
from zenobia.record import View, write_whole
from zenobia.terms import InputError

__all__ = ["Briefed", "briefed", "pages", "stale_lines"]

_PINNED = ".numbers.json"


@dataclass(frozen=True, kw_only=True)
class Briefed:
    """A briefing that was written.

    Attributes:
        path: where its page is.
        text: where its text is.
        moved: live parts that show something else than when it was pinned.
        unpinned: live parts that it did not have then.
        pinned: where its figures were written down now; ``None``: they were not.
    """

    path: Path
    text: Path
    moved: tuple[publish.Moved, ...]
    unpinned: tuple[str, ...]
    pinned: Path | None = None


def briefed(asked: Asked, root: Path, file: Path, out: Path | None, view: View, *, pin: bool) -> Briefed:
    """Write a briefing as one HTML file.

    Args:
        root: the case folder, in which it is looked for too.
        out: where to; beside its text if not told.
        pin: write down what it shows now, as what its author stands by.

    Raises:
        InputError: there is no such text, or it asks for what the record does not hold.
    """
    text = file if file.is_file() else root / file
    if not text.is_file():
        raise InputError("no such briefing", file=file, expected="a Markdown file, such as one of briefs/")
    before = None if pin else _pinned(text)
    brief = publish.set_brief(text.read_text(encoding="utf-8"), Numbers(asked, view), file=file, pinned=before)
    out = out or text.with_suffix(".html")
    write_whole(out, brief.page)
    if pin:
        write_whole(_beside(text), brief.pinned.to_json())
    pinned = _beside(text) if pin else None
    return Briefed(path=out, text=text, moved=tuple(brief.moved), unpinned=tuple(brief.unpinned), pinned=pinned)


def pages(asked: Asked, root: Path, view: View) -> Iterator[tuple[str, str]]:
    """Every briefing of a case: what it is called, and its page, with what moved since it was pinned marked."""
    for path in sorted((root / "briefs").glob("*.md")):
        text, pinned = path.read_text(encoding="utf-8"), _pinned(path)
        yield path.stem, publish.set_brief(text, Numbers(asked, view), file=path, pinned=pinned).page


def stale_lines(told: Briefed) -> Iterator[str]:
    """What moved since a briefing was pinned, a line for each part; and what was not pinned."""
    for one in told.moved:
        yield f"stale  {told.text}, line {one.line}: {one.what}"
        yield f"       was  {one.was}"
        yield f"       now  {one.now}"
    if told.unpinned:
        yield f"not pinned yet: {', '.join(told.unpinned)}"
    if told.moved or told.unpinned:
        yield "Read the words around them, then say that you stand by them: zenobia brief FILE --pin"


def _beside(text: Path) -> Path:
    return text.with_name(text.stem + _PINNED)


def _pinned(text: Path) -> publish.Pinned | None:
    """The figures that a briefing was pinned with, if it ever was."""
    file = _beside(text)
    return publish.read_pinned(file.read_text(encoding="utf-8"), file) if file.is_file() else None
