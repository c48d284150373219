"""When places changed hands: what "taken on day d" says of the days round d.

News that a place was taken on a day makes a change into that holder likelier on the days near it.
Without this a smoothed model dates every change to the middle of the silence between two reports.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import News

__all__ = ["EARLIEST", "LATEST", "MARGIN", "Window", "closeness", "strengths", "tilt", "windows"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Change days looked at beside the stated day: it may have come before (told late) or be still to
# come (claimed early, by one's own side).
EARLIEST, LATEST = -4, 10
# Days round the news within which a change, dated without it, counts as what the news told of.
MARGIN = 15
_FALL = 1.2
_EARLY_CLAIM = 0.04
# The most that one piece of news may raise the odds of a change on its day: told by the side that gains,
# or by anybody else; and all of it together.
_MOST_BOAST, _MOST_OTHER = 150.0, 1000.0
_MOST_TOGETHER = 10_000.0
_TOGETHER_DAYS = 10


class Window(NamedTuple):
    """One row per piece of news and day that it bears on, all of shape (w,).

    ``news`` is the row in the news; ``closeness`` is 1 on the stated day of a day-precise report.
    """

    news: Ints
    place: Ints
    day: Ints
    closeness: Floats


def closeness(lag: npt.NDArray[np.int64]) -> Floats:
    """How well a change ``lag`` days after the stated day fits the news; 1 at no lag."""
    near = np.exp(-np.abs(lag) / _FALL)
    return np.where(lag > 0, np.maximum(near, _EARLY_CLAIM), near)


def windows(news: News, origin: int) -> Window:
    """The days on which each piece of news bears; none on or before ``origin``, the first day of all."""
    length = news.last - news.first + 1 + LATEST - EARLIEST
    row = np.repeat(np.arange(len(length)), length)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    day = news.first[row] + EARLIEST + nth
    # Within the stated period there is no lag; the whole window weighs what that of a single day does.
    lag = np.where(day > news.last[row], day - news.last[row], np.minimum(day - news.first[row], 0))
    near = closeness(lag)
    near *= _whole() / np.bincount(row, near, len(length))[row]
    keep = day > origin
    return Window(row[keep], news.place[row][keep], day[keep], near[keep])


def strengths(news: News, camp: Ints, says: npt.NDArray[np.bool_], rise: Floats, rate: Floats) -> Floats:
    """How much each piece of news raises the odds of a change on its day, shape (m,).

    Sources that stand with the side that gains, with another, and with none are judged apart, each
    by how often a change that is seen without the news went with it (m) against how often nothing
    did (1 - m). If such changes come at a rate of ``rate`` a day, news that is right with odds m/(1-m)
    raises the daily odds by m / (1 - m) / rate, spread over its window.

    Args:
        camp: (m,) position of the holder that the teller stands with, -1 for none.
        says: (m, K) states that the place is said to have come into.
        rise: (m,) chance that it did come into them within ``MARGIN`` days, judged without the news.
        rate: (m,) how often, per day, a place makes such a move.
    """
    gains = says[np.arange(len(camp)), np.maximum(camp, 0)]
    group = np.where(camp < 0, 0, np.where(gains, 1, 2))
    strength = np.zeros(len(camp))
    for k in np.unique(group):
        told = group == k
        odds = (rise[told].sum() + 0.5) / ((1 - rise[told]).sum() + 1.0)
        most = _MOST_BOAST if k == 1 else _MOST_OTHER
        strength[told] = min(most, odds / rate[told].mean() / _whole())
    return strength


def tilt(
    news: News, says: npt.NDArray[np.bool_], window: Window, strength: Floats, weight: Floats, knot: Ints
) -> tuple[Ints, Floats]:
    """Factors on the moves of the days that news bears on.

    Each piece multiplies the odds of a change by 1 + strength * closeness, to the power of its weight:
    ten that agree on a day leave little doubt of the day. Of whether there was a change at all they
    leave more, since they may all have it from one mouth: together they raise no day's odds by more
    than 10,000, and the days round the likeliest fall with it.

    Args:
        says: (m, K) states that the place is said to have come into. strength, weight: (m,).
        knot: (w,) the knot of each day of the windows.

    Returns:
        the knots concerned (t,), and the factors (t, K, K): into the states that a place is said to
        have come into, or out of the holder that is said to have lost it. Staying is not touched.
    """
    told, first, row = np.unique(knot, return_index=True, return_inverse=True)
    states = says.shape[1]
    into, out = np.zeros((len(told), states)), np.zeros((len(told), states))
    raised = np.log1p(strength[window.news] * window.closeness) * weight[window.news]
    leaving = news.leaving[window.news]
    takes, loses = leaving < 0, leaving >= 0
    np.add.at(into, row[takes], raised[takes, None] * says[window.news[takes]])
    np.add.at(out, (row[loses], leaving[loses]), raised[loses])
    place, day = window.place[first], window.day[first]
    moves = np.exp(_capped(out, place, day)[:, :, None] + _capped(into, place, day)[:, None, :])
    moves[:, np.arange(states), np.arange(states)] = 1.0
    return told, moves


def _capped(raised: Floats, place: Ints, day: Ints) -> Floats:
    """Log factors (t, K) lowered by what the likeliest day near exceeds the most by; none below zero."""
    clock = place * (int(np.ptp(day)) + _TOGETHER_DAYS + 1) + (day - day.min())
    top = raised.copy()
    # Sorted and without repeats, so that what lies within ten days stands at most ten rows away.
    for rows in range(1, min(_TOGETHER_DAYS, len(clock) - 1) + 1):
        near = np.flatnonzero(clock[rows:] - clock[:-rows] <= _TOGETHER_DAYS)
        top[near] = np.maximum(top[near], raised[near + rows])
        top[near + rows] = np.maximum(top[near + rows], raised[near])
    over = np.maximum(top - np.log(_MOST_TOGETHER), 0.0)
    return np.asarray(np.maximum(raised - over, 0.0))


def _whole() -> float:
    return float(closeness(np.arange(EARLIEST, LATEST + 1)).sum())
