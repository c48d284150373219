"""Whose word a report is. Voices are counted by origin, not by publisher."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from zenobia.measures.sheet import Sheet

if TYPE_CHECKING:
    from zenobia.measures.question import Apart, SourcesRule
    from zenobia.record import View

__all__ = [
    "COMPILATIONS",
    "UNKNOWN_VOICE",
    "bloc_of",
    "by_voice",
    "only_heard",
    "stands_with",
    "unheard",
    "voice_of",
    "voices_of",
]

# What a compilation says without naming where it has it may all come from the same place.
COMPILATIONS = frozenset({"dataset", "encyclopedia", "encyclopaedia"})
UNKNOWN_VOICE = "unknown"

_VOICES: WeakKeyDictionary[View, tuple[list[str], npt.NDArray[np.intp]]] = WeakKeyDictionary()


def voice_of(view: View, source: str, origin: str | None) -> str:
    """The origin if it is named; else the source itself; compilations without an origin share one voice."""
    if origin:
        return origin
    kind = view.sources[source].kind if source in view.sources else None
    return UNKNOWN_VOICE if kind in COMPILATIONS else source


def bloc_of(view: View, voice: str) -> str | None:
    """The holder on whose side a voice stands; ``None`` for the unaligned and the unknown."""
    return view.camp_of(voice) if voice in view.sources else None


def by_voice(view: View, rows: Iterable[int] | npt.NDArray[np.intp]) -> dict[str, list[int]]:
    """Rows of the reports by whose word they are, voices in order of name."""
    names, codes = _voices(view)
    chosen = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.intp)
    order = chosen[np.argsort(codes[chosen], kind="stable")]
    groups = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    return {names[codes[group[0]]]: group.tolist() for group in groups if len(group)}


def _voices(view: View) -> tuple[list[str], npt.NDArray[np.intp]]:
    """The voices of a view, sorted, and which of them each report is; worked out once for a view."""
    if view not in _VOICES:
        sheet = Sheet.of(view)
        (sources, source), (origins, origin) = sheet.coded("source"), sheet.coded("origin")
        pairs, which = np.unique(np.stack([source, origin], axis=1), axis=0, return_inverse=True)
        told = [voice_of(view, sources[s] if s >= 0 else "", origins[o] if o >= 0 else None) for s, o in pairs]
        names = sorted(set(told))
        place = np.array([names.index(voice) for voice in told], dtype=np.intp)
        _VOICES[view] = (names, place[which.ravel()])
    return _VOICES[view]


def voices_of(view: View, reports: Iterable[str]) -> tuple[str, ...]:
    """The distinct voices behind some reports."""
    row_of = Sheet.of(view).row_of
    return tuple(by_voice(view, (row_of[report] for report in reports if report in row_of)))


def unheard(view: View, rule: SourcesRule, apart: Apart) -> frozenset[str]:
    """The sources that a question does not hear: those its rule leaves out, and the claimant's own."""
    left = {s for s in view.sources if stands_with(view, s, rule.stands_with_not)}
    return frozenset(left | {*rule.without, *apart.sources})


def only_heard(view: View, rule: SourcesRule) -> frozenset[str] | None:
    """The only sources that a question hears, if its rule says so."""
    wanted: frozenset[str] | None = None
    if rule.stands_with:
        wanted = frozenset(s for s in view.sources if stands_with(view, s, rule.stands_with))
    if rule.only:
        wanted = frozenset(rule.only) if wanted is None else wanted & frozenset(rule.only)
    return wanted


def stands_with(view: View, source: str, wanted: tuple[str, ...]) -> bool:
    """Whether a source stands with one of some actors, directly or by their side."""
    if source not in view.sources:
        return False
    own = view.sources[source].stands_with
    return own in wanted or view.camp_of(source) in wanted
