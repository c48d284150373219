"""The text of a briefing: Markdown without HTML or images, with its live parts marked for the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from zenobia.publish.directives import DIRECTIVES
from zenobia.publish.wording import plain
from zenobia.terms import InputError
from zenobia.terms.names import did_you_mean

__all__ = ["Text", "read_text", "renderer"]

FRONT_MATTER = ("title", "author", "summary")
BLOCK = re.compile(r"^ {0,3}\{\{\s*(\w+)(.*)\}\}\s*$")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A briefing as written: its front matter, and its Markdown as tokens that know their lines."""

    front: Mapping[str, str]
    tokens: Sequence[Token]


def read_text(markdown: str, *, file: str | Path | None = None) -> Text:
    """Take a briefing apart.

    Raises:
        InputError: an unknown line in the front matter, or an image (a page loads nothing), with its line.
    """
    lines = [plain(line) for line in re.split(r"\r\n|\r|\n", markdown.removeprefix("\ufeff"))]
    front, first = front_matter(lines, file)
    # The front matter is blanked, not cut, so that every token keeps the line of the file.
    body = "\n".join([""] * first + lines[first:])
    tokens = renderer().parse(body)
    for token, line in with_lines(tokens):
        token.meta["line"] = line
        if token.type == "image":
            raise InputError(
                "an image in a briefing",
                file=file,
                row=line,
                value=token.content,
                expected="text and live parts: the page loads nothing",
                fix='name the picture with an ordinary link, or draw a map with {{ map(on="...") }}',
            )
    return Text(front=front, tokens=tokens)


def front_matter(lines: Sequence[str], file: str | Path | None) -> tuple[dict[str, str], int]:
    """The `key: value` lines between two `---` at the top, and how many lines they take."""
    if not lines or lines[0].strip() != "---":
        return {}, 0
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        raise InputError(
            "front matter that does not end", file=file, row=1, expected="a second line of ---", fix="add it"
        )
    found: dict[str, str] = {}
    for row, line in enumerate(lines[1:end], start=2):
        key, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or key.strip() not in FRONT_MATTER:
            raise InputError(
                "unknown line in the front matter",
                file=file,
                row=row,
                value=line,
                expected=f"key: value, with a key of {', '.join(FRONT_MATTER)}",
                fix=did_you_mean(key.strip(), FRONT_MATTER) or "take the line out",
            )
        found[key.strip()] = value.strip().strip("\"'")
    return found, end + 1


def with_lines(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every token, those inside a paragraph included, with the line of the file it stands on (from 1)."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, line
        inner = line
        for child in token.children or ():
            inner += child.type in ("softbreak", "hardbreak")
            yield child, inner


def renderer() -> MarkdownIt:
    """The Markdown reader: CommonMark with tables; no HTML; links to the web, mail and this page only."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.validateLink = lambda url: bool(re.match(r"(https?://|mailto:|#)", url, re.IGNORECASE))  # type: ignore[method-assign]
    reader.block.ruler.before("paragraph", "directive", block_rule, {"alt": ["paragraph", "list", "blockquote"]})
    reader.inline.ruler.before("link", "directive", inline_rule)
    return reader


def block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that holds nothing but a live part which fills the width of the page."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    found = BLOCK.match(line)
    if found is None or found.group(1) not in DIRECTIVES or not DIRECTIVES[found.group(1)].block:
        return False
    if not silent:
        token = state.push("directive_block", "", 0)
        token.content = found.group(1) + found.group(2)
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def inline_rule(state: StateInline, silent: bool) -> bool:
    """A live part within a sentence."""
    if not state.src.startswith("{{", state.pos):
        return False
    end = state.src.find("}}", state.pos + 2)
    if end < 0:
        return False
    if not silent:
        token = state.push("directive_inline", "", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True
