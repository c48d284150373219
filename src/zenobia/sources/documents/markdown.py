"""Markdown files: the words without their markup, and what the front matter says of them."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.metadata import day_in, words_or_none
from zenobia.sources.documents.text import decode

__all__ = ["read_markdown"]

_LONGEST_FRONT = 1_000_000

# Whichever comes first; `subject` and `pubDate` are what encyclopedia and news exports call them.
_TITLES = ("title", "subject", "headline", "name")
_DAYS = ("published", "pubdate", "date_published", "datepublished")
_AUTHORS = ("author", "authors", "by", "creator")
_LANGUAGES = ("language", "lang")


def read_markdown(raw: bytes, charset: str | None = None) -> Draft:
    """Read a Markdown file: paragraphs, headings, list items and table rows as lines of words.

    Links leave their words, pictures and raw HTML tags nothing. Front matter (YAML between two lines
    of three hyphens) is read for what it says of the document and is not part of the text.
    """
    text, notes = decode(raw, charset)
    front, body = _parted(text.replace("\r\n", "\n"))
    says, unread = _front_matter(front)
    markdown = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # only the words of a link are kept
    tokens = markdown.parse(body)
    return Draft(
        text="".join(_words(tokens)).strip("\n"),
        title=_first(says, _TITLES) or _heading(tokens),
        author=_first(says, _AUTHORS),
        published=day_in(_first(says, _DAYS)),
        language=_first(says, _LANGUAGES),
        notes=(*notes, *unread),
    )


def _parted(text: str) -> tuple[str, str]:
    """Front matter and body; no front matter where the second line of hyphens is missing."""
    text = text.removeprefix("\ufeff")
    if not text.startswith("---\n"):
        return "", text
    front, fence, body = text[4:].partition("\n---\n")
    return (front, body) if fence else ("", text)


def _front_matter(front: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The words at the top level, by key in small letters; nothing is built, so nothing can unfold."""
    if len(front) > _LONGEST_FRONT:
        return {}, ("the front matter is too long and was not read",)
    says: dict[str, str] = {}
    depth, key = 0, None
    try:
        for event in yaml.parse(front, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.CollectionStartEvent):
                depth, key = depth + 1, None if depth <= 1 else key
            elif isinstance(event, yaml.CollectionEndEvent):
                depth, key = depth - 1, None
            elif depth == 1 and key is None and isinstance(event, yaml.ScalarEvent):
                key = event.value.strip().lower()
            elif depth == 1 and key is not None:
                if isinstance(event, yaml.ScalarEvent):
                    says.setdefault(key, event.value)
                key = None
    except (yaml.YAMLError, ValueError, RecursionError):
        return says, ("the front matter is not plain YAML; what stands before its fault was read",)
    return says, ()


def _first(says: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((words for key in keys if (words := words_or_none(says.get(key)))), None)


def _heading(tokens: list[Token]) -> str | None:
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            return words_or_none("".join(_inline(following)))
    return None


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token)
        elif token.type in ("fence", "code_block"):
            yield token.content + "\n"
        elif token.type == "html_block":
            yield _text_of_html(token.content) + "\n"
        elif token.type in ("th_close", "td_close"):
            yield "\t"
        elif token.type in ("tr_close", "list_item_close", "bullet_list_close", "ordered_list_close", "table_close"):
            yield "\n"
        elif token.type in ("paragraph_close", "heading_close") and not token.hidden:
            yield "\n\n" if token.level == 0 else "\n"


def _inline(token: Token) -> Iterator[str]:
    muted = False
    for part in token.children or ():
        if part.type == "html_inline":
            tag = part.content.lower()
            muted = tag.startswith(("<script", "<style")) or (muted and not tag.startswith(("</script", "</style")))
            if tag.startswith("<br"):
                yield "\n"
        elif part.type in ("text", "code_inline") and not muted:
            yield part.content
        elif part.type == "softbreak":
            yield " "
        elif part.type == "hardbreak":
            yield "\n"


class _Visible(HTMLParser):
    """Collects the words of a piece of HTML, without those of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._muted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._muted += tag in ("script", "style", "template")

    def handle_endtag(self, tag: str) -> None:
        self._muted -= tag in ("script", "style", "template") and self._muted > 0

    def handle_data(self, data: str) -> None:
        if not self._muted:
            self.words.append(data)


def _text_of_html(markup: str) -> str:
    parser = _Visible()
    parser.feed(markup)
    parser.close()
    return "".join(parser.words)
