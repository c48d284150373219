"""Laying knots: on which days each place is looked at, so that the days between cost nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control import dates, lives
from zenobia.control.chain import Knots
from zenobia.control.evidence import Evidence

__all__ = ["lay", "with_days"]

Ints = npt.NDArray[np.int64]


def lay(evidence: Evidence, origin: int, living: lives.Lives, looks: Ints) -> tuple[Knots, Ints, Ints]:
    """Knots on the first day of all, on days with statements, round days with news, and on days of looks.

    A day with news has the day before it as a knot too, so that its move is one day's; and so has one on which a
    holder appears or ends, at every place. On a day of ``looks`` every place has a knot.

    Returns:
        the knots; the knot of each statement (n,); that of each place on each day of looks (P * t,).
    """
    said, window = evidence.statements, dates.windows(evidence.news, origin)
    last = max(int(said.day.max()), int(window.day.max(initial=origin)), int(looks.max(initial=origin)))
    turns = living.turning(origin, last + 1)
    first, states = len(evidence.places), len(evidence.states)
    every, common = np.arange(first), np.concatenate([turns - 1, turns, looks])
    place = np.concatenate([every, said.place, window.place, window.place, np.repeat(every, len(common))])
    day = np.concatenate([np.full(first, origin), said.day, window.day, window.day - 1, np.tile(common, first)])
    span = int(day.max()) - origin + 1
    keys, at = np.unique(place * span + (day - origin), return_inverse=True)
    when = keys % span + origin
    begin = np.searchsorted(keys // span, np.arange(first + 1))
    gap = np.diff(when, prepend=origin)
    gap[begin[:-1]] = 0
    knots = Knots(
        day=when,
        begin=begin,
        gap=gap,
        likelihood=np.ones((len(keys), states)),
        news=np.full(len(keys), -1, dtype=np.int64),
        tilt=np.ones((0, states, states)),
        tempo=np.zeros(len(keys), dtype=np.int64),
    )
    of_common = at[len(at) - first * len(common) :].reshape(first, len(common))
    return _with_endings(knots, living), at[first : first + len(said.day)], of_common[:, 2 * len(turns) :].ravel()


def with_days(knots: Knots, place: Ints, day: Ints) -> tuple[Knots, Ints, Ints]:
    """The same knots and more, on some days of places; none of these before the first day of all.

    Returns:
        the knots, with nothing said on those that are new; where each old one stands (n,), and where each asked (m,).
    """
    owner = np.repeat(np.arange(len(knots.begin) - 1), np.diff(knots.begin))
    origin = int(knots.day.min())
    span = int(max(knots.day.max(), day.max(initial=origin))) - origin + 1
    keys = np.concatenate([owner * span + knots.day, place * span + day]) - origin
    every, at = np.unique(keys, return_inverse=True)
    old, new = at[: len(owner)], at[len(owner) :]
    when = every % span + origin
    begin = np.searchsorted(every // span, np.arange(len(knots.begin)))
    gap = np.diff(when, prepend=origin)
    gap[begin[:-1]] = 0
    likelihood = np.ones((len(every), knots.likelihood.shape[1]))
    likelihood[old] = knots.likelihood
    news = np.full(len(every), -1, dtype=np.int64)
    news[old] = knots.news
    # The days after a new knot pass as those after the old one before it.
    tempo = knots.tempo[np.searchsorted(old, np.arange(len(every)), side="right") - 1]
    return Knots(when, begin, gap, likelihood, news, knots.tilt, tempo), old, new


def _with_endings(knots: Knots, living: lives.Lives) -> Knots:
    """Marks the moves of the days on which holders end; what they are depends on the chain."""
    days = lives.endings(living)
    at = np.searchsorted(days, knots.day)
    found = (at < len(days)) & (knots.gap == 1)
    found[found] = days[at[found]] == knots.day[found]
    states = knots.likelihood.shape[1]
    return knots._replace(news=np.where(found, at, -1), tilt=np.ones((len(days), states, states)))
