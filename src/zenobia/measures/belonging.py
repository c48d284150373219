"""Whether the actor that a report names is the one asked about, or part of it on that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from zenobia.measures.sheet import MAYBE, NO, NO_DAY, YES, Levels, Sheet
from zenobia.terms import day_number

if TYPE_CHECKING:
    from zenobia.record import Basis, View

__all__ = ["Ties", "belonging", "belongs", "parents"]

Ties = Mapping[str, list[tuple[str, int | None, int | None]]]

_TIES: WeakKeyDictionary[Basis, Ties] = WeakKeyDictionary()


def belonging(view: View, sheet: Sheet, column: str, asked: tuple[str, ...]) -> Levels:
    """Levels of a column of actors: YES by roll-up, MAYBE where one of several alternatives matches.

    ``russia|government`` means one of these, not known which: it is MAYBE for ``russia``, and YES
    for both together.
    """
    words, codes = sheet.coded(column)
    ties = parents(view)
    levels = sheet.by_word(column, lambda word: _level(word, asked, ties, None))
    day = sheet.numbers("date")
    for code, word in enumerate(words):
        if any(_dated(actor, ties) for actor in word.split("|")):
            rows = np.flatnonzero(codes == code)
            for when in np.unique(day[rows]):
                on = None if when == NO_DAY else int(when)
                levels[rows[day[rows] == when]] = _level(word, asked, ties, on)
    return levels


def parents(view: View) -> Ties:
    """Who each actor is part of: (of, from, to) as day numbers, closed-open."""
    if view.basis not in _TIES:
        _TIES[view.basis] = _parents(view)
    return _TIES[view.basis]


def _parents(view: View) -> Ties:
    ties: dict[str, list[tuple[str, int | None, int | None]]] = {}
    table = view.table("affiliations")
    for row in table.select(["actor", "role", "of", "start", "end"]).to_pylist():
        if row["role"] == "part_of":
            ties.setdefault(row["actor"], []).append((row["of"], _number(row["start"]), _number(row["end"])))
    return ties


def belongs(actor: str, asked: tuple[str, ...], ties: Ties, day: int | None) -> bool:
    """Whether an actor is one of those asked about, or part of one on a day (without a day: ever)."""
    seen: set[str] = set()
    rising = [actor]
    while rising:
        member = rising.pop()
        if member in asked:
            return True
        if member not in seen:
            seen.add(member)
            rising.extend(of for of, start, end in ties.get(member, ()) if _holds(start, end, day))
    return False


def _level(word: str, asked: tuple[str, ...], ties: Ties, day: int | None) -> int:
    found = [belongs(actor, asked, ties, day) for actor in word.split("|")]
    return YES if all(found) else MAYBE if any(found) else NO


def _dated(actor: str, ties: Ties) -> bool:
    seen: set[str] = set()
    rising = [actor]
    while rising:
        member = rising.pop()
        if member not in seen:
            seen.add(member)
            if any(start is not None or end is not None for _, start, end in ties.get(member, ())):
                return True
            rising.extend(of for of, _, _ in ties.get(member, ()))
    return False


def _holds(start: int | None, end: int | None, day: int | None) -> bool:
    return day is None or ((start is None or start <= day) and (end is None or day < end))


def _number(day: object) -> int | None:
    return day_number(day) if isinstance(day, date) else None
