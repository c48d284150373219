"""Who was hit: the holder of the place that day, as a chance, or what the source says was hit.

What a striker or its side says it hit is a claim, never the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.measures.belonging import belonging
from zenobia.measures.ground import COARSE_PRECISIONS, ground_levels
from zenobia.measures.prepared import NOTHING, Needs
from zenobia.measures.question import Apart, Of, SourcesRule, Where
from zenobia.measures.selection import select
from zenobia.measures.sheet import NO, NO_DAY, YES, Sheet
from zenobia.measures.voices import sides_ever, standing_with, unheard
from zenobia.terms import CONTESTED, SHARED, InputError, NotMeasurable, did_you_mean

if TYPE_CHECKING:
    from zenobia.measures.prepared import ControlLike
    from zenobia.record import View

__all__ = ["STRIKES", "Inside", "inside", "striker_side", "target_needs"]

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Codes = npt.NDArray[np.int64]

# What the strikes say of who was hit must not come from the strikes themselves.
STRIKES = frozenset({"air-strike", "shelling"})
# A report of a whole month stands for a day somewhere in it.
_DAYS_SEEN = 5
# A place and a day as one number: days from 1 CE on, fewer than ten million of them.
_STEP, _EARLIEST = 10_000_000, -1_000_000


class Inside(NamedTuple):
    """For each row the chance that it counts and that it does not; what is left is not known. Shape (rows,)."""

    yes: Floats
    no: Floats


def target_needs(view: View, of: Of, where: Where, sources: SourcesRule, apart: Apart) -> Needs:
    """The control estimate for ``target: held_by``: without strikes and without the striker's whole side."""
    if not where.names_holders or where.target == "as_stated":
        return NOTHING
    return Needs(
        "targets",
        without_types=STRIKES,
        without_sources=striker_side(view, of.actor or _strikers(view, of, sources, apart))
        | unheard(view, sources, apart),
        without_documents=frozenset(apart.documents),
    )


def _strikers(view: View, of: Of, sources: SourcesRule, apart: Apart) -> tuple[str, ...]:
    """Everybody who is said to have struck, where the question names nobody."""
    found = select(view, of, sources=sources, apart=apart)
    words, codes = found.sheet.coded("actor")
    named = {words[code] for code in np.unique(codes[found.levels != NO]) if code >= 0}
    return tuple(sorted({actor for word in named for actor in word.split("|")}))


def striker_side(view: View, strikers: tuple[str, ...]) -> frozenset[str]:
    """The sources that stand with a striker or with the holder that it backs, or ever did."""
    sides = {side for actor in strikers for side in sides_ever(view, actor) if side is not None}
    return standing_with(view, (*strikers, *sorted(sides)))


def inside(view: View, sheet: Sheet, rows: Rows, where: Where, control: ControlLike | None) -> Inside:
    """Whether each row lies inside ``where``: holders and ground together."""
    found = Inside(np.ones(len(rows)), np.zeros(len(rows)))
    if where.names_holders:
        check_holders(view, where)
        stated = where.target == "as_stated"
        found = _as_stated(view, sheet, rows, where) if stated else _held_by(sheet, rows, where, _given(control))
    if not where.anywhere:
        levels = ground_levels(view, sheet, where.ground)[rows]
        on_ground = Inside((levels == YES).astype(float), (levels == NO).astype(float))
        found = Inside(found.yes * on_ground.yes, 1 - (1 - found.no) * (1 - on_ground.no))
    return found


def check_holders(view: View, where: Where) -> None:
    """Refuse a holder that the case does not have."""
    states = (*view.setting.holders, CONTESTED, SHARED)
    known = states if where.target == "held_by" else (*states, *view.actors)
    for name in where.holders:
        if name not in known:
            raise InputError(
                f"{name!r} is not a holder of this case",
                value=name,
                expected=f"one of {', '.join(states)}",
                fix=did_you_mean(name, known) or "see `holders` in case.toml",
            )


def _held_by(sheet: Sheet, rows: Rows, where: Where, control: ControlLike) -> Inside:
    words, codes = sheet.coded("place")
    places = codes[rows].astype(np.int64)
    precision = sheet.by_word("where_precision", lambda w: NO if w in COARSE_PRECISIONS else YES, missing=YES)[rows]
    first, after = sheet.numbers("date")[rows].astype(np.int64), sheet.numbers("date_to")[rows].astype(np.int64)
    usable = np.flatnonzero((places >= 0) & (precision == YES) & (first != NO_DAY))
    yes, no = np.zeros(len(rows)), np.zeros(len(rows))
    if not len(usable):
        return Inside(yes, no)
    codes_asked, days, row = _asked(places[usable], first[usable], after[usable])
    pairs, back = np.unique(codes_asked * _STEP + days - _EARLIEST, return_inverse=True)
    chances = control.chances([words[code] for code in pairs // _STEP], (pairs % _STEP + _EARLIEST).astype(np.int32))
    of_pair = np.stack([np.nan_to_num(chances)[:, at].sum(axis=1) for at in _columns(control.states, where)])
    seen = np.bincount(row, minlength=len(usable))
    for into, chance in zip((yes, no), of_pair, strict=True):
        into[usable] = np.clip(np.bincount(row, chance[back.ravel()], len(usable)) / seen, 0, 1)
    return Inside(yes, no)


def _asked(places: Codes, first: Codes, after: Codes) -> tuple[Codes, Codes, Codes]:
    """Place, day and row of every look at a holder: one for a report of a day, several spread over a longer one."""
    last = np.where(after == NO_DAY, first, after - 1)
    longer = np.flatnonzero(last > first)
    spread = np.rint(np.linspace(first[longer], last[longer], _DAYS_SEEN, axis=1)).astype(np.int64).ravel()
    row = np.concatenate([np.flatnonzero(last <= first), np.repeat(longer, _DAYS_SEEN)])
    days = np.concatenate([first[last <= first], spread])
    return places[row], days, row


def _columns(states: tuple[str, ...], where: Where) -> tuple[list[int], list[int]]:
    """States that count and states that do not. What is contested or shared is neither, unless it is named."""
    named = where.holders
    settled = [s for s in states if s in named or s not in (CONTESTED, SHARED)]
    counts = [s for s in settled if (s in named) != bool(where.not_)]
    return [states.index(s) for s in counts], [states.index(s) for s in settled if s not in counts]


def _as_stated(view: View, sheet: Sheet, rows: Rows, where: Where) -> Inside:
    levels, said = belonging(view, sheet, "target", where.holders)[rows], sheet.coded("target")[1][rows] >= 0
    is_named, is_not = (levels == YES).astype(float), ((levels == NO) & said).astype(float)
    return Inside(is_not, is_named) if where.not_ else Inside(is_named, is_not)


def _given(control: ControlLike | None) -> ControlLike:
    if control is None:
        raise NotMeasurable("who held what was hit was not estimated; ask for `target: as_stated`")
    return control
