"""Scores what reports are worth that name a district instead of a place, or a month instead of a day.

    python -m tools.eval_coarse [FOLDER] [--seeds N]

Of the reports of an invented press (tools/press.py) a tenth names a district, or a fifth a month; the rest stays.
What is printed stands in docs/control.md, under what was tried and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.eval_control import PRESSES
from tools.eval_scores import chances, score
from tools.eval_truth import FOLDER, load
from tools.press import Truth, report, view_of
from zenobia import control
from zenobia.record import View

__all__ = ["main", "of_districts", "of_months"]

_PRESSES = ("plain", "even", "a tenth of the reports", "even, a tenth")
_DISTRICTS, _MONTHS = 0.1, 0.2
# Degrees of the squares that stand for districts: 3 places in the middle one.
_SQUARE = 0.35
_FIRST_SEED = 11

Row = dict[str, Any]


def main() -> None:
    """Print the log loss of every way, for each press."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    truth = load(asked.folder)
    for name in _PRESSES:
        found: dict[str, list[float]] = {}
        for seed in range(_FIRST_SEED, _FIRST_SEED + asked.seeds):
            for way, view in _ways(truth, view_of(truth, *report(truth, PRESSES[name], seed)), seed):
                found.setdefault(way, []).append(score(chances(control.estimate(view), truth), truth).log)
        for way, logs in found.items():
            print(f"{name}: {way}: {np.mean(logs):.4f}")


def _ways(truth: Truth, view: View, seed: int) -> Iterator[tuple[str, View]]:
    yield "as they were told", view
    wide = np.random.default_rng([seed, 7]).random(view.reports.num_rows) < _DISTRICTS
    yield "districts left out", _changed(view, wide, lambda row: iter(()))
    yield "districts spread over their places", _changed(view, wide, of_districts(truth))
    spoken = set(view.reports.filter(pa.array(~wide))["place"].to_pylist())
    yield "districts spread over places nobody else speaks of", _changed(view, wide, of_districts(truth, spoken))
    long = np.random.default_rng([seed, 9]).random(view.reports.num_rows) < _MONTHS
    yield "months left out", _changed(view, long, lambda row: iter(()))
    yield "months shared between first and last day", _changed(view, long, lambda row: of_months(row, "range"))
    yield "months as they come", _changed(view, long, lambda row: of_months(row, "month"))


def of_districts(truth: Truth, but: Collection[str] = ()) -> Callable[[Row], Iterator[Row]]:
    """A report as one of each place of its district, who takes it as who holds it, each worth .15 of a report.

    Args:
        but: places that are left out.
    """
    square = {place: tuple((np.array(truth.positions[place]) // _SQUARE).tolist()) for place in truth.places}
    within: dict[tuple[float, ...], list[str]] = {}
    for place in truth.places:
        within.setdefault(square[place], []).append(place)

    def spread(row: Row) -> Iterator[Row]:
        if row["status"] in ("holds", "takes"):
            for place in [p for p in within[square[row["place"]]] if p not in but]:
                # A month counts half, and the fifth credibility .3 of that.
                weak = {"date_precision": "month", "credibility": 5, "status": "holds"}
                yield {**row, **weak, "id": f"{row['id']}-{place}", "place": place}

    return spread


def of_months(row: Row, precision: str) -> Iterator[Row]:
    """A report that names the month of its day, published when that is over."""
    first = row["date"].replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    published = max(row["published"], after)
    yield {**row, "date": first, "date_to": after, "date_precision": precision, "published": published}


def _changed(view: View, chosen: npt.NDArray[np.bool_], into: Callable[[Row], Iterator[Row]]) -> View:
    """The view with some of its reports told otherwise."""
    kept = view.reports.filter(pa.array(~chosen))
    told = [new for row in view.reports.filter(pa.array(chosen)).to_pylist() for new in into(row)]
    both = pa.concat_tables([kept, pa.Table.from_pylist(told, schema=kept.schema)]).sort_by("id")
    return replace(view, reports=both, _columns={})


if __name__ == "__main__":
    main()
