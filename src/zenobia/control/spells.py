"""Stretches of days through which one state leads at a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.terms import day_of

__all__ = ["Spell", "runs", "spells_of", "table_of"]

Floats = npt.NDArray[np.float64]


class Spell(NamedTuple):
    """A stretch with one leading state, closed-open; a row of the table, whose first two days are ``from`` and ``to``.

    ``chance`` is its mean chance and ``least`` its least; ``last_evidence`` the last day in or before it that anybody
    spoke of; ``voices_changed`` the days (ISO) in it from which on wholly other voices carry the estimate.
    """

    place: str
    start: date
    end: date
    holder: str
    chance: float
    last_evidence: date | None
    least: float
    voices_changed: list[str]


def spells_of(
    place: str, first: int, held: Floats, states: Sequence[str], stated: npt.NDArray[np.int64], switched: Sequence[int]
) -> Iterator[Spell]:
    """The spells of one place.

    Args:
        first: the first day. held: (days, S) chances. stated: the days that anybody spoke of, in order.
        switched: the days on which its voices changed wholly.
    """
    for begin, end, state in runs(held.argmax(axis=1)):
        chance = held[begin:end, state]
        nth = int(np.searchsorted(stated, first + end - 1, side="right"))
        yield Spell(
            place=place,
            start=day_of(first + begin),
            end=day_of(first + end),
            holder=states[state],
            chance=float(chance.mean()),
            last_evidence=day_of(int(stated[nth - 1])) if nth else None,
            least=float(chance.min()),
            voices_changed=[day_of(day).isoformat() for day in switched if first + begin <= day < first + end],
        )


def table_of(spells: Iterable[Spell]) -> pa.Table:
    """Spells as a table."""
    columns = list(zip(*spells, strict=True)) or [()] * len(_SPELLS)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _SPELLS, strict=True)], schema=_SPELLS)


def runs(leading: npt.NDArray[np.integer]) -> Iterator[tuple[int, int, int]]:
    """(begin, end, state) of each stretch with one leading state."""
    edges = np.flatnonzero(np.diff(leading, prepend=-1))
    for begin, end in zip(edges, [*edges[1:], len(leading)], strict=True):
        yield int(begin), int(end), int(leading[begin])


_SPELLS = pa.schema(
    [
        ("place", pa.string()),
        ("from", pa.date32()),
        ("to", pa.date32()),
        ("holder", pa.string()),
        ("chance", pa.float64()),
        ("last_evidence", pa.date32()),
        ("least", pa.float64()),
        ("voices_changed", pa.list_(pa.string())),
    ]
)
