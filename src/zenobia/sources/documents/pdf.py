"""PDF files: the text of each page, page by page. A picture of a page holds no text, and that is told."""

from __future__ import annotations

import io
import re
from typing import Any

from zenobia.sources.documents.draft import PAGE_END, Draft
from zenobia.sources.documents.limits import LIMITS, Limits
from zenobia.sources.documents.metadata import words_or_none
from zenobia.terms import InputError

__all__ = ["read_pdf"]


def read_pdf(raw: bytes, charset: str | None = None, limits: Limits = LIMITS) -> Draft:
    """Read the text of a PDF; each page ends with a form feed, so that a place in the text has a page.

    The day in a PDF's own properties is when a program made the file, not when anybody published
    it: it is told in a note and taken for nothing.

    Raises:
        InputError: it cannot be read, is locked, has too many pages, or its readers are not installed.
    """
    try:
        import pypdf
    except ImportError as wrong:
        raise InputError(
            "a PDF needs a reader that is not installed",
            expected="the extra [read]",
            fix="run: pip install 'zenobia[read]'   (or save the document as text)",
        ) from wrong
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked()
        pages = _pages(reader, limits)
        says = _says_of_itself(reader)
    except pypdf.errors.DependencyError as wrong:
        raise _locked() from wrong
    except InputError:
        raise
    # A damaged file breaks the parser in many ways; all of them mean that it cannot be read.
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as wrong:
        raise _unreadable(wrong) from wrong
    empty = sum(not page.strip() for page in pages)
    return Draft(
        text="".join(page + PAGE_END for page in pages),
        title=words_or_none(says.get("/Title")),
        author=words_or_none(says.get("/Author")),
        pages=len(pages),
        notes=(*_made(says), *_without_text(empty, len(pages))),
    )


def _pages(reader: Any, limits: Limits) -> list[str]:
    count = len(reader.pages)
    if count > limits.pages:
        raise InputError(
            "too many pages",
            value=f"{count} pages",
            expected=f"at most {limits.pages}",
            fix="split the file into parts",
        )
    texts: list[str] = []
    length = 0
    for page in reader.pages:
        text = (page.extract_text() or "").replace(PAGE_END, "\n")
        length += len(text)
        if length > limits.characters:
            raise InputError(
                "too much text",
                value=f"more than {limits.characters:,} characters by page {len(texts) + 1}",
                expected=f"at most {limits.characters:,}",
                fix="split the file into parts",
            )
        texts.append(text)
    return texts


def _says_of_itself(reader: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (reader.metadata or {}).items() if value is not None}


def _made(says: dict[str, str]) -> tuple[str, ...]:
    found = re.match(r"D:(\d{4})(\d{2})(\d{2})", says.get("/CreationDate", ""))
    return (f"the file was made on {'-'.join(found.groups())}, by its own properties",) if found else ()


def _without_text(empty: int, count: int) -> tuple[str, ...]:
    if not empty:
        return ()
    which = "no page has" if empty == count else f"{empty} of {count} pages have no"
    return (f"{which} text that can be read: pictures of pages, perhaps; Zenobia reads no pictures",)


def _locked() -> InputError:
    return InputError(
        "a PDF that is locked with a password, or by a cipher that is not at hand",
        expected="a PDF that opens without a password",
        fix="print it to a new PDF and add that, saying so in the title",
    )


def _unreadable(wrong: Exception) -> InputError:
    return InputError(
        "a PDF that cannot be read",
        value=f"{type(wrong).__name__}: {wrong}"[:200],
        expected="a whole PDF file",
        fix="open it in a viewer; if it opens there, print it to a new PDF",
    )
