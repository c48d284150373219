"""What each source's word turned out to be worth, by its own record."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.evidence import Evidence

__all__ = ["Worth", "worth_of"]

Floats = npt.NDArray[np.float64]


class Worth(NamedTuple):
    """What a source's word is worth by its record, as likelihood ratios against the other holders.

    ``own``: its saying that its own side holds a place; ``against``: its saying that an enemy does
    (an admission). For a source that takes no side both are the same figure.
    """

    source: str
    stands_with: str | None
    reports: int
    own: float
    against: float


def worth_of(evidence: Evidence, witness: int, camp: str | None, table: Floats) -> Worth:
    """What one witness's word is worth.

    Args:
        camp: the holder that it stands with. table: (K, K) the chance that it says each state in each state.
    """
    holders = [k for k, state in enumerate(evidence.states) if state in evidence.holders]
    own = [k for k in holders if evidence.states[k] == camp] or holders
    others = [k for k in holders if evidence.states[k] != camp]
    return Worth(
        source=evidence.witnesses[witness],
        stands_with=camp,
        reports=int((evidence.statements.witness == witness).sum()),
        own=_ratio(table, own, others),
        against=_ratio(table, others, own),
    )


def _ratio(table: Floats, said: list[int], instead: list[int]) -> float:
    """How many times likelier "x holds it" is where x does than where another holder does; mean in logs."""
    pairs = [(x, y) for x in said for y in instead if x != y]
    return float(np.exp(np.mean([np.log(table[x, x] / table[y, x]) for x, y in pairs]))) if pairs else 1.0
