"""What `check` costs: against the size of the record, and against the number of claims.

    make bench

The built-in case is grown: its own reports are said again, each under a new id and on days moved a little, so that a
larger record has the same mix of kinds, places and voices. What the claims come to then is of no interest.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from zenobia import pipeline
from zenobia.record import CACHE

SIZES = (5_000, 20_000)
_DAYS_MOVED, _STATUS_MOVED = 60, 3  # what is said of who holds a place is moved less, or towns would change hands daily


# One report each of a kind that no claim, some claims, and all that ask of control can read.
_ADDED = {
    "a statement": "id,source,published,type,date,actor,topic\n"
    "one-more,sohr,2017-05-02,statement,2017-05-01,russia,peace\n",
    "an air strike": "id,source,published,type,date,place,actor,count,unit\n"
    "one-more,sohr,2016-05-02,air-strike,2016-05-01,palmyra,russia,3,raid\n",
    "a word on who held a place": "id,source,published,type,date,place,holder,status\n"
    "one-more,sohr,2016-05-02,control,2016-05-01,palmyra,government,holds\n",
}


class Cost(NamedTuple):
    """Seconds of checks of one record.

    Attributes:
        first: a case that was just opened: estimates are made, every question answered.
        warm: estimates of control and links are kept, every question is answered anew.
        again: nothing has changed: the answers are kept too.
        after: one report of some kind was added: the case opened anew and checked; by kind.
    """

    reports: int
    claims: int
    first: float
    warm: float
    again: float
    after: Mapping[str, float]

    @property
    def label(self) -> str:
        """What was checked."""
        return f"{self.claims} claims on {self.reports:,} reports"


def measures(folder: Path) -> list[Cost]:
    """The cost of `check`: the case as it is, and grown; the largest also with a quarter of its claims."""
    costs = []
    for size in (0, *SIZES):
        case = folder / f"grown-{size}"
        pipeline.demo(case)
        grow(case, size)
        costs.append(cost(case))
    return [*costs, cost(case, part=4)]


def cost(folder: Path, part: int = 1) -> Cost:
    """Check one case in each of the three states, all its claims or one in ``part`` of them."""
    pipeline.open_case(folder).build()
    case = pipeline.open_case(folder)
    ids = [claim.id for claim in case.claims_asked()][::part]

    def anew() -> None:
        shutil.rmtree(folder / CACHE / "answers", ignore_errors=True)
        case._answered.clear()  # what was asked before is asked anew; what was estimated stays
        case.check(ids)

    first = _seconds(anew)

    return Cost(
        reports=case.known().reports.num_rows,
        claims=len(ids),
        first=first,
        warm=min(_seconds(anew) for _ in range(2)),
        again=min(_seconds(lambda: case.check(ids)) for _ in range(3)),
        after={kind: _after(folder, ids, row) for kind, row in _ADDED.items()},
    )


def _after(folder: Path, ids: Sequence[str], row: str) -> float:
    """Seconds of a check after one more report: of the check, the record being brought up to date before."""
    file = folder / "reports" / "one-more.csv"
    file.write_text(row, encoding="utf-8")
    case = pipeline.open_case(folder)
    case.build()
    seconds = _seconds(lambda: case.check(ids))
    file.unlink()
    pipeline.open_case(folder).build()
    return seconds


def grow(case: Path, size: int, seed: int = 1) -> None:
    """Add reports to a case until it has about ``size`` of them; it is left alone if it has as many."""
    rows = list(_own(case))
    if size <= len(rows):
        return
    chance = np.random.default_rng(seed)
    columns = sorted({column for row in rows for column in row})
    with (case / "reports" / "grown.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        picked = chance.integers(0, len(rows), size - len(rows))
        for nth, (row, moved) in enumerate(zip(picked, chance.uniform(-1, 1, len(picked)), strict=True)):
            writer.writerow(_said_again(rows[row], nth, float(moved)))


def _own(case: Path) -> Iterator[dict[str, str]]:
    """The rows of a case that stand by themselves: no part of another, no correction."""
    for path in sorted((case / "reports").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            yield from (row for row in csv.DictReader(file) if not row.get("part_of") and not row.get("replaces"))


def _said_again(row: dict[str, str], nth: int, moved: float) -> dict[str, str]:
    days = dt.timedelta(days=round(moved * (_STATUS_MOVED if row.get("status") else _DAYS_MOVED)))
    told = {**row, "id": f"grown-{nth}"}
    for column in ("date", "date_to"):
        if len(row.get(column) or "") == len("2016-03-27"):
            told[column] = str(dt.date.fromisoformat(row[column]) + days)
    published, last = row["published"], told.get("date_to") or told.get("date") or ""
    return {**told, "published": max(published, last)} if len(published) == len("2016-03-27") else told


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def lines(costs: Sequence[Cost]) -> list[tuple[str, float, str, float]]:
    """Each cost as the lines of a table: what, seconds, beside what, seconds."""
    smallest, *rest = costs
    what = f"`check`, warm: {smallest.label}, with all flips, now and then"
    told = [(what, smallest.warm, "the same, just opened", smallest.first)]
    for one in rest:
        told.append((f"`check`, just opened: {one.label}", one.first, f"{smallest.label}, just opened", smallest.first))
        told.append((f"`check`, warm: {one.label}", one.warm, f"{smallest.label}, warm", smallest.warm))
        told.append((f"`check`, nothing changed: {one.label}", one.again, "the same, warm", one.warm))
        for kind, seconds in one.after.items():
            told.append((f"`check`, {kind} added: {one.label}", seconds, "the same, just opened", one.first))
    return told
