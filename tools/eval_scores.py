"""Scores of chances against a known truth. Arrays of chances are (places, days, states) throughout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.press import Truth
from zenobia import control

__all__ = [
    "Scores", "chances", "dated_windows", "forgiving", "log_loss", "reliability", "score", "sets", "surest",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_SAME_CHANGE_DAYS, _NEAR_DAYS = 10, 3
_WINDOW_DAYS, _DRAWS = 30, 500
_LEAST = 1e-6
BINS = 10


class Scores(NamedTuple):
    """Means over place-days. ``hard``: log loss at places that ever change; ``recall``: of contested.

    ``dated``: % of true changes said within 3 days; ``spurious``: changes said with no true one within
    10 days, per 100 place-years.
    """

    accuracy: float
    brier: float
    log: float
    ece: float
    hard: float
    dated: float
    spurious: float
    recall: float


def score(said: Floats, truth: Truth) -> Scores:
    """Scores of chances against the truth."""
    held = surest(said, truth.held)
    lead = said.argmax(axis=2)
    right, loss = lead == truth.held, -np.log(np.maximum(held, _LEAST))
    moving = (np.diff(truth.held, axis=1) != 0).any(axis=1)
    fought = truth.held == said.shape[2] - 1
    dated, spurious = _dating(lead, truth)
    return Scores(
        accuracy=100 * float(right.mean()),
        brier=float(((said**2).sum(axis=2) - 2 * held + 1).mean()),
        log=float(loss.mean()),
        ece=_ece(said.max(axis=2), right),
        hard=float(loss[moving].mean()) if moving.any() else float("nan"),
        dated=dated,
        spurious=spurious,
        recall=float((right & fought).sum() / max(1, fought.sum())),
    )


def surest(said: Floats, held: Ints) -> Floats:
    """The chance that was given to what was so, (places, days)."""
    return np.asarray(np.take_along_axis(said, held[:, :, None].astype(int), axis=2)[:, :, 0])


def log_loss(chance: Floats) -> float:
    """Mean of minus the log of the chance given to what was so."""
    return float(-np.log(np.maximum(chance, _LEAST)).mean())


def forgiving(said: Floats, held: Ints) -> Floats:
    """Chances mixed with "anybody", by as much as hindsight says serves them best in log loss."""
    chance, size = surest(said, held), said.shape[2]
    share = min(np.linspace(0, 0.6, 61), key=lambda share: log_loss((1 - share) * chance + share / size))
    return np.asarray((1 - share) * said + share / size)


def chances(estimate: control.Control, truth: Truth) -> Floats:
    """The estimate on every day; where it has no basis, its mean."""
    days = np.arange(truth.first, truth.first + truth.held.shape[1])
    flat = estimate.chances(list(np.repeat(truth.places, len(days))), np.tile(days, len(truth.places)))
    flat[np.isnan(flat[:, 0])] = np.nanmean(flat, axis=0)
    return flat.reshape(len(truth.places), len(days), -1)


def reliability(said: Floats, truth: Truth) -> Floats:
    """For each tenth of the chances of all states: how many, their sum, and how many came true; (3, 10)."""
    came = truth.held[:, :, None] == np.arange(said.shape[2])
    bins = np.minimum((said * BINS).astype(int), BINS - 1).ravel()
    counts = [np.bincount(bins, weight, BINS) for weight in (None, said.ravel(), came.ravel())]
    return np.stack([np.asarray(c, dtype=float) for c in counts])


def sets(said: Floats, truth: Truth, share: float = 0.9) -> tuple[float, float]:
    """Of the smallest sets of states that hold 90 % of the chance: how often the truth is in one, and mean size."""
    order = np.argsort(-said, axis=2, kind="stable")
    ranked = np.take_along_axis(said, order, axis=2)
    size = 1 + (np.cumsum(ranked, axis=2)[:, :, :-1] < share).sum(axis=2)
    rank = (order == truth.held[:, :, None]).argmax(axis=2)
    return float((rank < size).mean()), float(size.mean())


def _ece(sure: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error of the leading state, in 15 bins."""
    bins = np.minimum((sure * 15).astype(int), 14).ravel()
    gap = np.abs(np.bincount(bins, sure.ravel(), 15) - np.bincount(bins, right.ravel(), 15))
    return float(gap.sum() / len(bins))


def _dating(lead: Ints, truth: Truth) -> tuple[float, float]:
    hit = spurious = changes = 0
    for row, said in zip(truth.held, lead, strict=True):
        real, made = _changes(row), _changes(said)
        changes += len(real)
        hit += sum(any(s == t and abs(a - b) <= _NEAR_DAYS for b, t in made) for a, s in real)
        spurious += sum(not any(s == t and abs(a - b) <= _SAME_CHANGE_DAYS for b, t in real) for a, s in made)
    return 100 * hit / max(1, changes), 100 * spurious / (truth.held.size / 365.25)


def _changes(row: Ints) -> list[tuple[int, int]]:
    return [(int(day) + 1, int(row[day + 1])) for day in np.flatnonzero(np.diff(row))]


def dated_windows(estimate: control.Control, truth: Truth) -> Iterator[tuple[bool, int]]:
    """For each true change of hands that the estimate sees: is its day in the 90 % window, and its width."""
    known = set(estimate.places)
    for place, row in zip(truth.places, truth.held, strict=True):
        held = [(day, state) for day, state in [(0, int(row[0])), *_changes(row)] if state < len(truth.holders)]
        for (_, before), (day, after) in [(held[k], held[k + 1]) for k in range(len(held) - 1)]:
            if before == after or place not in known:
                continue
            on, names = truth.first + day, truth.holders
            low, high = on - _WINDOW_DAYS, on + _WINDOW_DAYS + 1
            change = estimate.change(place, names[before], names[after], low, high, n=_DRAWS)
            if change.chance >= 0.5 and change.low is not None and change.high is not None:
                yield change.low <= on <= change.high, change.high - change.low + 1
