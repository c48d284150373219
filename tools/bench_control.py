"""The sweep of the control model beside dense ones: who held each place, given the model, by the same evidence.

    make bench          (python -m tools.bench_control [--small] prints these lines alone)

One problem for all: reports spread over places and days, four states, one table of errors. Zenobia's sweep stands on
the days with evidence, once with the extra [fast] and once in numpy alone; the peers, a pass in numba on all cores and
hmmlearn's, go through every day. Each runs in a process of its own, so that its memory can be told; what a peer is
handed (a likelihood for every place and day) is laid out before its clock starts, and numba has compiled by then. All
must come to the same chances. Reading is timed beside them: from the reports of a view to evidence.

Source: Rabiner (1989), A tutorial on hidden Markov models, Proceedings of the IEEE 77(2); hmmlearn 0.3.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia.control import chain as chains
from zenobia.control.chain import Chain, Knots
from zenobia.control.reading import gather
from zenobia.engine import DuckEngine
from zenobia.record import View, table_of
from zenobia.terms import Actor, Affiliation, Area, Document, Frame, Place, Report, Setting, Source

__all__ = ["FULL", "SMALL", "STEPS", "Measured", "Problem", "lines", "measures", "problem"]

Floats = npt.NDArray[np.float64]
Pass = Callable[[Floats, Floats, Floats], Floats]

ROOT = Path(__file__).resolve().parent.parent
STATES, LEAVE, RIGHT = 4, 1 / 2000, 0.8
# Places that a dense pass takes at once: its arrays are (places, days, states).
_AT_ONCE = 1_000
_AGREE = 1e-9


class Problem(NamedTuple):
    """How much is asked: ``reports`` over ``places`` and ``days``."""

    places: int
    days: int
    reports: int

    def __str__(self) -> str:
        return f"{self.reports:,} reports on {self.places:,} places, {self.places * self.days:,} place-days"


class Measured(NamedTuple):
    """What a step took: seconds of the best run, the most memory its process held (MiB), a figure to agree on."""

    seconds: float
    peak: float
    agrees: float


FULL = (Problem(35_000, 4_000, 1_000_000), Problem(35_000, 4_000, 10_000_000))
SMALL = (Problem(350, 4_000, 10_000), Problem(350, 4_000, 100_000))


def measures(problems: tuple[Problem, Problem]) -> dict[str, Measured]:
    """Each step in a process of its own; `zenobia` with numba and `numpy` without, on ten times the reports too.

    Raises:
        ValueError: two ways do not come to the same chances.
    """
    first, more = problems
    took = {step: _alone(step, first) for step in ("zenobia", "numpy", "numba", "hmmlearn")}
    _check(took)
    large = {f"{step}, ten times": _alone(step, more) for step in ("zenobia", "numpy")}
    _check(large)
    return {**took, **large, "reading": _alone("reading", first)}


def _check(took: dict[str, Measured]) -> None:
    figures = {step: m.agrees for step, m in took.items()}
    if max(figures.values()) - min(figures.values()) > _AGREE * max(figures.values()):
        raise ValueError(f"not the same chances: {figures}")


def lines(problems: tuple[Problem, Problem]) -> Iterator[tuple[str, float, str, float | None]]:
    """Lines of the page of benchmarks: what, seconds, the peer, its seconds."""
    took = measures(problems)
    peers = (("numba", "a dense pass in numba, all cores"), ("hmmlearn", "hmmlearn"))
    for step, extra in (("zenobia", "with `[fast]`"), ("numpy", "in numpy alone")):
        mine, more = took[step], took[f"{step}, ten times"]
        what = f"control, one sweep (no learning) {extra}: {problems[0]} (at most {mine.peak:,.0f} MiB)"
        for other, peer in peers:
            yield what, mine.seconds, f"{peer}, {_AT_ONCE:,} places at a time", took[other].seconds
        large = f"control, one sweep {extra}: {problems[1]} (at most {more.peak:,.0f} MiB)"
        yield large, more.seconds, "the same with a tenth of the reports", mine.seconds
    read, reports = took["reading"], problems[0].reports
    what = f"control, reports of a view read as evidence: {reports:,} ({reports / read.seconds:,.0f} a second"
    yield f"{what}; at most {read.peak:,.0f} MiB)", read.seconds, "", None


def _alone(step: str, problem: Problem) -> Measured:
    command = [sys.executable, "-m", "tools.bench_control", "--step", step, *map(str, problem)]
    wanted = {**os.environ, "ZENOBIA_FAST": "0" if step == "numpy" else "1"}
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT, env=wanted)
    return Measured(**json.loads(told.stdout))


def problem(asked: Problem) -> tuple[Chain, Knots]:
    """The model and its evidence: on each day with reports, how likely these are in each state."""
    dice = np.random.default_rng(1)
    place, day = dice.integers(0, asked.places, asked.reports), dice.integers(0, asked.days, asked.reports)
    said = dice.integers(0, STATES, asked.places)[place]
    wrong = dice.random(asked.reports) > RIGHT
    said = np.where(wrong, dice.integers(0, STATES, asked.reports), said)
    # Every place has its first day, with or without a report.
    keys, at = np.unique(
        np.concatenate([np.arange(asked.places) * asked.days, place * asked.days + day]), return_inverse=True
    )
    counts = np.bincount(at[asked.places :] * STATES + said, minlength=len(keys) * STATES).reshape(-1, STATES)
    begin = np.searchsorted(keys // asked.days, np.arange(asked.places + 1))
    when = keys % asked.days
    gap = np.diff(when, prepend=0)
    gap[begin[:-1]] = 0
    step = np.full((STATES, STATES), LEAVE / (STATES - 1))
    np.fill_diagonal(step, 1 - LEAVE)
    # Where several speak on a day, so many votes would leave the range of a float beyond two hundred.
    likelihood = np.where(counts > 0, ((RIGHT * STATES / (1 - RIGHT)) ** np.minimum(counts, 200)), 1.0)
    knots = Knots(when, begin, gap, likelihood, np.full(len(keys), -1), np.ones((0, STATES, STATES)), 0 * when)
    return Chain(np.full((asked.places, STATES), 1 / STATES), step[None]), knots


def _zenobia(asked: Problem) -> tuple[float, float]:
    chain, knots = problem(asked)

    def sweep() -> Floats:
        messages = chains.sweep(chain, knots, chains.powers(chain.step, asked.days))
        return chains.believed(messages.forward, messages.backward)

    # The first run compiles, or loads what was compiled before.
    seconds, held = _best(sweep, 8)
    return seconds, float((held**2).sum())


def _dense(asked: Problem, forward_backward: Pass) -> tuple[float, float]:
    """Seconds of the passes over all places, some at a time; the same figure as above from the same days."""
    chain, knots = problem(asked)
    spent = figure = 0.0
    for low in range(0, asked.places, _AT_ONCE):
        high = min(low + _AT_ONCE, asked.places)
        rows = slice(int(knots.begin[low]), int(knots.begin[high]))
        owner = np.repeat(np.arange(high - low), np.diff(knots.begin[low : high + 1]))
        likelihood = np.ones((high - low, asked.days, STATES))
        likelihood[owner, knots.day[rows]] = knots.likelihood[rows]
        if low == 0:
            forward_backward(likelihood[:2].copy(), chain.step[0], chain.start[0])
        begun = time.perf_counter()
        held = forward_backward(likelihood, chain.step[0], chain.start[0])
        spent += time.perf_counter() - begun
        figure += float((held[owner, knots.day[rows]] ** 2).sum())
    return spent, figure


def _numba(asked: Problem) -> tuple[float, float]:
    import numba

    @numba.njit(parallel=True, cache=False)  # type: ignore[misc, untyped-decorator, unused-ignore]
    def forward_backward(likelihood: Floats, step: Floats, start: Floats) -> Floats:
        places, days, states = likelihood.shape
        held = np.empty((places, days, states))
        for p in numba.prange(places):
            now, back = np.empty(states), np.ones(states)
            for d in range(days):
                total = 0.0
                for t in range(states):
                    into = start[t]
                    if d > 0:
                        into = 0.0
                        for s in range(states):
                            into += held[p, d - 1, s] * step[s, t]
                    now[t] = into * likelihood[p, d, t]
                    total += now[t]
                for t in range(states):
                    held[p, d, t] = now[t] / total
            for d in range(days - 2, -1, -1):
                total = 0.0
                for s in range(states):
                    now[s] = 0.0
                    for t in range(states):
                        now[s] += step[s, t] * likelihood[p, d + 1, t] * back[t]
                    total += now[s]
                weight = 0.0
                for s in range(states):
                    back[s] = now[s] / total
                    held[p, d, s] *= back[s]
                    weight += held[p, d, s]
                for s in range(states):
                    held[p, d, s] /= weight
        return held

    return _dense(asked, forward_backward)


def _hmmlearn(asked: Problem) -> tuple[float, float]:
    from hmmlearn.base import BaseHMM

    class Given(BaseHMM):  # type: ignore[misc, unused-ignore]
        """A model whose rows are the likelihoods themselves."""

        def _compute_likelihood(self, X: Any) -> Any:
            return X

    def forward_backward(likelihood: Floats, step: Floats, start: Floats) -> Floats:
        places, days, states = likelihood.shape
        model = Given(n_components=states, implementation="scaling")
        model.startprob_, model.transmat_ = start, step
        _, held = model.score_samples(likelihood.reshape(-1, states), [days] * places)
        return np.asarray(held.reshape(likelihood.shape))

    return _dense(asked, forward_backward)


def _reading(asked: Problem) -> tuple[float, float]:
    view = _view(asked)
    seconds, read = _best(lambda: np.array([len(gather(view).statements.day)], dtype=float), 2)
    return seconds, float(read[0])


def _view(asked: Problem) -> View:
    """A view of so many reports of who holds what, by ten sources."""
    dice = np.random.default_rng(1)
    first = dt.date(2011, 1, 1)
    day = dice.integers(0, asked.days, asked.reports) + (first - dt.date(1970, 1, 1)).days
    drawn = {"place": _names("place", asked.places), "source": _names("source", 10), "holder": _names("side", 3)}
    stated: dict[str, Any] = {name: _any_of(texts, asked.reports, dice) for name, texts in drawn.items()}
    stated |= {"id": _names("r", asked.reports), "type": _all("control", asked), "status": _all("holds", asked)}
    stated |= {name: pa.array((day + late).astype(np.int32)) for name, late in _DAYS.items()}
    schema = table_of(Report, []).schema
    columns = [stated[f.name].cast(f.type) if f.name in stated else pa.nulls(asked.reports, f.type) for f in schema]
    rows = {"sources": (Source, drawn["source"]), "actors": (Actor, drawn["holder"]), "places": (Place, drawn["place"])}
    tables = {
        name: table_of(noun, [noun(id=t, name=t) for t in texts.to_pylist()]) for name, (noun, texts) in rows.items()
    }
    nothing = {"affiliations": Affiliation, "coverage": Frame, "documents": Document, "areas": Area}
    return View(
        known=None,
        record="sha256:made",
        setting=Setting(
            id="made", title="made", start=first, end=first + dt.timedelta(asked.days),
            holders=tuple(drawn["holder"].to_pylist()),
        ),
        reports=pa.table(columns, schema=schema),
        tables={**tables, **{name: table_of(noun, []) for name, noun in nothing.items()}},
        engine=DuckEngine(),
    )  # fmt: skip


_DAYS = {"date": 0, "date_to": 1, "published": 2}


def _names(kind: str, many: int) -> pa.Array:
    return pa.array([f"{kind}-{k:08d}" for k in range(many)])


def _any_of(texts: pa.Array, many: int, dice: np.random.Generator) -> pa.Array:
    return texts.take(pa.array(dice.integers(0, len(texts), many)))


def _all(text: str, asked: Problem) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(asked.reports, dtype=np.int64)))


STEPS: dict[str, Callable[[Problem], tuple[float, float]]] = {
    "zenobia": _zenobia,
    "numpy": _zenobia,
    "reading": _reading,
    "numba": _numba,
    "hmmlearn": _hmmlearn,
}


def _best(work: Callable[[], Floats], times: int) -> tuple[float, Floats]:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        made = work()
        taken.append(time.perf_counter() - begun)
    return min(taken), made


def main() -> None:
    """One step of one problem, told as JSON; or the lines of the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--step", nargs=4, metavar=("STEP", "PLACES", "DAYS", "REPORTS"))
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    if asked.step:
        name, *numbers = asked.step
        seconds, agrees = STEPS[name](Problem(*map(int, numbers)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(Measured(seconds, peak, agrees)._asdict()))
        return
    for what, seconds, peer, other in lines(SMALL if asked.small else FULL):
        beside = f"; {peer}: {other:.3f} s ({other / seconds:.1f} times ours)" if other is not None else ""
        print(f"{what}: {seconds:.3f} s{beside}")


if __name__ == "__main__":
    main()
