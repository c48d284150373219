"""How often places change hands: what is taken before anything is learned, and what expected moves teach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zenobia.control import tempo
from zenobia.control.evidence import Evidence
from zenobia.terms import CONTESTED, SHARED

__all__ = ["between_holders", "learned", "normalised", "prior", "shares"]

Floats = npt.NDArray[np.float64]

# Before anything is learned: the rate per day at which a holder loses a place, as often to fighting
# inside it as to another holder; how much sooner a place stops being contested or shared; and how
# many place-days this is worth beside the evidence. Worth much, since most places never change
# hands: a rate learned from the few that do would leave all the others in doubt. How long places stay contested
# is learned sooner, since few days are.
LEAVE = 1 / 2000
BRIEF = 8.0
WORTH_DAYS = 100_000.0
WORTH_DAYS_BETWEEN = 30_000.0


def prior(evidence: Evidence) -> Floats:
    """Daily rates of move before anything is learned, shape (K, K); no diagonal."""
    between = between_holders(evidence)
    toward = np.tile(shares(evidence), (len(evidence.states), 1))
    np.fill_diagonal(toward, 0.0)
    toward[:, between] = 0.0
    toward = normalised(toward)
    toward[np.ix_(~between, between)] = 1.0
    brief = np.where(between, BRIEF, 1.0)
    return np.asarray(LEAVE * brief[:, None] * normalised(toward))


def learned(evidence: Evidence, moves: Floats) -> Floats:
    """Daily rates of move at the usual tempo, (K, K); no diagonal. From what was taken before, and the moves expected.

    Args:
        moves: (C, K, K) at each tempo.
    """
    worth = np.where(between_holders(evidence), WORTH_DAYS_BETWEEN, WORTH_DAYS)[:, None]
    before = prior(evidence)
    # A day at half the tempo counts as half a day.
    days = (moves.sum(axis=2) * tempo.factors(between_holders(evidence), len(moves))).sum(axis=0)[:, None]
    rates = (moves.sum(axis=0) + worth * before) / (days + worth)
    # A place is never taken to change hands more seldom than at the start: else every change is explained away.
    rates = np.maximum(rates, before)
    np.fill_diagonal(rates, 0.0)
    return np.asarray(rates)


def shares(evidence: Evidence) -> Floats:
    """How often each state is spoken of, every place counting once; none is ruled out.

    A place is spoken of most while it is fought over, so what lies between holders counts for less.
    """
    said = evidence.statements
    plain = evidence.sayings / evidence.sayings.sum(axis=1, keepdims=True)
    places = len(evidence.places)
    spoken: Floats = np.stack(
        [np.bincount(said.place, said.weight * part[said.says], places) for part in plain.T], axis=1
    )
    share = (normalised(spoken).sum(axis=0) + 0.5) / np.where(between_holders(evidence), BRIEF, 1.0)
    return np.asarray(share / share.sum())


def between_holders(evidence: Evidence) -> npt.NDArray[np.bool_]:
    """Which states lie between holders."""
    return np.array([state in (CONTESTED, SHARED) for state in evidence.states])


def normalised(weights: Floats) -> Floats:
    """Rows that sum to one; a row without any weight stays so."""
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0))
