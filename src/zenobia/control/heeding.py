"""Whether incidents are heeded, and how much: as far as they foretell what is said of control.

Each place loses what is said of control there in some blocks of 45 days, a fifth of them at a time. What each voice
said first in such a block (the rest repeats it, and copies predict copies) is foretold from the other reports, once
with incidents and once without. They are heeded only where the gain is beyond doubt.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control import chain as chains
from zenobia.control import incidents
from zenobia.control.chain import Chain, Knots, Messages
from zenobia.control.codes import distinct
from zenobia.control.incidents import Incidents
from zenobia.control.knots import of_places

__all__ = ["WEIGHTS", "Heeded", "Stage", "chosen", "gains", "heeded"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# How loud incidents may be heard.
WEIGHTS = (0.0, 0.25, 0.5, 1.0)
BLOCK_DAYS, FOLDS = 45, 5
# Fewer incidents, or statements to foretell, decide nothing.
_LEAST = 30
# The gain in log likelihood over all places must be more than this, and than so many of its standard errors.
_BEYOND_DOUBT, _ERRORS = 5.0, 2.0
# So many places are enough to decide by.
_SAMPLE = 400


class Stage(NamedTuple):
    """What is tried: a model, what is said of control at its knots, and incidents.

    ``said`` (n, S): log likelihood of each statement, ``knot_of`` (n,) its knot, ``voice`` (n,) whose it is. ``rest``
    (k, S): log likelihood at each knot of all that is no statement. ``at`` (m,): the knot of each of the incidents
    ``found``.
    """

    chain: Chain
    knots: Knots
    table: Floats
    said: Floats
    knot_of: Ints
    voice: Ints
    rest: Floats
    found: Incidents
    at: Ints


class Heeded(NamedTuple):
    """Incidents that are heeded: those, the knot of each (m,), and what they add to the log likelihood there (m, S)."""

    found: Incidents
    at: Ints
    says: Floats


def heeded(stage: Stage) -> Heeded | None:
    """What incidents say, as loud as they are heard; ``None`` where they are not."""
    if len(stage.at) < _LEAST:
        return None
    places = np.unique(stage.found.place)
    weight = WEIGHTS[chosen(gains(_part(stage, places[:: -(-len(places) // _SAMPLE)])))]
    if not weight:
        return None
    told = _told(stage, np.ones(len(stage.said), dtype=bool))
    return Heeded(stage.found, stage.at, weight * _says(stage, told))


def chosen(gain: Floats) -> int:
    """Which of the weights is taken, by what each gains at each place, (weights, places); the first is none."""
    total = gain.sum(axis=1)
    best = int(total.argmax())
    error = float(np.sqrt((gain[best] ** 2).sum()))
    return best if total[best] > max(_BEYOND_DOUBT, _ERRORS * error) else 0


def gains(stage: Stage) -> Floats:
    """How much more log likelihood each weight gives to what was kept aside than none does, (weights, places)."""
    places = len(stage.knots.begin) - 1
    place = np.repeat(np.arange(places), np.diff(stage.knots.begin))[stage.knot_of]
    block = (stage.knots.day[stage.knot_of] - stage.knots.day.min()) // BLOCK_DAYS
    fold = np.random.default_rng(BLOCK_DAYS).integers(FOLDS, size=(int(block.max(initial=0)) + 1, places))[block, place]
    first = np.zeros(len(block), dtype=bool)
    first[distinct([place, block, stage.voice])[0]] = True
    total = np.zeros((len(WEIGHTS), places))
    for k in range(FOLDS if first.sum() >= _LEAST else 0):
        asked, told = np.flatnonzero(first & (fold == k)), _told(stage, fold != k)
        plain, says = _foretold(stage, told, asked), _says(stage, told)
        for row, weight in enumerate(WEIGHTS[1:], start=1):
            gain = _foretold(stage, told + _at_knots(weight * says, stage.at, len(told)), asked) - plain
            total[row] += np.bincount(place[asked], gain, places)
    return total


def _part(stage: Stage, places: Ints) -> Stage:
    """The same of some of the places."""
    rows, knots = of_places(stage.knots, places)
    now = np.full(len(stage.knots.day), -1, dtype=np.int64)
    now[rows] = np.arange(len(rows))
    kept, inside = now[stage.knot_of] >= 0, now[stage.at] >= 0
    return stage._replace(
        chain=stage.chain._replace(start=stage.chain.start[places]),
        knots=knots,
        said=stage.said[kept],
        knot_of=now[stage.knot_of[kept]],
        voice=stage.voice[kept],
        rest=stage.rest[rows],
        found=stage.found.take(inside),
        at=now[stage.at[inside]],
    )


def _told(stage: Stage, kept: Flags) -> Floats:
    """Log likelihood at each knot without incidents, of some of the statements, (k, S)."""
    return stage.rest + _at_knots(stage.said[kept], stage.knot_of[kept], len(stage.rest))


def _at_knots(logs: Floats, at: Ints, knots: int) -> Floats:
    return np.stack([np.bincount(at, column, knots) for column in logs.T], axis=1)


def _says(stage: Stage, told: Floats) -> Floats:
    """What incidents say by tables that are learned from what is told without them, (m, S)."""
    return incidents.says(stage.found, incidents.tables(stage.found, _believed(stage, told, stage.at)))


def _foretold(stage: Stage, told: Floats, asked: Ints) -> Floats:
    """Log likelihood of some statements, by all that is told at the knots, (q,)."""
    held = _believed(stage, told, stage.knot_of[asked])
    return np.asarray(np.log((held * np.exp(stage.said[asked])).sum(axis=1)))


def _believed(stage: Stage, told: Floats, at: Ints) -> Floats:
    """Chances of each state at some knots, by what is told at all of them, (q, S)."""
    knots = stage.knots._replace(likelihood=np.exp(told - told.max(axis=1, keepdims=True)))
    messages: Messages = chains.sweep(stage.chain, knots, stage.table)
    return chains.believed(messages.forward[at], messages.backward[at])
