"""What reports say of who holds a place, and whether their voices are enough to go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.measures.belonging import belongs, parents
from zenobia.measures.ground import COARSE_PRECISIONS
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import Apart, SourcesRule
from zenobia.measures.selection import check_sources, credible, heard, set_apart
from zenobia.measures.sheet import NO_DAY, YES, Sheet
from zenobia.measures.voices import by_voice, is_listed, only_heard, stands_among, unheard
from zenobia.measures.wording import actor_name, listing, place_name, source_name
from zenobia.terms import CONTESTED, SHARED, InputError, NotMeasurable, did_you_mean

if TYPE_CHECKING:
    from zenobia.measures.prepared import ControlLike
    from zenobia.record import View

__all__ = [
    "Said",
    "Thin",
    "check_holder",
    "control_needs",
    "of_place",
    "on_basis",
    "said_of",
    "speaks_of_control",
    "speaks_of_place",
    "statuses",
    "thin",
    "until",
]

_STATUS_OF_TYPE = {"capture": "takes", "withdrawal": "loses"}
# Some 27 years: every draw holds every day of a window.
_LONGEST = 10_000
_HAS, _LOST, _NEITHER = ("holds", "takes"), ("loses",), ("contests", "shares")


class Said(NamedTuple):
    """What reports of a place say of one holder: that it has it, or that it has it not."""

    has: tuple[int, ...]
    has_not: tuple[int, ...]


class Thin(NamedTuple):
    """Why the voices are too few to go by, if they are; and how many are independent."""

    why: str | None
    voices: int


def control_needs(view: View, sources: SourcesRule, apart: Apart) -> Needs:
    """An estimate of control that hears whom the question hears, and not the claimant."""
    check_sources(view, sources)
    return Needs(
        "control",
        without_sources=unheard(view, sources, apart),
        only_sources=only_heard(view, sources),
        without_documents=frozenset(apart.documents),
    )


def on_basis(view: View, prepared: Prepared, place: str) -> ControlLike:
    """The estimate, if it knows anything of the place.

    Raises:
        NotMeasurable: no report says who held the place.
    """
    view.place(place)
    control = prepared.control
    if control is None or place not in control.places:
        raise NotMeasurable(
            f"no independent report says who held {place_name(view, place)};"
            " a dated one from a source that takes no side would settle it"
        )
    return control


def check_holder(view: View, holder: str) -> None:
    """Refuse a holder that the case does not have."""
    states = (*view.setting.holders, CONTESTED, SHARED)
    if holder not in states:
        raise InputError(
            f"{holder!r} is not a holder of this case",
            value=holder,
            expected=f"one of {', '.join(states)}",
            fix=did_you_mean(holder, states) or "see `holders` in case.toml",
        )


def of_place(view: View, place: str, sources: SourcesRule, apart: Apart) -> tuple[list[int], tuple[str, ...]]:
    """Rows that speak of control of a place and are heard; and the claimant's own, apart."""
    sheet = Sheet.of(view)
    there = sheet.by_word("place", lambda w: YES if w == place else 0) == YES
    there &= speaks_of_control(sheet) & speaks_of_place(sheet) & (sheet.numbers("date") != NO_DAY)
    mine = set_apart(view, apart)
    rows = np.flatnonzero(there & ~mine & (heard(view, sources) == YES))
    return [int(row) for row in rows], sheet.named(np.flatnonzero(there & mine))


def speaks_of_control(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Which reports say something of who holds a place: by a status, or by their type."""
    by_type = sheet.by_word("type", lambda word: YES if word in _STATUS_OF_TYPE else 0)
    return np.asarray((sheet.coded("status")[1] >= 0) | (by_type == YES), dtype=np.bool_)


def speaks_of_place(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Which reports speak of the place itself, and not of a district or a country that it stands for."""
    wider = sheet.by_word("where_precision", lambda word: YES if word in COARSE_PRECISIONS else 0)
    return np.asarray(wider != YES, dtype=np.bool_)


def statuses(sheet: Sheet, status: str) -> npt.NDArray[np.bool_]:
    """Which reports say one thing of control: ``takes``, ``holds``..., by their status or by their type."""
    by_type = sheet.by_word("type", lambda word: YES if _STATUS_OF_TYPE.get(word) == status else 0)
    silent = sheet.coded("status")[1] < 0
    named = sheet.by_word("status", lambda word: YES if word == status else 0)
    return np.asarray((named == YES) | (silent & (by_type == YES)), dtype=np.bool_)


def until(start: dt.date, end: dt.date, known: dt.date | None) -> dt.date:
    """The end of a window, closed-open, as far as anything can be known: no record knows the days after its own.

    Raises:
        InputError: a window longer than whole histories are drawn for.
    """
    if (end - start).days > _LONGEST:
        raise InputError(
            "a window that is too long",
            value=f"{start}..{end}",
            expected=f"at most {_LONGEST:,} days",
            fix="ask for a shorter one",
        )
    if known is None:
        return end
    return max(min(end, known + dt.timedelta(days=1)), start + dt.timedelta(days=1))


def said_of(view: View, rows: Iterable[int], holder: str) -> Said:
    """Which rows say that a holder has the place, and which that it has not."""
    sheet, ties = Sheet.of(view), parents(view)
    has: list[int] = []
    has_not: list[int] = []
    for row in rows:
        status = sheet.word("status", row) or _STATUS_OF_TYPE.get(sheet.word("type", row) or "", "")
        named = sheet.word("holder", row)
        day = int(sheet.numbers("date")[row])
        mine = named is not None and all(belongs(actor, (holder,), ties, day) for actor in named.split("|"))
        verdict = _has(status, mine, named, holder)
        if verdict is not None:
            (has if verdict else has_not).append(row)
    return Said(tuple(has), tuple(has_not))


def thin(view: View, supporting: Iterable[int], gains: str) -> Thin:
    """Whether some reports are too little to go by: none, or none from anybody who is known not to gain by them."""
    told = list(supporting)
    believed = credible(Sheet.of(view))
    voices = by_voice(view, [row for row in told if believed[row]])
    if told and not voices:
        return Thin("what says so is said to be doubtful or improbable; a report that is neither would settle it", 0)
    if not voices:
        return Thin("no independent report says so; a dated one from a source that takes no side would settle it", 0)
    who = listing(source_name(view, voice) for voice in voices)
    gaining = [voice for voice, rows in voices.items() if stands_among(view, voice, rows, (gains,))]
    if len(gaining) == len(voices):
        return Thin(
            f"only {who} says so, which stands with {actor_name(view, gains)}, the side that gains by it;"
            " a report from anybody else would settle it",
            len(voices),
        )
    if not any(is_listed(view, voice) for voice in voices if voice not in gaining):
        return Thin(
            f"only {who} says so, and of whom the record does not list nobody knows whose side it takes;"
            " a report from a listed source on no side would settle it",
            len(voices),
        )
    return Thin(None, len(voices))


def _has(status: str, mine: bool, named: str | None, holder: str) -> bool | None:
    """What a status says of one holder; ``None`` where it says nothing of it."""
    if status in _HAS:
        return mine
    if status in _LOST:
        return False if mine else None
    if status in _NEITHER:
        return holder == (CONTESTED if status == "contests" else SHARED)
    return None
