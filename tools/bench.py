"""Measures how fast Zenobia is, each time beside something that others use, and writes docs/benchmarks.md.

    make bench          (python -m tools.bench --control measures the sweeps of control anew and keeps the other lines,
                        --checks those of `check`)

Times depend on the machine; ratios within one run mean more. Every figure is the best of a few runs, since
whatever else a machine does can only slow a run down.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from tools import bench_check, bench_control, bench_feeds
from zenobia.pipeline import open_case

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
COMMAND = [sys.executable, "-c", "from zenobia.cli import main; main()"]
FIRST, DAYS = dt.date(2013, 1, 1), 1461
SIZES = ((200, 2_000), (2_000, 20_000))  # places, reports
WHOLE = (2_000, 100_000)
HOLDERS = ("government", "isis", "rebels")

Floats = npt.NDArray[np.float64]


class Timed(NamedTuple):
    """One line of the page: what was done, how long it took, and how that compares."""

    what: str
    seconds: float
    peer: str = ""
    peer_seconds: float | None = None


def main() -> None:
    """Measure, and write the page."""
    parts = {"--control": _with_sweeps, "--checks": _with_checks}
    PAGE.write_text(parts.get("".join(sys.argv[1:]), _whole_page)(), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _whole_page() -> str:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        own = feeds(folder / "feeds")  # first, while this process is small: a command starts with what it held
        lines = [*demo(folder / "palmyra")]
        for places, reports in SIZES:
            lines += synthetic(folder / f"made-{reports}", places, reports)
        lines += [*whole(folder / "whole", *WHOLE), *sweeps()]
        lines += [*checks(folder / "checks"), *own]
    return page(lines)


def _with_sweeps() -> str:
    """The page as it stands, its lines of the sweeps of control measured anew; they come last."""
    kept = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| `", "| control, l", "| the"))
    ]
    return page(sweeps(), kept)


def _with_checks() -> str:
    """The page as it stands, its lines of `check` measured anew; they come last."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.startswith(("| `", "| control", "| the")) and "| `check`," not in line]
    with tempfile.TemporaryDirectory() as temporary:
        return page(checks(Path(temporary)), kept)


def demo(case: Path) -> list[Timed]:
    """The built-in case, as whole commands with the start of Python in them."""
    start = best(lambda: run([*COMMAND, "--version"]), 3)
    first = best(lambda: run([*COMMAND, "demo", case]), 1)
    unchanged = best(lambda: run([*COMMAND, "build", "--case", case]), 3)
    checked = best(lambda: run([*COMMAND, "check", "--json", "--case", case]), 3)
    return [
        Timed("`zenobia --version`: the start alone", start),
        Timed("`zenobia demo`: write, build, check, brief", first),
        Timed("`zenobia build` of it again, nothing changed", unchanged),
        Timed("`zenobia check` of its claims, with all flips, now and then", checked),
    ]


def synthetic(case: Path, places: int, reports: int) -> list[Timed]:
    """An invented war: `places` places over four years, `reports` reports of who holds them."""
    invent(case, places, reports)
    label = f"{reports:,} reports on {places:,} places"
    read = best(lambda: read_only(case / "reports.csv"), 3)
    build = best(lambda: run([*COMMAND, "build", "--case", case]), 1)
    view = open_case(case).known()

    def sweep() -> int:  # a newly opened case has nothing in its cache
        return int(open_case(case).estimate(view).daily(None, None).num_rows)

    swept = best(sweep, 2)
    dense = best(lambda: dense_smoother(places, DAYS, len(HOLDERS) + 1), 2)
    return [
        Timed(f"`zenobia build`, {label}", build, "DuckDB `read_csv` of its reports.csv, no checks", read),
        Timed(
            f"control, learned and laid out as rows of `export control-daily`, {label} ({places * DAYS:,} place-days)",
            swept,
            "one dense forward-backward pass in numpy, into an array",
            dense,
        ),
    ]


def whole(case: Path, places: int, reports: int) -> list[Timed]:
    """A case handed over as files, and every day of every place handed back as a file: two commands."""
    invent(case, places, reports)
    build = best(lambda: run([*COMMAND, "build", "--case", case]), 1)
    out = case.parent / "daily.csv"
    export = best(lambda: run([*COMMAND, "export", "control-daily", "--case", case, "-o", out]), 1)
    dense = best(lambda: dense_smoother(places, DAYS, len(HOLDERS) + 1), 2)
    asked = f"{reports:,} reports on {places:,} places ({places * DAYS:,} place-days)"
    peer = "one dense forward-backward pass in numpy, into an array"
    return [Timed(f"`zenobia build` and `zenobia export control-daily`, {asked}", build + export, peer, dense)]


def sweeps() -> list[Timed]:
    """The sweep of the control model beside dense ones on the same evidence."""
    return [Timed(*line) for line in bench_control.lines(bench_control.FULL)]


def checks(folder: Path) -> list[Timed]:
    """The claims of the built-in case, on its own record and on larger ones of the same mix."""
    return [Timed(*line) for line in bench_check.lines(bench_check.measures(folder))]


def feeds(folder: Path) -> list[Timed]:
    """A file of GED's shape, from bytes to a record that can be asked; each step as a whole command."""
    took = bench_feeds.measures(folder)

    def named(what: str, step: str) -> str:
        return f"{what} (at most {took[step].peak:,.0f} MiB)"

    whole = named(f"`zenobia add`, {bench_feeds.ROWS:,} rows of GED's shape, from CSV to a record", "add")
    again = "`zenobia add` of the same file again"
    later = named("`zenobia add` of its next release, 1 % of the rows changed", "next")
    checked, bare = named("pandas with the same checks", "pandas"), named("DuckDB to Parquet, no checks", "duckdb")
    return [
        Timed(whole, took["add"].seconds, checked, took["pandas"].seconds),
        Timed(whole, took["add"].seconds, bare, took["duckdb"].seconds),
        Timed(again, took["again"].seconds),
        Timed(later, took["next"].seconds, checked, took["pandas"].seconds),
        Timed("the view of a day, of a million reports", bench_feeds.million()),
    ]


def invent(case: Path, places: int, reports: int) -> None:
    """Write a case whose towns change hands now and then, and whose sources are mostly right."""
    chance = np.random.default_rng(1)
    case.mkdir(parents=True)
    holders = ", ".join(f'"{h}"' for h in HOLDERS)
    ends = FIRST + dt.timedelta(days=DAYS)
    (case / "case.toml").write_text(
        f'id = "made"\ntitle = "An invented war"\nfrom = {FIRST}\nto = {ends}\nholders = [{holders}]\n',
        encoding="utf-8",
    )
    write(case / "actors.csv", ["id", "name"], [[h, h.title()] for h in HOLDERS])
    sides = [*HOLDERS, "", "", ""]
    write(
        case / "sources.csv",
        ["id", "name", "kind", "stands_with"],
        [[f"source-{i}", f"Source {i}", "wire", side] for i, side in enumerate(sides)],
    )
    write(
        case / "places.csv",
        ["id", "name", "kind", "lat", "lon"],
        [[f"place-{i}", f"Place {i}", "village", 33 + i % 50 * 0.05, 36 + i // 50 * 0.05] for i in range(places)],
    )
    write(case / "reports.csv", REPORT_COLUMNS, list(_reports(chance, places, reports, len(sides))))


REPORT_COLUMNS = ["id", "source", "published", "type", "date", "place", "status", "holder"]


def _reports(chance: np.random.Generator, places: int, reports: int, sources: int) -> list[list[str]]:
    turn = chance.integers(0, DAYS, places)
    before, after = chance.integers(0, len(HOLDERS), (2, places))
    place, day = chance.integers(0, places, reports), chance.integers(0, DAYS, reports)
    said = np.where(day < turn[place], before[place], after[place])
    wrong = chance.random(reports) < 0.05
    said = np.where(wrong, chance.integers(0, len(HOLDERS), reports), said)
    late, source = chance.integers(0, 5, reports), chance.integers(0, sources, reports)
    return [
        [
            f"r{i}",
            f"source-{source[i]}",
            str(FIRST + dt.timedelta(days=int(day[i] + late[i]))),
            "control",
            str(FIRST + dt.timedelta(days=int(day[i]))),
            f"place-{place[i]}",
            "holds",
            HOLDERS[said[i]],
        ]
        for i in range(reports)
    ]


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table as CSV."""
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([columns, *rows])


def read_only(path: Path) -> int:
    """What DuckDB alone needs to read the same file into memory."""
    with duckdb.connect(":memory:") as connection:
        return len(connection.execute(f"SELECT * FROM read_csv('{path}', all_varchar = true)").fetchall())


def dense_smoother(places: int, days: int, states: int) -> float:
    """The textbook way: a chance for each place, day and state, forwards and backwards, day by day.

    Source: L. R. Rabiner (1989), A tutorial on hidden Markov models, Proceedings of the IEEE 77(2).
    """
    stay = 0.999
    step = np.full((states, states), (1 - stay) / (states - 1))
    np.fill_diagonal(step, stay)
    likelihood: Floats = np.ones((days, places, states))
    forward: Floats = np.empty_like(likelihood)
    now: Floats = np.full((places, states), 1 / states)
    for day in range(days):
        now = (now @ step) * likelihood[day]
        now /= now.sum(axis=1, keepdims=True)
        forward[day] = now
    back: Floats = np.ones((places, states))
    for day in range(days - 1, -1, -1):
        forward[day] *= back
        forward[day] /= forward[day].sum(axis=1, keepdims=True)
        back = (back * likelihood[day]) @ step.T
        back /= back.sum(axis=1, keepdims=True)
    return float(forward[0, 0, 0])


def best(work: Callable[[], object], times: int) -> float:
    """Seconds of the fastest of some runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def run(command: Sequence[str | Path]) -> None:
    """A command to its end; what it prints goes nowhere."""
    quiet = {**os.environ, "NO_COLOR": "1"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=quiet)


PREFACE = """\
# Benchmarks

Written by `make bench`, on the machine below, beside what others use for a comparable step in the same run.
Seconds are the best of a few runs and belong to that machine; ratios travel better. Most peers do less:
`read_csv` checks nothing, resolves no name and keeps no history, and the dense pass learns nothing about
its sources and writes no row. They say how far away the floor is. The one in pandas
(`tools/bench_feeds.py`) does the same work as `zenobia add`: it types the columns, finds the same faults, takes
the cited items apart, and writes Parquet; it keeps no versions and no history. Whole commands are timed, so that
the start of Python and of the libraries counts on both sides. `zenobia add` also copies the file and sees it
onto the disk, hashes it and all that it makes, and names every row that it refuses or doubts: that, the taking
apart of cited items, and its own start are what DuckDB is ahead by.

The sweep of the control model (`tools/bench_control.py`) gives the chances of four states on the days with reports,
from which those of any other day follow in closed form; the dense passes compute and hold every day. All work on the
same evidence, each in a process of its own, and come to the same chances (to 1e-9); what a dense pass is handed, a
likelihood for every place and day, is laid out before its clock starts. With the extra `[fast]` the loops of control
are compiled by numba and run on all processors; with or without it the result is the same to the last bit, so that it
never changes a figure. What is compiled is kept in the user's cache: the first use takes some seconds longer.

Checks are timed inside one process (`tools/bench_check.py`). *Just opened*: estimates of control are made and every
question is answered; *warm*: the estimates are kept and every question is answered anew; *nothing changed*: the answers
are kept too; *added*: one more report of some kind, the record brought up to date, the case opened anew. Larger
records are the built-in case with its own reports said again on days moved a little.
"""


def page(lines: list[Timed], kept: Sequence[str] = ()) -> str:
    """The page of the documentation; before its lines those that are ``kept`` as they were written."""
    machine = (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores; numpy {np.__version__}, DuckDB {duckdb.__version__}."
    )
    rows = [f"| {t.what} | {_seconds(t.seconds)} | {_beside(t)} |" for t in lines]
    return "\n".join([PREFACE, machine, "", "| what | time | beside |", "|---|---|---|", *kept, *rows, ""])


def _beside(timed: Timed) -> str:
    if timed.peer_seconds is None:
        return ""
    ratio = timed.seconds / timed.peer_seconds
    times = f"{ratio:.1f} times" if ratio >= 1 else f"{1 / ratio:.1f} times faster than"
    return f"{times} {timed.peer} ({_seconds(timed.peer_seconds)})"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 0.995 else f"{seconds:.2f} s"


if __name__ == "__main__":
    main()
