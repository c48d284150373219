"""Words of a document found again: by quote and by position, as W3C's text selectors do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zenobia.sources.documents.draft import PAGE_END
from zenobia.terms import NotFound, Passage

__all__ = ["find", "page_of"]

_CONTEXT = 32

# One for one, so that places in the text stay where they are.
_TYPOGRAPHY = str.maketrans("“”„«»‟‘’‚‛ʼ`´–—‐‑‒−\u00a0\u202f\u2009", "\"\"\"\"\"\"'''''''------   ")


def find(
    text: str, quote: str, *, document: str = "", prefix: str = "", suffix: str = "", near: int | None = None
) -> Passage:
    """Find a quote in a working copy: letter for letter, else with any white space and any typography.

    Where the words stand more than once, the place whose surroundings agree best with ``prefix`` and
    ``suffix`` is meant, then the one nearest to ``near``, then the first.

    Args:
        text: the working copy.
        quote: the words.
        document: id of the document, for the passage.
        prefix, suffix: what stands right before and after, as far as it is known.
        near: where the words are expected to begin.

    Returns:
        The passage, its quote as the text has it; ``text[start:end] == quote``.

    Raises:
        NotFound: the words do not stand in the text.
    """
    places = _places(text, unicodedata.normalize("NFC", quote))
    if not places:
        raise NotFound(
            "these words do not stand in the document",
            value=quote,
            expected="words copied from the working copy, letter for letter; white space may differ",
            fix="look in documents/text, or search for a few of the words",
        )

    def misfit(place: tuple[int, int]) -> tuple[int, int, int]:
        start, end = place
        agreeing = _agreeing(text[:start][::-1], prefix[::-1]) + _agreeing(text[end:], suffix)
        return -agreeing, abs(start - near) if near is not None else 0, start

    start, end = min(places, key=misfit)
    return Passage(
        document=document,
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
        page=page_of(text, start),
    )


def page_of(text: str, position: int) -> int | None:
    """The page on which a place in the text stands, counted from 1; ``None`` where there are no pages."""
    return text.count(PAGE_END, 0, position) + 1 if PAGE_END in text else None


def _places(text: str, quote: str) -> list[tuple[int, int]]:
    if not quote.strip():
        return []
    if exact := list(_exact(text, quote)):
        return exact
    for written, wanted in ((text, quote), (text.translate(_TYPOGRAPHY), quote.translate(_TYPOGRAPHY))):
        pattern = r"\s+".join(map(re.escape, wanted.split()))
        if found := [match.span() for match in re.finditer(pattern, written)]:
            return found
    return []


def _exact(text: str, quote: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote)
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def _agreeing(there: str, wanted: str) -> int:
    """How many letters agree, counted from the quote outwards."""
    count = 0
    for a, b in zip(there, wanted, strict=False):
        if a != b:
            break
        count += 1
    return count
