"""Plain text: which letters the bytes stand for, and what of it may be shown.

The original keeps everything. The working copy is what people and programs read, so it is in one
form (Unicode NFC, plain line ends) and holds no character that hides words or makes them read in
another order.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.metadata import opening_title
from zenobia.sources.documents.tail import without_tail
from zenobia.terms import InputError

__all__ = ["decode", "read_text", "shown"]

# Embeddings, overrides and isolates make a sentence read as another one; controls, zero-width spaces, tags
# and noncharacters hide text. Marks that a script needs (LRM, RLM, ZWJ, ZWNJ) stay. A form feed stays too:
# it is where a page ends.
_HIDING = re.compile(
    "[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Bytes that no text holds, in any encoding that is read here.
_CONTROLS = bytes({*range(9), 11, *range(14, 32), 127} - {27})

# Arabic is whole words of letters beyond ASCII; western accents stand beside letters of ASCII.
_ARABIC_WORD = re.compile("[\u0621-\u064a]{2,}")
_ACCENT = re.compile("[A-Za-z][À-ÖØ-öø-ÿ]|[À-ÖØ-öø-ÿ][A-Za-z]")


def read_text(raw: bytes, charset: str | None = None) -> Draft:
    """Read a plain text file; what a web page left behind its article is not part of the working copy."""
    text, notes = decode(raw, charset)
    text, left_out = without_tail(_LINE_ENDS.sub("\n", text), web_page=False)
    return Draft(
        text=text,
        title=opening_title(text),
        author=left_out.author,
        notes=(*notes, *left_out.notes),
    )


def decode(raw: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text that bytes stand for, and what had to be guessed to read it.

    UTF-8 first, unless the file says otherwise by its first bytes or its sender did (``charset``);
    then the two old code pages that files on these wars come in, windows-1256 (Arabic) and
    windows-1252 (western), whichever makes words of the bytes.

    Raises:
        InputError: the bytes are no text.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), ()
    if b"\x00" in raw[:4096] and (wide := _decode_wide(raw)):
        return wide
    _refuse_binary(raw)
    if charset and (text := _try(raw, charset)) is not None:
        return text, ()
    if (text := _try(raw, "utf-8")) is not None:
        return text, ()
    name = _code_page(raw)
    return raw.decode(name, errors="replace"), (f"not UTF-8: read as {name}, which is a guess",)


def shown(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it may be shown, and what was taken out of it.

    >>> shown("Pal\\u202emyra\\r\\nis  held\\x00")
    ('Palmyra\\nis  held', ('2 characters that hide text or turn its direction were left out of the working copy',))
    """
    text = _LINE_ENDS.sub("\n", text).replace("\x0b", "\n")
    kept, hiding = _HIDING.subn("", text)
    # A soft hyphen is a typesetter's; it deceives nobody and is not worth a remark.
    told = hiding - text.count("\u00ad")
    note = (f"{told} characters that hide text or turn its direction were left out of the working copy",)
    return unicodedata.normalize("NFC", kept), note if told else ()


def _decode_wide(raw: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-16 without its mark: nearly every other byte is a small number, the block that a letter stands in."""
    head = raw[:4096]
    sides = {"utf-16-le": head[1::2], "utf-16-be": head[0::2]}
    small = {name: sum(byte < 0x08 for byte in side) / max(1, len(side)) for name, side in sides.items()}
    for name, other in (("utf-16-le", "utf-16-be"), ("utf-16-be", "utf-16-le")):
        if small[name] > 0.9 and small[other] < 0.2 and (text := _try(raw[: len(raw) // 2 * 2], name)) is not None:
            return text, (f"no encoding is named: read as {name}, which is a guess",)
    return None


def _refuse_binary(raw: bytes) -> None:
    """A stray control byte is an accident in a text; many of them are no text."""
    head = raw[:4096]
    controls = len(head) - len(head.translate(None, delete=_CONTROLS))
    if controls * 20 > len(head):
        raise InputError(
            "binary content where text was expected",
            value=head[:16],
            expected="a text, Markdown, HTML, PDF or Word (.docx) document",
            fix="save it in one of these forms",
        )


def _try(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _code_page(raw: bytes) -> str:
    sample = raw[:200_000]
    arabic = sum(map(len, _ARABIC_WORD.findall(sample.decode("windows-1256", errors="replace"))))
    western = len(_ACCENT.findall(sample.decode("windows-1252", errors="replace")))
    return "windows-1256" if arabic > western else "windows-1252"
