"""Scores what battles, shelling and strikes are worth as evidence of control, beside the same reports without them.

    python -m tools.eval_incidents [FOLDER] [--seeds N] [--jobs N] [--press NAME...] [--often N] [--real FILE]

What is fought and fired, and told of it, is invented (tools/incidents.py), over the trajectories of one war; so is
what is said of control (tools/press.py). With ``--real``, a table of UCDP GED of that war, the incidents are real:
events at or near these places in which soldiers of one side alone died, which is taken to have been hit. What is
printed stands in docs/control.md.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np

from tools.eval_control import PRESSES
from tools.eval_scores import Scores, chances, score
from tools.eval_truth import FOLDER, load
from tools.incidents import WARS, Incident, incidents, told_of
from tools.press import Truth, report, view_of
from zenobia import control
from zenobia.control import heeding
from zenobia.record import View
from zenobia.terms import Source, day_number

__all__ = ["Outcome", "compared", "events", "hits", "main", "near"]

_PRESSES = ("plain", "a tenth of the reports", "even")
_FIRST_SEED = 100
# An event is of the nearest place within so many kilometres, on the middle of so many days.
_NEAR_KM, _DAYS = 5.0, 3
_KM_PER_DEGREE = 111.2
_SIDES = {"Government of Russia (Soviet Union)": "russia", "Government of Ukraine": "ukraine"}


class Outcome(NamedTuple):
    """What incidents changed: whether they are heeded, and each figure with them less that without."""

    heeded: bool
    log: float
    recall: float
    dated: float
    spurious: float
    ece: float


def main() -> None:
    """Print for each press and war the mean differences, and the least and the most of log loss."""
    asked = _asked()
    seeds = range(_FIRST_SEED, _FIRST_SEED + asked.seeds)
    with ProcessPoolExecutor(asked.jobs) as pool:
        runs = {
            press: [pool.submit(_one, asked.folder, asked.real, press, asked.often, seed) for seed in seeds]
            for press in asked.press
        }
        if asked.real:
            print("\n".join(_lines(_truth(asked.folder), asked.real)), flush=True)
        for press, wanted in runs.items():
            found = [run.result() for run in wanted]
            for war in dict.fromkeys(war for outcomes in found for war in outcomes):
                told = _line([outcomes[war] for outcomes in found if war in outcomes])
                print(f"{press}; {war}: {told}", flush=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--press", nargs="*", default=list(_PRESSES), choices=list(PRESSES))
    parser.add_argument("--often", type=float, default=1.0, help="how much is told of fire, beside a plain war")
    parser.add_argument("--real", type=Path)
    return parser.parse_args()


def _line(outcomes: Sequence[Outcome]) -> str:
    rows = np.array([outcome[1:] for outcome in outcomes])
    log, recall, dated, spurious, ece = rows.mean(axis=0)
    return (
        f"heeded in {sum(o.heeded for o in outcomes)} of {len(outcomes)}, log loss {log:+.4f} "
        f"({rows[:, 0].min():+.4f} to {rows[:, 0].max():+.4f}), recall of contested {recall:+.3f}, "
        f"dated {dated:+.1f} %, spurious {spurious:+.1f}, ECE {ece:+.4f}"
    )


def _one(folder: Path, real: Path | None, press: str, often: float, seed: int) -> dict[str, Outcome]:
    """One press with one seed, beside it every war."""
    truth = _truth(folder)
    sources, told = report(truth, PRESSES[press], seed)
    fired = {name: incidents(truth, replace(war, often=often), sources, seed) for name, war in WARS.items()}
    if real:
        fired["real events"] = list(hits(truth, sources[0], events(real)))
    view = view_of(truth, sources, told)
    without = _scored(control.estimate(view), truth)
    outcomes = {name: compared(truth, view, without, rows) for name, rows in fired.items()}
    # And as if there were no doubt: what is it worth that nothing is heeded?
    with mock.patch.object(heeding, "chosen", lambda gain: len(gain) - 1):
        anyway = {f"{name}, heeded anyway": rows for name, rows in fired.items() if not outcomes[name].heeded}
        return {**outcomes, **{name: compared(truth, view, without, rows) for name, rows in anyway.items()}}


def compared(truth: Truth, view: View, without: Scores, fired: Sequence[Incident]) -> Outcome:
    """What incidents change in what is made of a press, ``without`` being the scores of this."""
    estimate = control.estimate(told_of(view, truth, fired))
    heard = _scored(estimate, truth)
    names = ("log", "recall", "dated", "spurious", "ece")
    return Outcome(estimate.heeds_incidents, *(getattr(heard, name) - getattr(without, name) for name in names))


def _scored(estimate: control.Control, truth: Truth) -> Scores:
    return score(chances(estimate, truth), truth)


@cache
def _truth(folder: Path) -> Truth:
    return load(folder)


def events(file: Path) -> list[dict[str, str]]:
    """The events of a table of UCDP GED that name a place and a few days."""
    with file.open(encoding="cp1252", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        row for row in rows if int(row["where_prec"]) <= 2 and _day(row["date_end"]) - _day(row["date_start"]) <= _DAYS
    ]


def _day(text: str) -> int:
    return day_number(dt.datetime.strptime(text.split()[0], "%m/%d/%Y").date())


def hits(truth: Truth, source: Source, rows: Sequence[dict[str, str]]) -> Iterator[Incident]:
    """Events in which soldiers of one side alone died, and nobody else, as fire on that side."""
    for row in rows:
        dead = {"side_a": int(row["deaths_a"]), "side_b": int(row["deaths_b"])}
        lost = [_SIDES.get(row[side], "") for side, count in dead.items() if count]
        day = (_day(row["date_start"]) + _day(row["date_end"])) // 2 - truth.first
        place = near(truth, float(row["latitude"]), float(row["longitude"]))
        one = len(lost) == 1 and lost[0] in truth.holders and not int(row["deaths_civilians"])
        if one and place is not None and 0 <= day < truth.held.shape[1]:
            yield Incident(day, source.id, place, day, "battle", -1, truth.holders.index(lost[0]))


def _lines(truth: Truth, real: Path) -> Iterator[str]:
    """How much likelier it is that the side that was hit held the place, beside any day of the same places."""
    source = Source(id="dataset", name="dataset")
    told = list(hits(truth, source, events(real)))
    for side, name in enumerate(truth.holders):
        rows = [t for t in told if t.target == side]
        then = np.bincount([truth.held[t.place, t.day] for t in rows], minlength=len(truth.holders) + 1)
        ever = np.bincount(truth.held[[t.place for t in rows]].ravel(), minlength=len(truth.holders) + 1)
        at, any_day = ([f"{share:.2f}" for share in counts / counts.sum()] for counts in (then, ever))
        yield f"{len(rows)} real events hit {name}: {', '.join(truth.holders)}, contested {at}, on any day {any_day}"


def near(truth: Truth, lat: float, lon: float) -> int | None:
    """The place that lies nearest, if that is near enough."""
    spots = np.array([truth.positions.get(place, (np.nan, np.nan)) for place in truth.places])
    km = np.hypot(spots[:, 0] - lat, (spots[:, 1] - lon) * np.cos(np.radians(lat))) * _KM_PER_DEGREE
    nearest = int(np.nanargmin(km))
    return nearest if km[nearest] <= _NEAR_KM else None


if __name__ == "__main__":
    main()
