"""Scores how well sources that change their ways are found, and what it would be worth to know when and to whose side.

    python -m tools.eval_turning [FOLDER] [--seeds N]

In an invented press (tools/press.py) a third of the sources behave like another source, of another side, from a day on.
Scored as it comes; with two sources in the place of each, parted at the true day; and with the new side declared too.
What is printed stands in docs/control.md, under "Sources that turn".
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tools.eval_control import PRESSES
from tools.eval_scores import chances, score
from tools.eval_truth import FOLDER, load
from tools.press import Press, Telling, Truth, report, view_of
from zenobia import control
from zenobia.terms import Source

__all__ = ["Turn", "main", "turned"]

_PRESSES = ("plain", "strong bias", "a tenth of the reports", "even", "even, strong bias", "even, a tenth")
_SHARE, _BETWEEN = 1 / 3, (0.3, 0.7)
_FIRST_SEED, _OTHER_SEEDS = 13, 1000
_LATER = "-later"


class Turn(NamedTuple):
    """From which day on a source behaves like which other."""

    day: int
    like: str


def main() -> None:
    """Print the log loss of every way, for each press."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    truth = load(asked.folder)
    for name in _PRESSES:
        found: dict[str, list[float]] = {}
        for seed in range(_FIRST_SEED, _FIRST_SEED + asked.seeds):
            for way, sources, told in _ways(truth, PRESSES[name], seed):
                estimate = control.estimate(view_of(truth, sources, told))
                found.setdefault(way, []).append(score(chances(estimate, truth), truth).log)
        for way, logs in found.items():
            print(f"{name}: {way}: {np.mean(logs):.4f}")


def _ways(truth: Truth, press: Press, seed: int) -> Iterator[tuple[str, list[Source], list[Telling]]]:
    sources, told = report(truth, press, seed)
    turns = _turns([s.id for s in sources], truth.held.shape[1], np.random.default_rng([seed, 31]))
    told = turned(told, report(truth, press, seed + _OTHER_SEEDS)[1], turns)
    yield "as it comes", sources, told
    parted = [replace(t, source=t.source + _LATER) if _is_later(t, turns) else t for t in told]
    side = {s.id: s.stands_with for s in sources}
    later = [replace(s, id=s.id + _LATER) for s in sources if s.id in turns]
    yield "parted at the true day", [*sources, *later], parted
    declared = [replace(s, stands_with=side[turns[s.id.removesuffix(_LATER)].like]) for s in later]
    yield "and the new side declared", [*sources, *declared], parted


def _turns(names: list[str], days: int, rng: np.random.Generator) -> dict[str, Turn]:
    """A third of the sources that copy nobody, each with a day and a source of another side."""
    own = [name for name in names if not name.startswith("copier")]
    turning = rng.choice(own, size=int(len(own) * _SHARE), replace=False)
    others = {name: [o for o in own if o.split("-")[0] != name.split("-")[0]] for name in map(str, turning)}
    return {name: Turn(int(rng.uniform(*_BETWEEN) * days), str(rng.choice(them))) for name, them in others.items()}


def turned(told: list[Telling], others: list[Telling], turns: dict[str, Turn]) -> list[Telling]:
    """What is told where sources change their ways: before its day by each itself, then as the other would have it."""
    before = [t for t in told if not _is_later(t, turns)]
    after = [
        replace(t, source=name)
        for name, turn in turns.items()
        for t in others
        if t.source == turn.like and t.day >= turn.day
    ]
    return sorted({*before, *after})


def _is_later(t: Telling, turns: dict[str, Turn]) -> bool:
    return t.source in turns and t.day >= turns[t.source].day


if __name__ == "__main__":
    main()
