"""Whose word a report is. Voices are counted by origin, not by publisher."""

from __future__ import annotations

from collections.abc import Mapping

from zenobia.terms import Source

__all__ = ["UNKNOWN_VOICE", "originals_of", "voice_of"]

# Compilations that do not say where they have it from may all have it from the same place.
UNKNOWN_VOICE = "unknown"
_COMPILATIONS = ("dataset", "encyclopedia", "encyclopaedia")


def voice_of(sources: Mapping[str, Source], source: str, origin: str | None) -> str:
    """The origin if one is stated; else whom the source says that it copies, if that is one; else the source.

    Copying is followed to its end: a paper that copies an agency that copies a wire is the wire's voice.
    All compilations that state no origin are together one voice. A paper that has it from a compilation has
    it from wherever that has it: else the same word would count twice, in the compilation and in the paper.
    """
    if origin and (origin == source or not _compiles(sources, origin)):
        return origin
    source = origin or source
    first = _original(sources, source)
    return UNKNOWN_VOICE if _compiles(sources, first) else first


def _compiles(sources: Mapping[str, Source], source: str) -> bool:
    known = sources.get(source)
    return known is not None and known.kind in _COMPILATIONS


def originals_of(sources: Mapping[str, Source], source: str) -> frozenset[str]:
    """All whose words a source passes on, directly or through others; never itself."""
    found: set[str] = set()
    rising = [source]
    while rising:
        known = sources.get(rising.pop())
        fresh = set(known.copies_from) - found if known is not None else set()
        found |= fresh
        rising.extend(fresh)
    return frozenset(found - {source})


def _original(sources: Mapping[str, Source], source: str) -> str:
    """The end of a chain of sources that each copy just one other."""
    passed = [source]
    while (known := sources.get(passed[-1])) is not None and len(known.copies_from) == 1:
        onward = known.copies_from[0]
        if onward in passed:
            # They copy each other: all of the circle are one voice, whichever of them is asked.
            return min(passed[passed.index(onward) :])
        passed.append(onward)
    return passed[-1]
