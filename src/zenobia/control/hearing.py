"""Hearing the news: what reports of changes of hands put on the moves of the days round them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control import dates
from zenobia.control.chain import Chain, Knots, Messages
from zenobia.control.evidence import Evidence

__all__ = ["Bearing", "Heard", "bearing", "heard", "softly", "strengths"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# From this share of all reports on, news speaks while the model learns: so often as likely does it make a change on
# its day, told by the side that gains and by anybody else.
_MOSTLY_NEWS = 0.5
_SOFT_BOAST, _SOFT_OTHER = 10.0, 100.0


class Bearing(NamedTuple):
    """What news puts on the moves of the days that it bears on: these days, the knot of each, and of the knots
    concerned (t,) which they are and the factors (t, S, S)."""

    window: dates.Window
    at: Ints
    told: Ints
    tilt: Floats


class Heard(NamedTuple):
    """Knots with the news on their moves; the days that it bears on, and the knot of each."""

    knots: Knots
    window: dates.Window
    at: Ints


def bearing(evidence: Evidence, origin: int, weight: Floats, knots: Knots, strength: Floats) -> Bearing:
    """What news puts on the moves into some knots, wherever these are reached from.

    Args:
        origin: the first day of all. weight: (n,) of each statement. strength: (m,) of each piece of news.
    """
    news = evidence.news
    window = dates.windows(news, origin)
    at = chains.last_knot(knots, window.place, window.day)
    told, tilt = dates.tilt(news, evidence.sayings[news.says], window, strength, weight[news.statement], at)
    return Bearing(window, at, told, tilt)


def heard(knots: Knots, bears: Bearing) -> Heard:
    """Put the news on the moves of the days that it bears on."""
    told, tilt = bears.told, bears.tilt
    before = np.flatnonzero(knots.news[told] >= 0)
    if len(before):
        tilt = tilt.copy()
        tilt[before] *= knots.tilt[knots.news[told[before]]]
    marked = knots.news.copy()
    marked[told] = len(knots.tilt) + np.arange(len(told))
    return Heard(knots._replace(news=marked, tilt=np.concatenate([knots.tilt, tilt])), bears.window, bears.at)


def softly(evidence: Evidence, camps: Ints) -> Floats:
    """How strongly news speaks while the model learns, (m,): not at all where most reports are of another kind.

    Args:
        camps: (witnesses,) the side of each, -1 for none.
    """
    news, report = evidence.news, evidence.statements.report
    share = _distinct(report[news.statement]) / max(1, _distinct(report))
    if share <= _MOSTLY_NEWS:
        return np.zeros(len(news.place))
    camp, says = camps[news.witness], evidence.sayings[news.says]
    boast = (camp >= 0) & says[np.arange(len(camp)), np.maximum(camp, 0)]
    return np.where(boast, _SOFT_BOAST, _SOFT_OTHER)


def _distinct(rows: Ints) -> int:
    return int((np.bincount(rows) > 0).sum())


def strengths(
    evidence: Evidence, camps: Ints, chain: Chain, knots: Knots, messages: Messages, table: Floats, origin: int
) -> Floats:
    """How much each piece of news raises the odds of a change, (m,), judged by the model without any news."""
    news = evidence.news
    rise = _rise(evidence, knots, messages, table, origin)
    rate = _rate(evidence, chains.expected_moves(knots, messages, chain.step).sum(axis=0))
    return dates.strengths(news, camps[news.witness], evidence.sayings[news.says], rise, rate)


def _rise(evidence: Evidence, knots: Knots, messages: Messages, table: Floats, origin: int) -> Floats:
    """By how much the chance of what news says rose in the weeks round it, judged without it, (m,)."""
    news = evidence.news
    last = origin + table.shape[1] - 1
    held = []
    for day in (np.maximum(news.first - dates.MARGIN, origin), np.minimum(news.last + dates.MARGIN, last)):
        forward, backward = chains.between(knots, messages, table, news.place, day)
        held.append((chains.believed(forward, backward) * evidence.sayings[news.says]).sum(axis=1))
    return np.asarray(np.clip(held[1] - held[0], 0.0, 1.0))


def _rate(evidence: Evidence, moves: Floats) -> Floats:
    """How often per day a place makes the kind of move that each piece of news tells of, (m,)."""
    news = evidence.news
    moves = moves + 1.0 / len(moves)
    days = moves.sum()
    np.fill_diagonal(moves, 0.0)
    into = (moves.sum(axis=0) * evidence.sayings[news.says]).sum(axis=1)
    out = moves.sum(axis=1)[np.maximum(news.leaving, 0)]
    return np.asarray(np.where(news.leaving < 0, into, out) / days)
