"""Battles, shelling and strikes: weak evidence of who holds a place, from who fires on it.

Who fires on a place seldom holds it. How seldom is not assumed: each kind of fire has a table, the chance that it
names one side where another holds the place, as each source has for what it says; and it is learned like one. So it
counts for nothing how much is told of a place, and when, nor that one side alone has aircraft. That nothing is told is
no evidence. Whether any of this is heeded is decided in `heeding`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zenobia.control.codes import NOTHING, Texts, distinct, packed, texts
from zenobia.control.echoes import earlier
from zenobia.control.evidence import Evidence
from zenobia.record import NO_DAY, View

__all__ = ["KINDS", "ROLES", "Incidents", "gather_incidents", "says", "tables", "unheeding"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KINDS = ("battle", "shelling", "air-strike")
# By whom an incident is read: who acted; where this is not said, who was hit.
ROLES = ("actor", "target")
_TEXTS = ("type", "status", "place", "date_precision", "where_precision", "part_of", *ROLES)
_WIDER = ("admin2", "admin1", "country")
_COARSE = ("week", "month", "quarter", "year")

# What a kind names in general is worth so many incidents in each state.
_PRIOR = 20.0
# One incident makes no state more than this many times likelier, or less likely, than the mean of all.
_MOST = 10.0
# Of those that name one side at one place in 30 days each counts 1 / (1 + 2 n), n being how many came before.
_SAME = 2.0


class Incidents(NamedTuple):
    """One row per incident of which a side is named, however many tell of it; sorted by place and day, (n,).

    Attributes:
        kind: twice the position in ``KINDS``, plus 0 where ``named`` acted and 1 where it was hit.
        named: the holder that is named, as a position among the states. weight: less of what repeats.
        report: row of a report of it in the view. holders: how many of the states are holders.
    """

    place: Ints
    day: Ints
    kind: Ints
    named: Ints
    weight: Floats
    report: Ints
    holders: int

    def take(self, rows: npt.NDArray[np.generic]) -> Incidents:
        """Some of the rows."""
        place, day, kind, named, weight, report = (column[rows] for column in self[:6])
        return Incidents(place, day, kind, named, weight, report, self.holders)


def unheeding(view: View) -> View:
    """The view as what judges claims asks of it: incidents are no evidence there, whatever case.toml says."""
    if not view.setting.incidents:
        return view
    return replace(
        view, setting=replace(view.setting, incidents=False), label=f"{view.label}|without incidents", _columns={}
    )


def gather_incidents(view: View, evidence: Evidence) -> Incidents:
    """The incidents of a view that name a side, at places that reports of control speak of too."""
    text = {name: texts(view, name) for name in _TEXTS}
    told = {evidence.places[k]: k for k in np.unique(evidence.statements.place)}
    places = np.array([*(told.get(name, NOTHING) for name in text["place"].values), NOTHING], dtype=np.int64)
    kinds = np.array([*(KINDS.index(v) if v in KINDS else NOTHING for v in text["type"].values), NOTHING])
    rows = np.flatnonzero(_usable(view, text) & (places[text["place"].code] >= 0))
    rows = rows[np.argsort(view.column("id")[rows], kind="stable")]
    place, kind = places[text["place"].code[rows]], kinds[text["type"].code[rows]]
    day = view.column("date")[rows].astype(np.int64)
    at, which = distinct([place, day, kind])
    actor, target = (_agreed(_holders(view, evidence, text[r], rows, day), which, len(at)) for r in ROLES)
    named = np.where(actor >= 0, actor, target)
    role = len(ROLES) * kind[at] + (actor < 0)
    before = earlier(packed([place[at], role, named]), day[at])
    every = Incidents(place[at], day[at], role, named, 1 / (1 + _SAME * before), rows[at], len(evidence.holders))
    return every.take(named >= 0)


def _usable(view: View, text: dict[str, Texts]) -> npt.NDArray[np.bool_]:
    """Which reports tell of fire at a place on one day, and of nothing else."""
    day, after = view.column("date").astype(np.int64), view.column("date_to").astype(np.int64)
    fire = text["type"].among(KINDS) & (text["status"].code < 0) & (text["part_of"].code < 0)
    there = (text["place"].code >= 0) & ~text["where_precision"].among(_WIDER)
    then = (day != NO_DAY) & ((after == NO_DAY) | (after - day <= 1)) & ~text["date_precision"].among(_COARSE)
    return np.asarray(fire & there & then, dtype=bool)


def _holders(view: View, evidence: Evidence, names: Texts, rows: Ints, day: Ints) -> Ints:
    """The holder that each report names, as a position among the states; -1 for none, or for more than one."""
    codes = names.code[rows]
    at, which = distinct([codes, day])
    named = [view.holder_of(names.values[codes[k]], int(day[k])) if codes[k] >= 0 else None for k in at]
    held = [evidence.holders.index(name) if name in evidence.holders else NOTHING for name in named]
    return np.array(held, dtype=np.int64)[which]


def _agreed(holder: Ints, which: Ints, size: int) -> Ints:
    """The holder that all who name one name, of each incident; -1 where nobody does, or they differ."""
    high, low = np.full(size, NOTHING, dtype=np.int64), np.full(size, 2**31, dtype=np.int64)
    named = holder >= 0
    np.maximum.at(high, which[named], holder[named])
    np.minimum.at(low, which[named], holder[named])
    return np.where(high == low, high, NOTHING)


def tables(found: Incidents, held: Floats) -> Floats:
    """How often each kind names each holder in each state, (kinds, S, H), by what is believed of their days.

    Shrunk to whom each kind names whatever the state: then it says nothing.

    Args:
        held: (n, S) chances of each state on the day of each incident; the holders come first.
    """
    kinds, cell = len(KINDS) * len(ROLES), found.kind * found.holders + found.named
    weighed = found.weight[:, None] * held
    counts = np.stack([np.bincount(cell, column, kinds * found.holders) for column in weighed.T], axis=1)
    counts = counts.reshape(kinds, found.holders, -1).transpose(0, 2, 1)
    usual = counts.sum(axis=1, keepdims=True) + 1 / found.holders
    usual /= usual.sum(axis=2, keepdims=True)
    both = counts + _PRIOR * usual
    return np.asarray(both / both.sum(axis=2, keepdims=True))


def says(found: Incidents, table: Floats) -> Floats:
    """What each incident says of the state on its day: log likelihood less the mean over the states, (n, S)."""
    log = np.log(table[found.kind, :, found.named])
    log -= log.mean(axis=1, keepdims=True)
    return np.asarray(np.clip(log, -np.log(_MOST), np.log(_MOST)) * found.weight[:, None])
