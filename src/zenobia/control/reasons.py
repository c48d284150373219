"""Why: what each report adds to the estimate of one place on one day, exactly.

The contribution of a report is by how much the log-odds of the leading state would fall if this
one report had not been made and all else, the model included, stayed. What its news says of the
*day* of a change is not taken back with it, only what it says of the state.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control.chain import Chain, Knots
from zenobia.control.evidence import Evidence
from zenobia.control.fitting import Fitted, normalised
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


def contributions(evidence: Evidence, fitted: Fitted, place: int, day: int) -> tuple[Ints, Floats]:
    """Rows of the statements nearest to a day, and what each adds to the leading state's log-odds.

    One copy of the place is made for each statement, with that statement's word taken out, and all
    copies are swept at once; what lies beyond the nearest statements enters as messages, unchanged.
    """
    rows = _nearest(evidence, place, day)
    knots, start, near = _copies(evidence, fitted, place, day, rows)
    messages = chains.sweep(Chain(start, fitted.chain.step), knots, fitted.table)
    asked = np.full(len(rows) + 1, day)
    forward, backward = chains.between(knots, messages, fitted.table, near, asked)
    held = normalised(forward * backward)
    odds = _log_odds(held[:, int(held[0].argmax())])
    return rows, odds[0] - odds[1:]


def _nearest(evidence: Evidence, place: int, day: int) -> Ints:
    low, high = np.searchsorted(evidence.statements.place, [place, place + 1])
    far = np.abs(evidence.statements.day[low:high] - day)
    return np.asarray(np.sort(np.argsort(far, kind="stable")[:_NEAREST]) + low)


def _copies(evidence: Evidence, fitted: Fitted, place: int, day: int, rows: Ints) -> tuple[Knots, Floats, Ints]:
    """The stretch of a place's knots round a day, once whole and once without each statement."""
    whole, messages = fitted.knots, fitted.messages
    begin, end = int(whole.begin[place]), int(whole.begin[place + 1])
    on = begin + int(np.searchsorted(whole.day[begin:end], day, side="right")) - 1
    first = min(on, int(fitted.knot_of[rows[0]]))
    # One knot past the day, so that what is said after it still reaches it as a message.
    last = max(min(on + 1, end - 1), int(fitted.knot_of[rows[-1]]))
    likelihood = whole.likelihood[first : last + 1].copy()
    start = fitted.chain.start[place]
    if first > begin:
        start, likelihood[0] = messages.forward[first], 1.0
    ahead = messages.backward[last].copy()
    copies, length = len(rows) + 1, last + 1 - first
    stack = np.tile(likelihood, (copies, 1, 1))
    log = log_chances(fitted.tables, evidence.sayings)
    for copy, row in enumerate(rows, start=1):
        said = log[evidence.statements.witness[row], evidence.statements.says[row]] * fitted.weight[row]
        stack[copy, fitted.knot_of[row] - first] *= np.exp(said.min() - said)
    stack[:, -1] *= ahead
    gap = whole.gap[first : last + 1].copy()
    gap[0] = 0
    knots = Knots(
        day=np.tile(whole.day[first : last + 1], copies),
        begin=np.arange(copies + 1) * length,
        gap=np.tile(gap, copies),
        likelihood=stack.reshape(-1, stack.shape[2]),
        news=np.tile(whole.news[first : last + 1], copies),
        tilt=whole.tilt,
    )
    return knots, np.tile(start, (copies, 1)), np.arange(copies)


def _log_odds(chance: Floats) -> Floats:
    held = np.clip(chance, _TINY, 1 - _TINY)
    return np.asarray(np.log(held / (1 - held)))
