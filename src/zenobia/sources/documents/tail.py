"""What a web page hangs behind an article: who wrote it, what else to read. None of it tells of the war."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["LeftOut", "without_tail"]

# Lines that stand alone and begin what is not the article any more. Those about the author first: what
# stands right before them may be the author's biography.
_AUTHOR_LINE = re.compile(
    r"(see |read )?more (from|by) (this|the) (author|writer)|about the (authors?|writers?)|author bio(graphy)?"
    r"|نبذة عن (الكاتب|الكاتبة|المؤلف)|(المزيد من|مقالات) (هذا )?(الكاتب|المؤلف)",
)
_TOPIC_LINE = re.compile(
    r"(see |read )?more on (this|the) (topic|subject|story)|related (articles|stories|posts|topics|content|coverage)"
    r"|(مواضيع|مقالات|أخبار|موضوعات) ذات صلة|اقرأ أيضا[\u064b]?|[إا]قرأ المزيد",
)
# On a web page these begin its furniture; in a plain text they may be a heading of the author's own.
_PAGE_LINE = re.compile(
    r"related|read (also|more|next)|also read|recommended( for you| articles| reading)?|latest (news|stories|articles)"
    r"|you (may|might) also (like|be interested in)|most (read|popular)|trending( now)?|leave a (comment|reply)"
    r"|share this( article| story| page| post)?|(follow|join) us on .{2,40}|sign up (for|to) .{2,60}"
    r"|subscribe( to .{2,60})?|filed under.{0,60}|شارك( هذا)? (المقال|الخبر)",
)
_PUNCTUATION = " \t:.!?…»«>|-–—*#_"

_NAME = r"(?P<name>[A-Z][\w.’'ʼ-]*(?: (?:[a-z]{1,3} )?[A-Z][\w.’'ʼ-]*){1,4})"
_IS_SOMEBODY = re.compile(rf"\s*{_NAME},? (?:is|was|has|writes|works|serves|reports|covers|teaches)\b")

# How many lines one biography may be broken into.
_LONGEST_BIOGRAPHY = 12


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What was cut from the end: from where, how much, and the author that it named."""

    characters: int = 0
    line: str = ""
    author: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence on it, if anything was left out."""
        if not self.characters:
            return ()
        return (f"left out of the working copy: {self.characters} characters at the end, from {self.line[:60]!r} on",)


def without_tail(text: str, *, web_page: bool, author: str | None = None) -> tuple[str, LeftOut]:
    """The article without its author's biography and what else there is to read.

    Only the second half of a text can hold a tail, and only from a line that says so ("See more on
    this Topic") or, where the author is known, from a last paragraph that begins with the author's
    name. Nothing is judged by its content.

    Args:
        text: lines of text.
        web_page: whether it comes from a web page; a plain text needs a plainer sign.
        author: who wrote it, if that is known.

    Returns:
        The text that stays, and what was left out.
    """
    lines = text.split("\n")
    first, by_author = _first_sign(lines, web_page)
    start, named = _before_biography(lines, first, author, by_author)
    left_out = "\n".join(lines[start:]).strip()
    if start == len(lines) or not left_out:
        return text, LeftOut()
    kept = "\n".join(lines[:start]).rstrip()
    line = next(line for line in lines[start:] if line.strip()).strip()
    return kept, LeftOut(characters=len(left_out), line=line, author=named)


def _first_sign(lines: list[str], web_page: bool) -> tuple[int, bool]:
    """The first line of the second half that begins a tail, and whether it is about the author."""
    total, passed = sum(len(line) + 1 for line in lines), 0
    for number, line in enumerate(lines):
        said = line.strip(_PUNCTUATION).casefold()
        if passed * 2 >= total and 0 < len(said) <= 80:
            if _AUTHOR_LINE.fullmatch(said):
                return number, True
            if _TOPIC_LINE.fullmatch(said) or (web_page and _PAGE_LINE.fullmatch(said)):
                return number, False
        passed += len(line) + 1
    return len(lines), False


def _before_biography(lines: list[str], end: int, author: str | None, by_author: bool) -> tuple[int, str | None]:
    """Where the biography before ``end`` begins; ``end`` itself where there is none."""
    start, named = end, author if by_author else None
    while (found := _biography_before(lines, start, named or author, anybody=by_author)) is not None:
        start, named = found
    return start, named if start < end else None


def _biography_before(lines: list[str], end: int, author: str | None, *, anybody: bool) -> tuple[int, str] | None:
    last = end - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last <= len(lines) // 4:
        return None
    first = last
    while first > max(0, last - _LONGEST_BIOGRAPHY) and lines[first - 1].strip():
        first -= 1
    for start in (last, first):
        found = _IS_SOMEBODY.match(lines[start])
        if found and (_same_person(found["name"], author) if author else anybody):
            return start, found["name"]
    return None


def _same_person(name: str, author: str) -> bool:
    return any(name.casefold() == one.strip().casefold() for one in re.split(r"[;,&]| and ", author))
