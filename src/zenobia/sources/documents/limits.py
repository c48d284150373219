"""How much of a document is read before it is refused: bytes, pages, time, memory, what an archive unpacks to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an honest document stays under.

    Attributes:
        original: bytes of the file as it came.
        pages: pages of a PDF.
        characters: characters of the text that is read from it.
        unpacked: bytes that the parts of an archive (.docx) unpack to, taken together.
        ratio: how many times its packed size one part of an archive may unpack to.
        seconds: how long the reading may take.
        memory: bytes of address space that the reading may use, where the system can hold it to that.
    """

    original: int = 100_000_000
    pages: int = 5_000
    characters: int = 20_000_000
    unpacked: int = 200_000_000
    ratio: int = 200
    seconds: float = 60.0
    memory: int = 4 * 2**30


LIMITS = Limits()
