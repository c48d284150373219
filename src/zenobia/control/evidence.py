"""What the reports say of control, as arrays: who said which state of which place for which day.

A report becomes *statements* (a state, or a set of states it leaves open, on a stated day), *news*
(the place changed hands on about that day) or a *siege* (an attribute beside the holder). A report
that says nothing of control is passed over; one that does but cannot be used is left out with its
reason.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.terms import CONTESTED, SHARED

__all__ = ["Evidence", "News", "Siege", "Statements"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Statements(NamedTuple):
    """One row per stated day of a report, sorted by place, day and content; all of shape (n,).

    Attributes:
        place: index into the places. day: the stated day. published: when it was said.
        witness: index into the witnesses, whose record says what the word is worth.
        voice: index into the voices, which are what is counted as independent.
        says: index into the sayings. weight: 1 for a plain report of one day.
        report: row of the report in the view.
    """

    place: Ints
    day: Ints
    published: Ints
    witness: Ints
    voice: Ints
    says: Ints
    weight: Floats
    report: Ints


class News(NamedTuple):
    """One row per report that a place changed hands: on some day of ``first``..``last``; shape (m,).

    ``says`` names the saying whose states the place is told to have come into; ``leaving`` is the
    holder told to have lost it, or -1; ``statement`` is the row of the statement of the same report.
    """

    place: Ints
    first: Ints
    last: Ints
    witness: Ints
    says: Ints
    leaving: Ints
    statement: Ints


class Siege(NamedTuple):
    """A report that ``besieger`` encircles a place from a day on; ``end`` only if it says so."""

    place: str
    start: int
    end: int | None
    besieger: str
    report: int


class Evidence(NamedTuple):
    """All that a view says of control.

    ``sayings`` has shape (v, states): which states each distinct saying leaves open. ``witnesses``
    and ``voices`` are ids; a witness is a source whose behaviour is learned, a voice is an origin.
    """

    states: tuple[str, ...]
    places: tuple[str, ...]
    witnesses: tuple[str, ...]
    voices: tuple[str, ...]
    sayings: npt.NDArray[np.bool_]
    statements: Statements
    news: News
    sieges: tuple[Siege, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def holders(self) -> tuple[str, ...]:
        """The states that are holders; the others lie between them."""
        return tuple(state for state in self.states if state not in (CONTESTED, SHARED))
