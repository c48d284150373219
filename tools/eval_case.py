"""The control estimate on real reports: the built-in case, against changes of hands that its documents date.

A change is *documented* where at least two documents with independent voices give one day for it (or two days
next to each other). The estimate is asked with all reports, with one of these documents taken away (each in
turn), and with all of them taken away; so it is never scored on the word of what it is scored against alone.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tools.eval_holdout import Line
from tools.eval_scores import log_loss
from tools.eval_then import Clash, Said, clashes, flapping, given_up, then
from zenobia.control import Control
from zenobia.pipeline import OpenCase, demo
from zenobia.record import View, voice_of
from zenobia.terms import day_number

__all__ = [
    "Changed", "Found", "Row", "Taken", "Told", "case_changes", "case_told", "changes", "found", "scores", "taken",
]  # fmt: skip

Floats = npt.NDArray[np.float64]

# Days before and after a change on which it is asked who held the place, and within which it is looked for.
BESIDE, WITHIN = 3, 30


class Changed(NamedTuple):
    """A change of hands that independent documents date: the day most of them give, as a day number."""

    place: str
    into: str
    day: int
    documents: frozenset[str]
    voices: frozenset[str]


class Found(NamedTuple):
    """What an estimate says of a documented change.

    ``before`` and ``after``: the chance that the taker held the place three days before and after; ``off``: by how
    many days the nearest such change of the leading holder is late (early: below 0), ``None`` without any.
    """

    before: float
    after: float
    off: int | None

    @property
    def seen(self) -> bool:
        """Whether the taker is believed to hold the place afterwards and not before."""
        return self.before < 0.5 <= self.after


class Taken(NamedTuple):
    """A place that one side is said to have taken on a day, and no other; the most it is believed in the week after."""

    place: str
    day: int
    into: str
    voices: tuple[str, ...]
    chance: float


class Told(NamedTuple):
    """What the page says of the case's contradictions and captures."""

    clashes: list[Clash]
    taken: list[Taken]
    flapping: list[Clash]
    given_up: list[Clash]


Row = tuple[Changed, Found, list[Found], Found]


def case_changes() -> list[Row]:
    """The documented changes of the built-in case; with all documents, each one taken away, and all of them."""
    with tempfile.TemporaryDirectory() as folder:
        case = _built(folder)
        view = case.known()

        @cache
        def without(documents: frozenset[str]) -> Control:
            label = "without " + ", ".join(sorted(documents))
            return case.estimate(view.narrowed(label=label, without_documents=documents) if documents else view)

        return [
            (
                change,
                found(without(frozenset()), change),
                [found(without(frozenset([document])), change) for document in sorted(change.documents)],
                found(without(change.documents), change),
            )
            for change in changes(view)
        ]


def case_told() -> Told:
    """The contradictions of the built-in case, and what was believed of them and of its captures, when."""
    with tempfile.TemporaryDirectory() as folder:
        case = _built(folder)
        view = case.known()
        believed, takes = then(case, view), _said(view, "takes")
        return Told(
            clashes=list(clashes(_said(view, "holds", "takes"), believed)),
            taken=list(taken(case.estimate(view), view)),
            flapping=list(flapping(takes, believed)),
            given_up=list(given_up(takes, believed)),
        )


def _built(folder: str) -> OpenCase:
    _, case = demo(Path(folder) / "palmyra")
    case.build()
    return case


def changes(view: View) -> list[Changed]:
    """Every documented change of hands, by place and day."""
    told: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for row in view.reports.to_pylist():
        side = _taker(view, row)
        if side is not None and row["document"]:
            voice = voice_of(view.sources, row["source"], row["origin"])
            told[row["place"], side].append((day_number(row["date"]), row["document"], voice))
    found = [_changed(place, side, group) for (place, side), rows in told.items() for group in _together(rows)]
    documented = [c for c in found if len(c.documents) >= 2 and len(c.voices) >= 2]
    return sorted(documented, key=lambda c: (c.place, c.day))


def _taker(view: View, row: dict[str, Any]) -> str | None:
    """The holder of the case that a report says took a place on a day; ``None`` if it says no such thing."""
    if row["status"] != "takes" or not _of_a_day(row):
        return None
    return view.holder_of(row["holder"], day_number(row["date"])) if row["holder"] else None


