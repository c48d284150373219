"""Scores the control estimate on real trajectories under an invented press, beside simple rules.

    make eval-control          (python -m tools.eval_control [FOLDER] [--seeds N] [--press NAME...])

The trajectories are who held the settlements of one war, one table a day with the columns Name and
Held by; they are not part of this project. What sources say of them is invented (tools/press.py), so
truth is known. The simple rules are given more than they could have: how sure they should be is set
with hindsight. Compare within one run.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.press import Press, Telling, Truth, report, view_of
from zenobia import control
from zenobia.terms import day_number

Floats = npt.NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "ukraine_control" / "daily"
HOLDERS = ("ukraine", "russia")
_STATES = {"ukraine": 0, "russia": 1, "donetsk pr": 1, "luhansk pr": 1, "dpr": 1, "lpr": 1, "contested": 2}
_FLICKER_DAYS, _LEAST_DAYS, _LEAST_ROWS = 3, 60, 50
_MAJORITY_DAYS, _SAME_CHANGE_DAYS, _NEAR_DAYS = 30, 10, 3
# The first seeds served to choose the model's constants, so they are not scored.
_FIRST_SEED = 100

PRESSES = {
    "plain": Press(),
    "careless": Press(error=0.12, late=5.0, false=3.0, deny=1.2, copiers=6),
    "strong bias": Press(loud=2.0, false=4.0, independents=2, deny=1.4),
    "a tenth of the reports": Press(reports_per_place=6.0),
    "strong bias, a tenth": Press(loud=2.0, false=4.0, independents=2, deny=1.4, reports_per_place=6.0),
    "200 sources": Press(partisans=60, independents=60, copiers=20),
}


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


def main() -> None:
    """Score every press over every seed and print one table for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--press", nargs="*", default=list(PRESSES), choices=list(PRESSES))
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        raise SystemExit(f"no trajectories at {asked.folder}; name the folder with the daily tables")
    truth = load(asked.folder)
    print(_described(truth))
    for name in asked.press:
        print("\n".join(evaluate(truth, name, asked.seeds)))


def evaluate(truth: Truth, name: str, seeds: int) -> Iterator[str]:
    """The lines of one press's table."""
    rows: dict[str, list[Scores]] = {}
    reports, spent, windows = 0, 0.0, []
    for seed in range(_FIRST_SEED, _FIRST_SEED + seeds):
        sources, told = report(truth, PRESSES[name], seed)
        view = view_of(truth, sources, told)
        start = time.perf_counter()
        estimate = control.estimate(view)
        mine = chances(estimate, truth)
        spent += time.perf_counter() - start
        reports += len(told)
        windows += list(_windows(estimate, truth))
        for rule, said in {**rules(truth, told), "zenobia": mine}.items():
            rows.setdefault(rule, []).append(score(said, truth))
    yield f"\n**{name}**: {reports // seeds:,} reports, mean of {seeds} seeds, {spent / seeds:.1f} s;"
    inside = 100 * sum(inside for inside, _ in windows) / max(1, len(windows))
    width = np.mean([days for _, days in windows]) if windows else 0
    yield f"90 % windows of dated changes hold the true day for {inside:.0f} % (mean width {width:.1f} days)\n"
    yield "| |" + "|".join(Scores._fields) + "|\n|---|" + "---:|" * len(Scores._fields)
    for rule, scores in rows.items():
        mean = Scores(*np.mean(scores, axis=0))
        yield (
            f"| {rule} | {mean.accuracy:.1f} | {mean.brier:.3f} | {mean.log:.3f} | {mean.ece:.3f} | {mean.hard:.3f}"
            f" | {mean.dated:.0f} | {mean.spurious:.0f} | {mean.recall:.2f} |"
        )


def load(folder: Path) -> Truth:
    """The trajectories, cleaned: holders by their several names, days without a table carried over."""
    tables = {day_number(dt.date.fromisoformat(f.stem)): _table(f) for f in sorted(folder.glob("*.csv"))}
    tables = {day: held for day, held in tables.items() if len(held) >= _LEAST_ROWS}
    first, last = min(tables), max(tables)
    names = sorted({name for held in tables.values() for name in held})
    grid = np.full((len(names), last - first + 1), -1, dtype=np.int8)
    for day, held in tables.items():
        grid[:, day - first] = [held.get(name, -1) for name in names]
    seen = (grid >= 0).sum(axis=1) >= _LEAST_DAYS
    places = tuple(name for name, kept in zip(names, seen, strict=True) if kept)
    return Truth(
        places=places, first=first, holders=HOLDERS, held=_settled(_filled(grid[seen])), positions=_positions(folder)
    )


def _positions(folder: Path) -> dict[str, tuple[float, float]]:
    """Where each settlement lies (lat, lon), by the last table that says so."""
    found = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                try:
                    found[(row.get("Name") or "").strip()] = (float(row["Lat"]), float(row["Lon"]))
                except (KeyError, TypeError, ValueError):
                    continue  # some days' tables give no position
    return found


def _table(file: Path) -> dict[str, int]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(r.get("Name") or "", r.get("Held by") or "") for r in csv.DictReader(lines)]
    held = {name.strip(): _STATES.get(holder.strip().lower(), -1) for name, holder in rows}
    return {name: code for name, code in held.items() if name and code >= 0}


