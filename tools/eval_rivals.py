"""What else one could do with the same reports: simple rules, Dawid-Skene, and a dense hidden Markov model.

Each is given what it could not have in life: how sure it should have been is set with the truth in hand.
The estimate of this project is scored as it comes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.eval_scores import forgiving, log_loss, surest
from tools.press import Telling, Truth

__all__ = ["Said", "dawid_skene", "dense", "read", "rivals", "rules"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WINDOW_DAYS = 30
# Dawid-Skene: rounds, and how many reports' worth of doubt each row of a source's table starts with.
_ROUNDS, _DOUBT = 30, 0.1
# The dense model: what its one table of errors, its rate of change and the weight of a report may be.
_RIGHT, _RATES, _WEIGHTS = (0.7, 0.8, 0.9), (1 / 500, 1 / 2000), (0.3, 1.0)
_FOUGHT_BRIEFLY = 8.0


class Said(NamedTuple):
    """What reports say, in the order of their days: place, day, source and state, each (n,)."""

    place: Ints
    day: Ints
    source: Ints
    state: Ints


def rivals(truth: Truth, told: Sequence[Telling]) -> dict[str, Floats]:
    """Chances (places, days, states) by every other method."""
    said = read(truth, told)
    return {
        **rules(truth, told),
        "Dawid-Skene, 30-day windows": forgiving(dawid_skene(said, *_shape(truth)), truth.held),
        "dense HMM, best fixed confusion": dense(said, truth),
    }


def read(truth: Truth, told: Sequence[Telling]) -> Said:
    """Reports as numbers; of two holders, "one lost it" says that the other has it."""
    names = sorted({t.source for t in told})
    number = {name: k for k, name in enumerate(names)}
    rows = []
    for t in sorted(told, key=lambda t: (t.day, t.published, t.source)):
        state = truth.holders.index(t.holder) if t.holder else len(truth.holders)
        rows.append((t.place, t.day, number[t.source], 1 - state if t.status == "loses" else state))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Said(*columns[columns[:, 1] < truth.held.shape[1]].T)


def _shape(truth: Truth) -> tuple[int, int, int]:
    return len(truth.places), truth.held.shape[1], len(truth.holders) + 1


def rules(truth: Truth, told: Sequence[Telling]) -> dict[str, Floats]:
    """The simple rules, each as sure as hindsight says it should have been."""
    said, (places, days, size) = read(truth, told), _shape(truth)
    last, recent = np.zeros((2, places, days, size))
    for place, day, _, state in zip(*said, strict=True):
        last[place, day:] = np.eye(size)[state]
        recent[place, day : day + WINDOW_DAYS, state] += 1
    last[last.sum(axis=2) == 0] = last.sum(axis=(0, 1)) / max(1.0, last.sum())
    silent = recent.sum(axis=2) == 0
    recent[silent] = last[silent]
    usual = np.zeros_like(last)
    usual[:, :, 0] = 1.0
    recent /= recent.sum(axis=2, keepdims=True)
    named = {"one holder has all": usual, "last report wins": last, "30-day majority": recent}
    return {rule: forgiving(chances, truth.held) for rule, chances in named.items()}


def dawid_skene(said: Said, places: int, days: int, states: int) -> Floats:
    """What annotators' votes on place and month come to when each annotator's errors are learned.

    An item is a place in 30 days; a source is an annotator. A window without a vote takes that before it.
    The package crowd-kit offers the same, but brings libraries for language models with it.

    Source: Dawid & Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm,
    Applied Statistics 28(1).
    """
    windows = -(-days // WINDOW_DAYS)
    item = said.place * windows + said.day // WINDOW_DAYS
    sources = int(said.source.max(initial=0)) + 1
    held = _counted(item * states + said.state, places * windows, states)
    voted = held.sum(axis=1) > 0
    for _ in range(_ROUNDS):
        held[voted] /= held[voted].sum(axis=1, keepdims=True)
        table = _tables(said, held[item], sources, states)
        log = np.log(table)[said.source, :, said.state]
        total = np.stack([np.bincount(item, log[:, k], len(held)) for k in range(states)], axis=1)
        total += np.log(held[voted].mean(axis=0))
        held[voted] = np.exp(total - total.max(axis=1, keepdims=True))[voted]
    held[voted] /= held[voted].sum(axis=1, keepdims=True)
    held[~voted] = held[voted].mean(axis=0)
    carried = _carried(held.reshape(places, windows, states), voted.reshape(places, windows))
    return np.repeat(carried, WINDOW_DAYS, axis=1)[:, :days]


def _counted(cell: Ints, rows: int, columns: int) -> Floats:
    return np.bincount(cell, minlength=rows * columns).reshape(rows, columns).astype(float)


def _tables(said: Said, held: Floats, sources: int, states: int) -> Floats:
    """The chance that a source says x where y is true, (sources, y, x)."""
    cell = said.source * states + said.state
    counts = [np.bincount(cell, held[:, y], sources * states).reshape(sources, states) for y in range(states)]
    table = np.stack(counts, axis=1) + _DOUBT
    return np.asarray(table / table.sum(axis=2, keepdims=True))


def _carried(held: Floats, voted: npt.NDArray[np.bool_]) -> Floats:
    """Windows without a vote take the window before them; the first ones what is usual."""
    before = np.maximum.accumulate(np.where(voted, np.arange(voted.shape[1]), -1), axis=1)
    taken = np.take_along_axis(held, np.maximum(before, 0)[:, :, None], axis=1)
    return np.where((before >= 0)[:, :, None], taken, held)


def dense(said: Said, truth: Truth) -> Floats:
    """A forward-backward pass over every day with one table of errors for all sources: the best of twelve.

    Source: Rabiner (1989), A tutorial on hidden Markov models, Proceedings of the IEEE 77(2).
    """
    places, days, states = _shape(truth)
    counts = _counted((said.place * days + said.day) * states + said.state, places * days, states)
    tried = (
        _smoothed(counts.reshape(places, days, states), right, rate, weight)
        for right, rate, weight in itertools.product(_RIGHT, _RATES, _WEIGHTS)
    )
    return min(tried, key=lambda held: log_loss(surest(held, truth.held)))


def _smoothed(counts: Floats, right: float, rate: float, weight: float) -> Floats:
    states = counts.shape[2]
    table = np.full((states, states), (1 - right) / (states - 1))
    np.fill_diagonal(table, right)
    step = np.full((states, states), rate / (states - 1))
    step[-1] *= _FOUGHT_BRIEFLY
    np.fill_diagonal(step, 0.0)
    np.fill_diagonal(step, 1 - step.sum(axis=1))
    start = np.append(np.full(states - 1, 0.95 / (states - 1)), 0.05)
    return _forward_backward(np.exp(weight * (counts @ np.log(table).T)), step, start)


def _forward_backward(likelihood: Floats, step: Floats, start: Floats) -> Floats:
    places, days, states = likelihood.shape
    held, now = np.empty_like(likelihood), np.tile(start, (places, 1))
    for day in range(days):
        now = (now @ step if day else now) * likelihood[:, day]
        now /= now.sum(axis=1, keepdims=True)
        held[:, day] = now
    back = np.ones((places, states))
    for day in range(days - 2, -1, -1):
        back = (likelihood[:, day + 1] * back) @ step.T
        back /= back.sum(axis=1, keepdims=True)
        held[:, day] *= back
    return np.asarray(held / held.sum(axis=2, keepdims=True))