def _of_a_day(row: dict[str, Any]) -> bool:
    return bool(row["place"] and row["date"] and row["date_precision"] == "day" and row["where_precision"] is None)


def _together(rows: Iterable[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    """Groups of days that follow each other without a gap."""
    group: list[tuple[int, str, str]] = []
    for row in sorted(rows):
        if group and row[0] - group[-1][0] > 1:
            yield group
            group = []
        group.append(row)
    yield group


def _changed(place: str, side: str, group: Sequence[tuple[int, str, str]]) -> Changed:
    votes = Counter(day for day, _, _ in group)
    day = min(votes, key=lambda day: (-votes[day], day))
    return Changed(place, side, day, frozenset(d for _, d, _ in group), frozenset(v for _, _, v in group))


def found(estimate: Control, change: Changed) -> Found:
    """What an estimate says of a change; a place without basis counts as nothing known."""
    if change.place not in estimate.places or change.into not in estimate.states:
        return Found(1 / len(estimate.states), 1 / len(estimate.states), None)
    days = np.arange(change.day - WITHIN, change.day + WITHIN + 1)
    held = estimate.chances([change.place] * len(days), days)
    into = estimate.states.index(change.into)
    leads = held.argmax(axis=1) == into
    entered = days[1:][leads[1:] & ~leads[:-1]] - change.day
    off = int(entered[np.abs(entered).argmin()]) if len(entered) else None
    return Found(float(held[WITHIN - BESIDE, into]), float(held[WITHIN + BESIDE, into]), off)


def scores(rows: Sequence[Row]) -> Iterator[Line]:
    """For each way of asking: changes seen, dated within three days, questions right, log loss.

    Two questions a change: did the taker hold the place three days before, and three days after? No change:
    what is believed of the days before, with the documents that date it taken away, stays so.
    """
    zenobia = {
        "zenobia, without any document that dates it": [none for *_, none in rows],
        "zenobia, without one of them (each in turn)": [f for _, _, outs, _ in rows for f in outs],
        "zenobia, with all": [f for _, f, *_ in rows],
    }
    rivals = {
        "one holder has all (government)": [(_has_all(c), _has_all(c)) for c, *_ in rows],
        "no change": [(f.before, f.before) for *_, f in rows],
    }
    for method, said in rivals.items():
        sure = np.array([(1 - before, after) for before, after in said])
        forgiven = min(log_loss((1 - s) * sure + s / 2) for s in np.linspace(0, 1, 101))
        yield Line(method, {"asked": len(said), "seen": 0, "dated": 0, "right %": _right(sure), "log loss": forgiven})
    for method, told in zenobia.items():
        sure = np.array([(1 - f.before, f.after) for f in told])
        dated = sum(f.off is not None and abs(f.off) <= BESIDE for f in told)
        counts = {"asked": len(told), "seen": sum(f.seen for f in told), "dated": dated}
        yield Line(method, {**counts, "right %": _right(sure), "log loss": log_loss(sure)})


def _right(chance: Floats) -> float:
    return 100 * float((chance > 0.5).mean())


def _has_all(change: Changed) -> float:
    return float(change.into == "government")


def taken(estimate: Control, view: View) -> Iterator[Taken]:
    """Every place that one side alone is said to have taken on a day, and how far that is believed."""
    for (place, day), said in sorted(_said(view, "takes").items()):
        if len(said) == 1 and place in estimate.places:
            ((side, voices),) = said.items()
            held = estimate.chances([place] * 7, np.arange(day, day + 7))[:, estimate.states.index(side)]
            yield Taken(place, day, side, tuple(sorted(voices)), float(held.max()))


def _said(view: View, *statuses: str) -> Said:
    """Who is said, of which place and single day, to hold or take it, and by which voices."""
    said: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in view.reports.to_pylist():
        if row["status"] not in statuses or not row["holder"] or not _of_a_day(row):
            continue
        day = day_number(row["date"])
        side = view.holder_of(row["holder"], day)
        if side is not None and row["date_to"] - row["date"] == timedelta(days=1):
            said[row["place"], day][side].add(voice_of(view.sources, row["source"], row["origin"]))
    return said