def _filled(grid: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Days without an entry take the entry before, and the first days the first entry."""
    before = np.maximum.accumulate(np.where(grid >= 0, np.arange(grid.shape[1]), -1), axis=1)
    first = (grid >= 0).argmax(axis=1)
    return np.take_along_axis(grid, np.where(before >= 0, before, first[:, None]), axis=1)


def _settled(grid: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Stretches shorter than three days between two of one state are slips of an editor."""
    for row in grid:
        edges = [0, *(np.flatnonzero(np.diff(row)) + 1), len(row)]
        for begin, end in [(edges[k], edges[k + 1]) for k in range(1, len(edges) - 2)]:
            if end - begin < _FLICKER_DAYS and row[begin - 1] == row[end]:
                row[begin:end] = row[end]
    return grid


def _described(truth: Truth) -> str:
    changes, fought = int((np.diff(truth.held, axis=1) != 0).sum()), float((truth.held == 2).mean())
    places, size = len(truth.places), truth.held.size
    return f"{places} places, {size:,} place-days, {changes} changes of state, {fought:.1%} of days contested"


def chances(estimate: control.Control, truth: Truth) -> Floats:
    """The estimate on every day, (places, days, states); where it has no basis, its mean."""
    days = np.arange(truth.first, truth.first + truth.held.shape[1])
    flat = estimate.chances(list(np.repeat(truth.places, len(days))), np.tile(days, len(truth.places)))
    flat[np.isnan(flat[:, 0])] = np.nanmean(flat, axis=0)
    return flat.reshape(len(truth.places), len(days), -1)


def rules(truth: Truth, told: list[Telling]) -> dict[str, Floats]:
    """The simple rules, each as sure as hindsight says it should have been."""
    size = len(truth.holders) + 1
    last, recent = np.zeros((2, len(truth.places), truth.held.shape[1], size))
    for t in sorted(told, key=lambda t: (t.day, t.published, t.source)):
        state = truth.holders.index(t.holder) if t.holder else size - 1
        state = 1 - state if t.status == "loses" else state
        last[t.place, t.day :] = np.eye(size)[state]
        recent[t.place, t.day : t.day + _MAJORITY_DAYS, state] += 1
    last[last.sum(axis=2) == 0] = last.sum(axis=(0, 1)) / last.sum()
    silent = recent.sum(axis=2) == 0
    recent[silent] = last[silent]
    usual = np.zeros_like(last)
    usual[:, :, 0] = 1.0
    recent /= recent.sum(axis=2, keepdims=True)
    named = {"one holder has all": usual, "last report wins": last, "30-day majority": recent}
    return {rule: _calibrated(said, truth) for rule, said in named.items()}


def _calibrated(said: Floats, truth: Truth) -> Floats:
    def mixed(share: float) -> Floats:
        return np.asarray((1 - share) * said + share / said.shape[2])

    return mixed(min(np.linspace(0, 0.6, 61), key=lambda share: score(mixed(share), truth).log))


def score(said: Floats, truth: Truth) -> Scores:
    """Scores of chances (places, days, states) against the truth."""
    held = np.take_along_axis(said, truth.held[:, :, None].astype(int), axis=2)[:, :, 0]
    lead = said.argmax(axis=2)
    right, loss = lead == truth.held, -np.log(np.maximum(held, 1e-6))
    moving = (np.diff(truth.held, axis=1) != 0).any(axis=1)
    fought = truth.held == said.shape[2] - 1
    dated, spurious = _dating(lead, truth)
    return Scores(
        accuracy=100 * float(right.mean()),
        brier=float(((said**2).sum(axis=2) - 2 * held + 1).mean()),
        log=float(loss.mean()),
        ece=_ece(said.max(axis=2), right),
        hard=float(loss[moving].mean()),
        dated=dated,
        spurious=spurious,
        recall=float((right & fought).sum() / max(1, fought.sum())),
    )


def _ece(sure: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error of the leading state, in 15 bins."""
    bins = np.minimum((sure * 15).astype(int), 14).ravel()
    gap = np.abs(np.bincount(bins, sure.ravel(), 15) - np.bincount(bins, right.ravel(), 15))
    return float(gap.sum() / len(bins))


def _dating(lead: npt.NDArray[np.integer], truth: Truth) -> tuple[float, float]:
    hit = spurious = changes = 0
    for row, said in zip(truth.held, lead, strict=True):
        real, made = _changes(row), _changes(said)
        changes += len(real)
        hit += sum(any(s == t and abs(a - b) <= _NEAR_DAYS for b, t in made) for a, s in real)
        spurious += sum(not any(s == t and abs(a - b) <= _SAME_CHANGE_DAYS for b, t in real) for a, s in made)
    return 100 * hit / max(1, changes), 100 * spurious / (truth.held.size / 365.25)


def _changes(row: npt.NDArray[np.integer]) -> list[tuple[int, int]]:
    return [(int(day) + 1, int(row[day + 1])) for day in np.flatnonzero(np.diff(row))]


def _windows(estimate: control.Control, truth: Truth) -> Iterator[tuple[bool, int]]:
    """For each true change of hands that the estimate sees: is its day in the 90 % window, and its width."""
    known = set(estimate.places)
    for place, row in zip(truth.places, truth.held, strict=True):
        held = [(day, state) for day, state in [(0, int(row[0])), *_changes(row)] if state < len(truth.holders)]
        for (_, before), (day, after) in [(held[k], held[k + 1]) for k in range(len(held) - 1)]:
            if before == after or place not in known:
                continue
            on, names = truth.first + day, truth.holders
            change = estimate.change(place, names[before], names[after], on - 30, on + 31, n=500)
            if change.chance >= 0.5 and change.low is not None and change.high is not None:
                yield change.low <= on <= change.high, change.high - change.low + 1


if __name__ == "__main__":
    main()
