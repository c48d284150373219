"""Scores the ground and the front: square kilometres held and kilometres faced, against a known truth.

    python -m tools.eval_ground [FOLDER] [--seeds N] [--jobs N] [--press NAME...]

The truth is the map that the nearest settlement draws: each cell has the state of the settlement nearest to it, of all
that the trajectories know, whether or not anybody reports of it. What the press says of the settlements is invented
(tools/press.py). Asked is how often the truth lies within the bounds of nine in ten, how wide these are, and how far
off the best figure is; every 30 days, for each holder, on the ground that the estimate gives to anybody.

The case knows of all settlements, of a third of them or of a sixth, taken at random, as a case knows some of the
villages of a country; the map of the truth is still drawn by all. The ground is drawn in several ways: a cell is always
with the nearest place that the case knows, or with one of the nearest by its distance to several powers.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from tools.eval_control import PRESSES
from tools.eval_truth import FOLDER, load, some_of
from tools.press import CONTESTED, Truth, report, view_of
from zenobia import control
from zenobia.control.cells import Cells, cells_of
from zenobia.control.fronts import lengths, stretches
from zenobia.control.ground import NOBODY, Scene, belongs, ground_of, set_out

__all__ = ["Row", "one_run"]

Floats = npt.NDArray[np.float64]
States = npt.NDArray[np.int8]

_FIRST_SEED = 100
_EVERY, _SEED = 30, 1
_LOSS = "log loss of a cell"
_SHARES = (1.0, 1 / 3, 1 / 6)
_POWERS = (1.5, 2.5, 4.0)
_PRESSES = ["plain", "strong bias", "even", "even, a tenth"]


class Row(NamedTuple):
    """One figure: of what (``km2`` of a holder or ``km`` of a front), what was so, and the 5, 50 and 95 % points."""

    what: str
    way: str
    truth: float
    low: float
    best: float
    high: float


def main() -> None:
    """Print a line for each press and way of drawing."""
    asked = _asked()
    jobs = [
        (asked.folder, name, seed) for name in asked.press for seed in range(_FIRST_SEED, _FIRST_SEED + asked.seeds)
    ]
    with ProcessPoolExecutor(asked.jobs) as pool:
        found = list(pool.map(one_run, *zip(*jobs, strict=True)))
    print(f"{'press':24} {'figure':22} {'way':18} {'n':>5} {'in 90 %':>8} {'width':>7} {'off':>7} {'bias':>7}")
    for press in asked.press:
        rows = [row for (_, name, _), rows in zip(jobs, found, strict=True) if name == press for row in rows]
        for what in sorted({row.what for row in rows}):
            for way in dict.fromkeys(row.way for row in rows):
                _tell(press, what, way, [row for row in rows if (row.what, row.way) == (what, way)])


def _tell(press: str, what: str, way: str, rows: list[Row]) -> None:
    if what == _LOSS:
        print(f"{press:24} {what:22} {way:18} {len(rows):5} {np.mean([row.best for row in rows]):8.3f}")
        return
    truth, low, best, high = (np.array([row[k] for row in rows]) for k in (2, 3, 4, 5))
    # Figures are told beside the mean of what is so: an error of .05 is a twentieth of it.
    size = truth.mean() or 1.0
    inside = ((low <= truth) & (truth <= high)).mean()
    figures = ((high - low).mean() / size, np.abs(best - truth).mean() / size, (best - truth).mean() / size)
    print(f"{press:24} {what:22} {way:18} {len(rows):5} {inside:8.2f} " + " ".join(f"{x:7.3f}" for x in figures))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--press", nargs="*", default=_PRESSES, choices=list(PRESSES))
    return parser.parse_args()


def one_run(folder: Path, press: str, seed: int) -> list[Row]:
    """One press with one seed: every figure on every first of a month, with the ground drawn and without."""
    truth, cells, so = _truth(folder)
    return [row for share in _SHARES for row in _run(truth, cells, so, press, seed, share)]


def _run(truth: Truth, cells: Cells, so: States, press: str, seed: int, share: float) -> Iterator[Row]:
    known = some_of(truth, np.random.default_rng(seed).random(len(truth.places)) < share)
    sources, told = report(known, PRESSES[press], seed)
    view = view_of(known, sources, told)
    estimate = control.estimate(view)
    ground = ground_of(estimate, view.places, cells)
    assert ground is not None
    drawn = set_out(estimate, ground, truth.first, truth.first + truth.held.shape[1])
    ways = {"nearest place": replace(drawn, own=np.repeat(ground.near[:, :1], drawn.draws, axis=1))}
    for power in _POWERS:
        other = replace(ground, power=power)
        ways[f"power {power:g}"] = replace(drawn, ground=other, own=belongs(other, drawn.draws, _SEED))
    for way, scene in ways.items():
        yield from _rows(scene, truth, so, f"{share:.2g} {way}")


def _rows(scene: Scene, truth: Truth, so: States, way: str) -> Iterator[Row]:
    names = [*truth.holders, CONTESTED]
    codes = np.array([scene.control.states.index(name) for name in names], dtype=np.int8)
    km2, every, one = scene.ground.cells.km2, np.arange(scene.draws), np.zeros(1, dtype=np.int64)
    front = codes[0] * len(scene.control.states) + codes[1]
    # The true map has one history, in which each cell is with the place nearest to it.
    mapped = replace(scene, own=scene.ground.near[:, :1])
    for day in range(0, truth.held.shape[1], _EVERY):
        held = scene.held(truth.first + day)
        real = np.where(held[:, 0] == NOBODY, NOBODY, codes[so[:, day]]).astype(np.int8)
        for name, code in zip(names, codes, strict=True):
            yield _row(f"km2 {name}", way, float(km2 @ (real == code)), km2 @ (held == code))
        really = lengths(stretches(mapped, real[:, None], one), front, 1)
        yield _row("km of front", way, float(really[0]), lengths(stretches(scene, held, every), front, scene.draws))
        yield _loss(scene, way, held, real)


def _loss(scene: Scene, way: str, held: States, real: States) -> Row:
    """Mean of minus the log of the share of histories in which a cell is whose it was, by km2; never quite none."""
    known = real != NOBODY
    share = ((held == real[:, None]).sum(axis=1) + 1) / (scene.draws + len(scene.control.states))
    loss = float(-np.average(np.log(share[known]), weights=scene.ground.cells.km2[known]))
    return Row(_LOSS, way, 0.0, loss, loss, loss)


def _row(what: str, way: str, truth: float, drawn: Floats) -> Row:
    low, best, high = np.quantile(drawn, [0.05, 0.5, 0.95], method="inverted_cdf").tolist()
    return Row(what, way, truth, low, best, high)


@cache
def _truth(folder: Path) -> tuple[Truth, Cells, States]:
    """The trajectories, the cells of the ground round them, and who held each cell on each day, (C, days)."""
    truth = load(folder)
    spots = np.array([truth.positions.get(p, (np.nan, np.nan)) for p in truth.places])
    placed = np.flatnonzero(~np.isnan(spots[:, 0]))
    (south, west), (north, east) = spots[placed].min(axis=0), spots[placed].max(axis=0)
    cells = cells_of(shapely.box(west, south, east, north))
    squeeze = np.cos(np.radians((south + north) / 2))
    flat = shapely.points(spots[placed, 1] * squeeze, spots[placed, 0])
    nearest = shapely.STRtree(flat).nearest(shapely.points(cells.spot[:, 1] * squeeze, cells.spot[:, 0]))
    return truth, cells, truth.held[placed[nearest]]


if __name__ == "__main__":
    main()
