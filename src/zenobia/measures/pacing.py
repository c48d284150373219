"""What was counted before a day and after it, and the ratio of the two rates: on lists, or in joint draws of gains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zenobia.measures.clusters import gathered
from zenobia.measures.counting import counts
from zenobia.measures.frames import (
    Cover,
    covers,
    is_heard,
    lists_of_changes,
    missing_changes,
    missing_list,
    rows_of,
    unclear_rows,
)
from zenobia.measures.ground import away_km
from zenobia.measures.holding import until
from zenobia.measures.joint import STAY_DAYS, Gained, drawn, draws_for, gained, on_ground, reached
from zenobia.measures.prepared import Prepared
from zenobia.measures.question import Of, Taking
from zenobia.measures.rates import Ratio, middle, ratio_of_counts, ratio_of_draws
from zenobia.measures.selection import select
from zenobia.measures.sheet import YES
from zenobia.measures.telling import alone_words
from zenobia.measures.unseen import unseen_words
from zenobia.measures.wording import listing, number, place_name, plural
from zenobia.terms import InputError, NotMeasurable, day_number

if TYPE_CHECKING:
    from zenobia.measures.pace import Pace
    from zenobia.record import View

__all__ = ["Paced", "paced"]

Floats = npt.NDArray[np.float64]

# A gain less likely than this names no evidence; one less likely than that is part of no push.
_POSSIBLE, _LIKELY = 0.05, 0.5
# Gains this near to one another come with one push.
_PUSH_KM, _PUSH_DAYS = 25.0, 7


@dataclass(frozen=True)
class Paced:
    """What was counted before and after, and the ratio of the rates.

    ``before``, ``after``: the best counts; ``rows_before``, ``rows_after`` the reports behind them;
    ``clumps`` how many come at a time; ``short`` why the figure carries no verdict, if it does not.
    """

    ratio: Ratio
    before: float
    after: float
    rows_before: tuple[int, ...]
    rows_after: tuple[int, ...]
    days: tuple[int, int]
    notes: tuple[str, ...]
    claimant: tuple[str, ...]
    frame: str | None = None
    source: str | None = None
    draws: int | None = None
    clumps: float = 1.0
    short: str | None = None


def _days(asked: Pace, view: View) -> tuple[dt.date, tuple[int, int]]:
    """The end of the period as far as it is known, and how long it lasted before and after the turn."""
    end = until(asked.at, asked.end, view.known)
    return end, ((asked.at - asked.start).days, (end - asked.at).days)


def paced(asked: Pace, view: View, prepared: Prepared) -> list[Paced]:
    """What was counted before and after: by each list that covers both, or of gains in the draws.

    Raises:
        NotMeasurable: no list covers what is asked; or no report says who held any place there.
    """
    if asked.change is not None:
        return [_of_gains(asked, asked.change, view, prepared)]
    found = list(_of_lists(asked, view))
    if not found:
        of = _of_period(asked, asked.start, asked.end)
        raise NotMeasurable(
            "no list covers what is asked, and the pace of what people happened to tell is not that of what happened;"
            f" {missing_list(view, of, asked.unit or 'incident')} would settle it"
        )
    # What a list cannot see may have changed its pace; one that sees all of it decides.
    return [one for one in found if not one.short] or found


# -- reports on a list ---------------------------------------------------------------------------


def _of_period(asked: Pace, start: dt.date, end: dt.date) -> Of:
    assert asked.of is not None
    ground = {"place": asked.place, "area": asked.area, "admin1": asked.admin1, "within_km": asked.within_km}
    return asked.of.model_copy(update={"start": start, "end": end, **ground})


def _of_lists(asked: Pace, view: View) -> Iterator[Paced]:
    assert asked.of is not None
    if not asked.of.type:
        raise InputError("a pace needs to know of what", column="of.type", fix="add `type:` under `of`")
    end, days = _days(asked, view)
    for cover in covers(view, _of_period(asked, asked.start, end), asked.unit or "incident"):
        if cover.whole and is_heard(view, cover, asked.sources, asked.apart):
            counted = [_counted(asked, view, cover, *p) for p in ((asked.start, asked.at), (asked.at, end))]
            if any(len(one.rows) for one in counted):
                yield _ratio_on_list(asked, view, cover, counted, days)


@dataclass(frozen=True)
class _Counted:
    """One list in one period: what it surely counts, what it may, by how much single reports weigh."""

    sure: float
    most: float
    weights: Floats
    rows: npt.NDArray[np.intp]
    unclear: tuple[str, ...]
    claimant: tuple[str, ...]


def _counted(asked: Pace, view: View, cover: Cover, start: dt.date, end: dt.date) -> _Counted:
    selection = select(view, _of_period(asked, start, end), sources=asked.sources, apart=asked.apart)
    rows = rows_of(view, selection, cover)
    figures = counts(selection.sheet, rows, asked.unit or "incident")
    surely = selection.levels[rows] == YES
    best = np.where(np.isnan(figures.best), figures.low, figures.best)
    most = np.where(np.isnan(figures.high), best, figures.high)
    return _Counted(
        sure=float(best[surely].sum()),
        most=float(np.where(surely, best, most).sum()),
        weights=best[surely],
        rows=rows,
        unclear=unclear_rows(selection.levels[rows].tolist()),
        claimant=selection.claimant_only,
    )


def _ratio_on_list(asked: Pace, view: View, cover: Cover, counted: list[_Counted], days: tuple[int, int]) -> Paced:
    first, second = counted
    clumps = _clumps(np.concatenate([first.weights, second.weights]))
    ratio = ratio_of_counts(
        (first.sure / clumps, second.sure / clumps), (first.most / clumps, second.most / clumps), days
    )
    notes = [f"{cover.name(view)}: {note}" for note in (*cover.rules, *first.unclear, *second.unclear)]
    if clumps > 1:
        unit = plural(asked.unit or "incident")
        notes.append(f"{unit} come about {number(clumps)} at a time, which widens the interval")
    return Paced(
        ratio=ratio,
        before=first.sure,
        after=second.sure,
        rows_before=tuple(first.rows.tolist()),
        rows_after=tuple(second.rows.tolist()),
        days=days,
        notes=tuple(dict.fromkeys(notes)),
        claimant=tuple(sorted({*first.claimant, *second.claimant})),
        frame=cover.name(view),
        source=cover.source,
        clumps=clumps,
        short=_unseen(asked, view, cover),
    )


def _unseen(asked: Pace, view: View, cover: Cover) -> str | None:
    missed = cover.hides(asked.sources)
    if not missed:
        return None
    so = "nobody knows how many of those came before the day and how many after"
    return f"{unseen_words(view, cover.name(view), missed, so)}; a list that sees that ground too would settle it"


def _clumps(weights: Floats) -> float:
    """How many come at a time, seen by their luck: 1 where each report counts one."""
    total = float(weights.sum())
    return max(1.0, float((weights**2).sum()) / total) if total > 0 else 1.0


# -- places changing hands -----------------------------------------------------------------------


def _of_gains(asked: Pace, change: Taking, view: View, prepared: Prepared) -> Paced:
    end, days = _days(asked, view)
    draws = draws_for(len(on_ground(view, prepared.control, asked.ground)), prepared.draws)
    ends = [day_number(when) for when in (asked.start, asked.at, end)]
    reach = reached(view, ends[0], ends[2] + STAY_DAYS)
    histories = drawn(view, prepared.control, asked.ground, ends[0], reach, draws, prepared.seed)
    first, second = (
        gained(
            view,
            prepared.control,
            asked.ground,
            change.before or None,
            change.after,
            start,
            stop,
            draws,
            prepared.seed,
            sources=asked.sources,
            apart=asked.apart,
            histories=histories,
        )
        for start, stop in pairwise(ends)
    )
    sure = tuple(_sum(part, part.backed) for part in (first, second))
    told = tuple(
        _sum(part, np.array([p in part.told for p in part.places], dtype=np.bool_)) for part in (first, second)
    )
    clumps = _pushes(view, first, second)
    ratio = ratio_of_draws((sure[0] / clumps, sure[1] / clumps), (told[0] / clumps, told[1] / clumps), days)
    own = alone_words({place: part.told[place] for part in (first, second) for place in part.claimed_only})
    lists = lists_of_changes(
        view, asked.ground, asked.start, end, asked.sources, asked.apart, losers=change.before, takers=change.after
    )
    return Paced(
        ratio=ratio,
        before=middle(sure[0]),
        after=middle(sure[1]),
        rows_before=_rows(first),
        rows_after=_rows(second),
        days=days,
        notes=tuple(_gain_notes(view, own, clumps, listed=bool(lists))),
        claimant=tuple(sorted({*first.claimant_only, *second.claimant_only})),
        frame=listing(cover.name(view) for cover in lists) or None,
        draws=draws,
        clumps=clumps,
        short=None if lists else _unlisted(asked, view, end),
    )


def _unlisted(asked: Pace, view: View, end: dt.date) -> str:
    """Why a ratio of what was told is no ratio of what happened: what nobody told of may lie on either side."""
    missing = missing_changes(view, asked.ground, asked.start, end)
    return (
        "no list holds every change of hands there, so more may be on record of one side of that day than of the"
        f" other; {missing} would settle it"
    )


def _sum(part: Gained, places: npt.NDArray[np.bool_]) -> Floats:
    return np.asarray(part.matrix[:, places].sum(axis=1), dtype=np.float64)


def _rows(part: Gained) -> tuple[int, ...]:
    """The reports of gains that are possible and that somebody other than the taker tells of."""
    likely = part.backed & (part.chance >= _POSSIBLE)
    return tuple(sorted(row for k in np.flatnonzero(likely) for row in part.told[part.places[k]].rows))


def _pushes(view: View, *parts: Gained) -> float:
    """How many places come with one push: a city and its outskirts do not fall by luck of their own."""
    likely = [
        (place, days[1])
        for part in parts
        for k in np.flatnonzero(part.backed & (part.chance >= _LIKELY))
        for place in (part.places[k],)
        if (days := part.days(place)) is not None
    ]
    if not likely:
        return 1.0
    near = np.nan_to_num(away_km(view, [place for place, _ in likely]), nan=np.inf) <= _PUSH_KM
    group = gathered(np.array([on for _, on in likely]), np.ones(len(likely), dtype=np.bool_), near, _PUSH_DAYS)
    return _clumps(np.bincount(group).astype(np.float64))


def _gain_notes(view: View, own: Mapping[str, tuple[str, ...]], clumps: float, *, listed: bool) -> Iterator[str]:
    if clumps > 1:
        yield (
            f"places within {_PUSH_KM:g} km and {_PUSH_DAYS} days of another fell to one push: about"
            f" {number(round(clumps, 1))} at a time, which widens the interval"
        )
    if not listed:
        yield "it counts the changes of hands that are told of; of whichever side more is told, that side looks faster"
    for who, places in own.items():
        names = listing(place_name(view, place) for place in places)
        yield f"told of only {who}, so in doubt on either side of the day: {names}"
