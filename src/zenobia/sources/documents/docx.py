"""Word files (.docx): the text of the document, its notes, and its title and author.

A .docx is a zip archive of XML. Only four of its parts are opened, none is written anywhere, each is
held to a size, and XML that declares a document type or an entity is refused: an honest file has
neither, and a hostile one unfolds them without end or reads files through them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar
from xml.parsers import expat

from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.limits import LIMITS, Limits
from zenobia.sources.documents.metadata import words_or_none
from zenobia.terms import InputError

__all__ = ["read_docx"]

_TEXT = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_PROPERTIES = "docProps/core.xml"

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_DC = "http://purl.org/dc/elements/1.1/ "
# The same words once more for older programs, and words at the place that they were moved away from.
_ELSEWHERE = ("http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback", *(f"{w}moveFrom" for w in _WORD))

# Deeper than any document that a person wrote.
_DEEPEST = 2_000


def read_docx(raw: bytes, charset: str | None = None, limits: Limits = LIMITS) -> Draft:
    """Read the text of a Word document: paragraphs as lines, cells parted by tabs, notes at the end.

    Words that were struck out in a tracked change are not part of the text; words that were put in are.

    Raises:
        InputError: it is no Word document, unpacks to too much, or holds XML that nobody honest writes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = {name: _part(packed, name, limits) for name in (_TEXT, *_NOTES, _PROPERTIES)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError) as wrong:
        raise _no_word_file(str(wrong)) from wrong
    if not parts[_TEXT]:
        raise _no_word_file(f"no {_TEXT} in it")
    body = _words(parts[_TEXT], _TEXT)
    notes = [words for name in _NOTES if (words := _words(parts[name], name).strip())]
    properties = _properties(parts[_PROPERTIES])
    return Draft(
        text="\n".join([body, *notes]),
        title=words_or_none(properties.get("title")),
        author=words_or_none(properties.get("creator")),
    )


def _part(packed: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """One part of the archive, unpacked in pieces and never beyond its limit, whatever it says of its size."""
    try:
        entry = packed.getinfo(name)
    except KeyError:
        return b""
    most = min(limits.unpacked, max(1_000_000, entry.compress_size * limits.ratio))
    with packed.open(entry) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise InputError(
            "a Word document that unpacks to too much",
            value=f"{name}: {entry.compress_size:,} bytes unpack to more than {most:,}",
            expected=f"at most {limits.ratio} times the packed size, and {limits.unpacked:,} bytes",
            fix="do not open it; if you trust its sender, save the text in another form",
        )
    return content


def _words(xml: bytes, name: str) -> str:
    """The words of a part: a line for each paragraph and for each row of a table."""
    page = _Page()
    _parse(xml, name, page.opened, page.closed, page.said)
    return "\n".join(page.open[0].pieces)


def _properties(xml: bytes) -> dict[str, str]:
    """Title, creator and the like, by their names in Dublin Core."""
    said: dict[str, str] = {}
    inside: list[str] = []

    def opened(tag: str) -> None:
        inside.append(tag)

    def closed(tag: str) -> None:
        inside.pop()

    def words(text: str) -> None:
        if inside[-1].startswith(_DC):
            name = inside[-1].removeprefix(_DC)
            said[name] = said.get(name, "") + text

    _parse(xml, _PROPERTIES, opened, closed, words)
    return said


def _parse(
    xml: bytes, name: str, opened: Callable[[str], None], closed: Callable[[str], None], said: Callable[[str], None]
) -> None:
    """Walk one part with a parser that knows no document type, no entity and no outside."""
    if not xml:
        return
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, _: opened(tag)
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = said
    try:
        parser.Parse(xml, True)
    # An encoding that Python does not know is a LookupError, one that lies a ValueError.
    except (expat.ExpatError, LookupError, ValueError) as wrong:
        raise _no_word_file(f"{name}: {wrong}") from wrong


def _refuse(*declared: object) -> None:
    raise InputError(
        "a Word document that declares a document type or an entity",
        expected="plain XML, as every word processor writes it",
        fix="do not open it: it was made by hand, to break a reader or to read files",
    )


@dataclass
class _Piece:
    """A paragraph, cell or row that is still open, and what stands in it so far."""

    kind: str
    pieces: list[str] = field(default_factory=list)


@dataclass
class _Page:
    """Puts words together in the order they stand in; a text box may hold paragraphs inside a paragraph."""

    open: list[_Piece] = field(default_factory=lambda: [_Piece("body")])
    muted: int = 0
    in_words: bool = False

    _JOINS: ClassVar[dict[str, str]] = {"p": "", "tc": " ", "tr": "\t"}
    _SIGNS: ClassVar[dict[str, str]] = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}

    def opened(self, tag: str) -> None:
        name = _word_name(tag)
        if tag in _ELSEWHERE or self.muted:
            self.muted += 1
        elif name in self._JOINS:
            if len(self.open) > _DEEPEST:
                raise _no_word_file("tables or text boxes nested too deeply")
            self.open.append(_Piece(name))
        elif name in self._SIGNS and self.open[-1].kind == "p":
            self.open[-1].pieces.append(self._SIGNS[name])
        self.in_words = name == "t" and not self.muted

    def closed(self, tag: str) -> None:
        name = _word_name(tag)
        self.in_words = False
        if self.muted:
            self.muted -= 1
        elif name in self._JOINS:
            words = self._JOINS[name].join(self.open.pop().pieces)
            parent = self.open[-1]
            parent.pieces.append(f"\n{words}\n" if parent.kind == "p" else words)

    def said(self, words: str) -> None:
        if self.in_words:
            self.open[-1].pieces.append(words)


def _word_name(tag: str) -> str:
    """The name of an element of the word processor's own vocabulary, without its namespace."""
    for space in _WORD:
        if tag.startswith(space):
            return tag[len(space) :]
    return ""


def _no_word_file(why: str) -> InputError:
    return InputError(
        "a Word document that cannot be read",
        value=why[:200],
        expected="a whole .docx file without a password",
        fix="open it in a word processor and save it again as .docx",
    )
