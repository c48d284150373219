"""Scores the control estimate and writes docs/control-evidence.md.

    make eval-control          (python -m tools.eval_control [FOLDER] [--seeds N] [--jobs N] [--press NAME...])

The trajectories are who held the settlements of one war, day by day (tools/eval_truth.py); they are not part of this
project. What sources say of them is invented (tools/press.py), so truth is known. Beside that stands what the
estimate makes of the built-in case, whose reports are real. A run of some presses only prints and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools import eval_page
from tools.eval_case import case_changes, case_told
from tools.eval_holdout import Line, ahead, as_known, blocks, unmentioned
from tools.eval_rivals import rivals, rules
from tools.eval_scores import Scores, chances, dated_windows, reliability, score, sets
from tools.eval_truth import FOLDER, load
from tools.press import Press, Truth, report, view_of
from zenobia import control

__all__ = ["HELD_OUT", "PRESSES", "Result", "Scores", "chances", "load", "one_run", "rules", "score"]

Floats = npt.NDArray[np.float64]

DOCS = Path(__file__).resolve().parent.parent / "docs"
# The first seeds served to choose the model's constants, so they are not scored.
_FIRST_SEED = 100

_EVEN = Press(reports_per_place=30, error=0.08, late=4, false=2, deny=1.2, copiers=5, even=True, fights=0.7, news=0.6)
PRESSES = {
    "plain": Press(),
    "careless": Press(error=0.12, late=5.0, false=3.0, deny=1.2, copiers=6),
    "strong bias": Press(loud=2.0, false=4.0, independents=2, deny=1.4),
    "a tenth of the reports": Press(reports_per_place=6.0),
    "strong bias, a tenth": Press(loud=2.0, false=4.0, independents=2, deny=1.4, reports_per_place=6.0),
    "200 sources": Press(partisans=60, independents=60, copiers=20),
    "even": _EVEN,
    "even, strong bias": Press(**{**vars(_EVEN), "false": 4, "deny": 1.5, "loud": 2, "independents": 2}),
    "even, a tenth": Press(**{**vars(_EVEN), "reports_per_place": 3}),
}
# The hold-outs take each of these presses: many reports of an uneven press, some and few of an even one.
HELD_OUT = ("plain", "even", "even, a tenth")


class Result(NamedTuple):
    """What one press, with one seed, came to; ``held_out``: the lines of each hold-out, by its name."""

    press: str
    seed: int
    reports: int
    silent: int
    scores: dict[str, Scores]
    reliability: Floats
    sets: tuple[float, float]
    windows: list[tuple[bool, int]]
    held_out: dict[str, list[Line]]


def main() -> None:
    """Score every press over every seed, and the built-in case; write the page."""
    asked = _asked()
    if not asked.folder.is_dir():
        raise SystemExit(f"no trajectories at {asked.folder}; name the folder with the daily tables")
    every = asked.press == list(PRESSES)
    with ProcessPoolExecutor(asked.jobs) as pool:
        # The two of the case are the longest, so they are begun first.
        case = (pool.submit(case_changes), pool.submit(case_told)) if every else None
        seeds = range(_FIRST_SEED, _FIRST_SEED + asked.seeds)
        wanted = [pool.submit(one_run, asked.folder, name, seed) for seed in seeds for name in asked.press]
        results = []
        for done in as_completed(wanted):
            results.append(done.result())
            print(_progress(results[-1], len(results), len(wanted)), file=sys.stderr, flush=True)
        real = (case[0].result(), case[1].result()) if case else None
    results.sort(key=lambda r: (asked.press.index(r.press), r.seed))
    text = eval_page.page(_described(_truth(asked.folder)), results, real)
    if every:
        (DOCS / "control-evidence.md").write_text(text, encoding="utf-8")
        (DOCS / "control-reliability.svg").write_text(eval_page.chart(results), encoding="utf-8")
    print(text)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--press", nargs="*", default=list(PRESSES), choices=list(PRESSES))
    return parser.parse_args()


def one_run(folder: Path, press: str, seed: int) -> Result:
    """One press with one seed: all methods, and the hold-outs where this press is one of theirs."""
    truth = _truth(folder)
    sources, told = report(truth, PRESSES[press], seed)
    estimate = control.estimate(view_of(truth, sources, told))
    mine = chances(estimate, truth)
    held_out = {
        "places": unmentioned(truth, sources, told, seed),
        "blocks": blocks(truth, sources, told, seed),
        "ahead": ahead(truth, sources, told),
        "known": as_known(truth, sources, told),
    }
    return Result(
        press=press,
        seed=seed,
        reports=len(told),
        silent=len(truth.places) - len({t.place for t in told}),
        scores={
            **{rule: score(said, truth) for rule, said in rivals(truth, told).items()},
            "zenobia": score(mine, truth),
        },
        reliability=reliability(mine, truth),
        sets=sets(mine, truth),
        windows=list(dated_windows(estimate, truth)),
        held_out={name: list(lines) for name, lines in held_out.items()} if press in HELD_OUT else {},
    )


@cache
def _truth(folder: Path) -> Truth:
    return load(folder)


def _progress(result: Result, done: int, wanted: int) -> str:
    ours, best = result.scores["zenobia"], min(s.log for m, s in result.scores.items() if m != "zenobia")
    told = f"log loss {ours.log:.3f}, the best of the others {best:.3f}"
    return f"{done}/{wanted} {result.press}, seed {result.seed}: {told}"


def _described(truth: Truth) -> str:
    changes, fought = int((np.diff(truth.held, axis=1) != 0).sum()), float((truth.held == 2).mean())
    places, size = len(truth.places), truth.held.size
    return f"{places} places, {size:,} place-days, {changes} changes of state, {fought:.1%} of days contested"


if __name__ == "__main__":
    main()
