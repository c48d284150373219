"""Whose word a report is. Voices are counted by origin, not by publisher."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from zenobia import record
from zenobia.measures.belonging import belongs, parents
from zenobia.measures.sheet import NO_DAY, Sheet
from zenobia.record import UNKNOWN_VOICE
from zenobia.terms import day_number

if TYPE_CHECKING:
    from zenobia.measures.question import Apart, SourcesRule
    from zenobia.record import Basis, View

__all__ = [
    "UNKNOWN_VOICE",
    "bloc_of",
    "by_voice",
    "is_listed",
    "only_heard",
    "sides_ever",
    "sides_on",
    "standing_with",
    "stands_among",
    "stands_with",
    "unheard",
    "voice_of",
    "voices_of",
]

_VOICES: WeakKeyDictionary[View, tuple[list[str], npt.NDArray[np.intp]]] = WeakKeyDictionary()
_STANDING: WeakKeyDictionary[Basis, dict[tuple[str, ...], frozenset[str]]] = WeakKeyDictionary()
_SIDES: WeakKeyDictionary[Basis, dict[str, frozenset[str | None]]] = WeakKeyDictionary()


def voice_of(view: View, source: str, origin: str | None) -> str:
    """Whose voice a report is (see `zenobia.record.voice_of`)."""
    return record.voice_of(view.sources, source, origin)


def is_listed(view: View, voice: str) -> bool:
    """Whether the record lists a voice: of a stranger nobody knows whose side it takes."""
    return voice == UNKNOWN_VOICE or voice in view.sources


def bloc_of(view: View, voice: str, rows: Iterable[int] = ()) -> str | None:
    """The holder on whose side a voice stood when it said some rows; ``None`` for the unaligned and the unknown.

    One that spoke from two sides, or from none for a time, is in no bloc.
    """
    found = sides_on(view, voice, rows)
    return next(iter(found)) if len(found) == 1 else None


def sides_on(view: View, voice: str, rows: Iterable[int]) -> frozenset[str | None]:
    """The sides that a voice took on the days of some rows; ``None`` among them is no side."""
    stands = view.sources[voice].stands_with if voice in view.sources else None
    ever = sides_ever(view, stands)
    if stands is None or len(ever) == 1:
        return ever
    sheet = Sheet.of(view)
    days = {
        int(d) if (d := sheet.numbers("date")[row]) != NO_DAY else int(sheet.numbers("published")[row]) for row in rows
    }
    return frozenset(view.side_of(stands, day) for day in days) or ever


def stands_among(view: View, voice: str, rows: Iterable[int], holders: Iterable[str]) -> bool:
    """Whether every side that a voice took when it said some rows is one of some holders, part of one, or over one."""
    ties, wanted = parents(view), tuple(holders)
    return all(
        side is not None
        and (belongs(side, wanted, ties, None) or any(belongs(holder, (side,), ties, None) for holder in wanted))
        for side in sides_on(view, voice, rows)
    )


def sides_ever(view: View, actor: str | None) -> frozenset[str | None]:
    """Every side that an actor ever stood on, ``None`` for the times it stood on none."""
    if actor is None:
        return frozenset({None})
    kept = _SIDES.setdefault(view.basis, {})
    if actor not in kept:
        ties = view.table("affiliations").select(["start", "end"]).to_pylist()
        turns = sorted({day_number(tie[key]) for tie in ties for key in ("start", "end") if tie[key] is not None})
        days = [turns[0] - 1, *turns] if turns else [None]
        kept[actor] = frozenset(view.side_of(actor, day) for day in days)
    return kept[actor]


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
    return standing_with(view, rule.stands_with_not) | {*rule.without, *apart.sources}


def only_heard(view: View, rule: SourcesRule) -> frozenset[str] | None:
    """The only sources that a question hears, if its rule says so."""
    wanted: frozenset[str] | None = None
    if rule.stands_with:
        wanted = standing_with(view, rule.stands_with)
    if rule.only:
        wanted = frozenset(rule.only) if wanted is None else wanted & frozenset(rule.only)
    return wanted


def stands_with(view: View, source: str, wanted: tuple[str, ...]) -> bool:
    """Whether a source stands with one of some actors, directly or by their side, or ever did."""
    return source in standing_with(view, wanted)


def standing_with(view: View, wanted: tuple[str, ...]) -> frozenset[str]:
    """The sources that stand with one of some actors, directly or by their side, or ever did."""
    kept = _STANDING.setdefault(view.basis, {})
    if wanted not in kept:
        kept[wanted] = frozenset(s for s, known in view.sources.items() if _stands(view, known.stands_with, wanted))
    return kept[wanted]


def _stands(view: View, actor: str | None, wanted: tuple[str, ...]) -> bool:
    return actor in wanted or any(side in wanted for side in sides_ever(view, actor))
