"""Why: what each report adds to the estimate of one place on one day, exactly.

The contribution of a report is by how much the log-odds of the leading state would fall if this
one report had not been made and all else, the model included, stayed: neither what it says of the
state nor what its news says of the day of a change.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control import dates
from zenobia.control.chain import Chain, Knots
from zenobia.control.dates import Window
from zenobia.control.evidence import Evidence, News
from zenobia.control.fitting import Fitted
from zenobia.control.rates import normalised
from zenobia.control.witnesses import log_chances

__all__ = ["Weight", "contributions"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Statements farther from the day than this many others no longer move an estimate.
_NEAREST = 24
_TINY = 1e-12


class Weight(NamedTuple):
    """What a report adds, in natural log-odds, toward the state that leads on that day."""

    report: str
    source: str
    day: int
    log_odds: float


class _Stretch(NamedTuple):
    """Knots ``first``..``last`` of a place, and its pieces of news, with the days they bear on and the strength."""

    first: int
    last: int
    news: News
    strength: Floats
    window: Window
    window_knot: Ints


class _Told(NamedTuple):
    """What is left out of one copy: statements of one report (rows), or one incident (its row); and the day of it."""

    report: int
    day: int
    rows: Ints
    fire: int = -1


def contributions(evidence: Evidence, fitted: Fitted, place: int, day: int) -> tuple[Ints, Ints, Floats]:
    """The reports nearest to a day, and what each adds to the leading state's log-odds.

    One copy of the place is made for each report, with that report's word taken out, and all
    copies are swept at once; what lies beyond the nearest statements enters as messages, unchanged.

    Returns:
        for each report its row in the view (r,), the day of its last statement (r,), and the log-odds (r,).
    """
    rows, said = _nearest(evidence, place, day), evidence.statements
    report = said.report[rows]
    told = [_of_report(evidence, rows[report == one]) for one in np.unique(report)]
    told += _fire(fitted, place, day)
    stretch = _stretch(evidence, fitted, place, day, rows, [one.fire for one in told if one.fire >= 0])
    knots, start, near = _copies(evidence, fitted, stretch, told)
    messages = chains.sweep(Chain(np.tile(start, (len(near), 1)), fitted.chain.step), knots, fitted.table)
    asked = np.full(len(near), day)
    forward, backward = chains.between(knots, messages, fitted.table, near, asked)
    held = normalised(forward * backward)
    odds = _log_odds(held[:, int(held[0].argmax())])
    of, on = (np.array(column, dtype=np.int64) for column in zip(*((t.report, t.day) for t in told), strict=True))
    return of, on, odds[0] - odds[1:]


def _of_report(evidence: Evidence, rows: Ints) -> _Told:
    said = evidence.statements
    return _Told(int(said.report[rows[-1]]), int(said.day[rows[-1]]), rows)


def _fire(fitted: Fitted, place: int, day: int) -> list[_Told]:
    """The heeded incidents of a place that are nearest to a day."""
    if fitted.fire is None:
        return []
    found = fitted.fire.found
    low, high = np.searchsorted(found.place, [place, place + 1])
    near = np.argsort(np.abs(found.day[low:high] - day), kind="stable")[:_NEAREST] + low
    nothing = np.zeros(0, dtype=np.int64)
    return [_Told(int(found.report[k]), int(found.day[k]), nothing, int(k)) for k in np.sort(near)]


def _nearest(evidence: Evidence, place: int, day: int) -> Ints:
    """The statements nearest to a day, and all others of the same reports."""
    low, high = np.searchsorted(evidence.statements.place, [place, place + 1])
    far = np.abs(evidence.statements.day[low:high] - day)
    report = evidence.statements.report[low:high]
    chosen = report[np.argsort(far, kind="stable")[:_NEAREST]]
    return np.asarray(np.flatnonzero(np.isin(report, chosen)) + low)


def _stretch(evidence: Evidence, fitted: Fitted, place: int, day: int, rows: Ints, fire: list[int]) -> _Stretch:
    """As much of a place as the day, these statements, their news and these incidents reach over."""
    begin, end = int(fitted.knots.begin[place]), int(fitted.knots.begin[place + 1])
    on = begin + int(np.searchsorted(fitted.knots.day[begin:end], day, side="right")) - 1
    low, high = np.searchsorted(fitted.window.place, [place, place + 1])
    heard, part = fitted.window, slice(int(low), int(high))
    told = slice(*(int(k) for k in np.searchsorted(evidence.news.place, [place, place + 1])))
    window = Window(heard.news[part] - told.start, heard.place[part], heard.day[part], heard.closeness[part])
    at = fitted.window_knot[part]
    news = News(*(column[told] for column in evidence.news))
    near = at[np.isin(news.statement[window.news], rows)]
    # A move into a knot is only seen with the knot before it.
    fired = fitted.fire.at[fire] if fitted.fire is not None else near[:0]
    first = min(on, int(fitted.knot_of[rows[0]]), int(near.min(initial=on)) - 1, int(fired.min(initial=on)))
    first = max(begin, first)
    # One knot past the day, so that what is said after it still reaches it as a message.
    last = max(min(on + 1, end - 1), int(fitted.knot_of[rows[-1]]), int(near.max(initial=on)))
    last = max(last, int(fired.max(initial=on)))
    return _Stretch(first, last, news, fitted.strength[told], window, at)


def _copies(evidence: Evidence, fitted: Fitted, stretch: _Stretch, told: list[_Told]) -> tuple[Knots, Floats, Ints]:
    """The stretch once whole and once without each report's statements and news."""
    whole, span = fitted.knots, slice(stretch.first, stretch.last + 1)
    place = int(np.searchsorted(whole.begin, stretch.first, side="right")) - 1
    start, likelihood = fitted.chain.start[place], whole.likelihood[span].copy()
    if stretch.first > whole.begin[place]:
        start, likelihood[0] = fitted.messages.forward[stretch.first], 1.0
    copies, length = len(told) + 1, len(likelihood)
    stack = np.tile(likelihood, (copies, 1, 1))
    log = log_chances(fitted.tables, evidence.sayings)
    news, tilts = np.tile(whole.news[span], (copies, 1)), [whole.tilt]
    for copy, (_, _, rows, fire) in enumerate(told, start=1):
        if fire >= 0 and fitted.fire is not None:
            says = fitted.fire.says[fire]
            stack[copy, fitted.fire.at[fire] - stretch.first] *= np.exp(says.min() - says)
        for row in rows:
            said = log[fitted.evidence.statements.witness[row], evidence.statements.says[row]] * fitted.weight[row]
            stack[copy, fitted.knot_of[row] - stretch.first] *= np.exp(said.min() - said)
        silenced = np.flatnonzero(np.isin(stretch.news.statement, rows))
        if len(silenced) and len(stretch.window.news):
            knot, tilt = _tilt_without(evidence, fitted, stretch, silenced)
            inside = np.flatnonzero((knot >= stretch.first) & (knot <= stretch.last))
            news[copy, knot[inside] - stretch.first] = sum(map(len, tilts)) + inside
            tilts.append(tilt)
    stack[:, -1] *= fitted.messages.backward[stretch.last]
    gap = whole.gap[span].copy()
    gap[0] = 0
    knots = Knots(
        day=np.tile(whole.day[span], copies),
        begin=np.arange(copies + 1) * length,
        gap=np.tile(gap, copies),
        likelihood=stack.reshape(-1, stack.shape[2]),
        news=news.ravel(),
        tilt=np.concatenate(tilts),
        tempo=np.tile(whole.tempo[span], copies),
    )
    return knots, start, np.arange(copies)


def _tilt_without(evidence: Evidence, fitted: Fitted, stretch: _Stretch, silenced: Ints) -> tuple[Ints, Floats]:
    """What the news of a place, without some of it, puts on the moves into its knots."""
    weight = fitted.weight[stretch.news.statement]
    weight[silenced] = 0.0
    says = evidence.sayings[stretch.news.says]
    return dates.tilt(stretch.news, says, stretch.window, stretch.strength, weight, stretch.window_knot)


def _log_odds(chance: Floats) -> Floats:
    held = np.clip(chance, _TINY, 1 - _TINY)
    return np.asarray(np.log(held / (1 - held)))
