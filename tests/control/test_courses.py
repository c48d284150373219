"""Courses: the same law as day-by-day draws, at the cost of evidence and changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from zenobia import control
from zenobia.control import chain as chains
from zenobia.control.chain import Chain, Knots
from zenobia.control.courses import Courses, draw_courses
from zenobia.record import View
from zenobia.terms import InputError, day_number

Made = Callable[..., View]

START = date(2020, 1, 1)
DRAWS = 20_000


def on(days: int) -> int:
    return day_number(START) + days


def row(place: str, days: int, status: str, holder: str | None = None, source: str = "wire") -> dict[str, Any]:
    return {
        "place": place,
        "source": source,
        "date": START + timedelta(days=days),
        "status": status,
        "holder": holder,
    }


TAKEN = [
    row("tal", 2, "holds", "reds"),
    row("tal", 38, "holds", "reds", "monitor"),
    row("tal", 41, "contests"),
    row("tal", 45, "takes", "blues"),
    row("tal", 45, "takes", "blues", "monitor"),
    row("tal", 70, "holds", "blues"),
    row("wadi", 10, "holds", "blues"),
    row("wadi", 60, "takes", "reds"),
]


def daily(courses: Courses, place: int, n: int, start: int, end: int) -> npt.NDArray[np.int8]:
    """The states of one place on every day, (n, days)."""
    days = np.arange(start, end)
    rows = [slice(*courses.begin[[k, k + 1]]) for k in range(place * n, (place + 1) * n)]
    return np.stack([courses.state[r][np.searchsorted(courses.day[r], days, side="right") - 1] for r in rows])


def a_restless_place() -> tuple[Any, npt.NDArray[np.float64]]:
    """Three states that change every few days, evidence on days 2, 3 (news) and 7; and the chance of every path."""
    step = np.array([[0.80, 0.15, 0.05], [0.10, 0.75, 0.15], [0.20, 0.20, 0.60]])
    first = np.array([0.5, 0.3, 0.2])
    likelihood = np.array([[1, 1, 1], [0.9, 0.3, 0.2], [1, 1, 1], [0.2, 0.5, 0.9]], dtype=float)
    tilt = np.array([[[1, 4, 1], [1, 1, 1], [1, 4, 1]]], dtype=float)
    knots = Knots(
        day=np.array([0, 2, 3, 7]),
        begin=np.array([0, 4]),
        gap=np.array([0, 2, 1, 4]),
        likelihood=likelihood,
        news=np.array([-1, -1, 0, -1]),
        tilt=tilt,
        tempo=np.array([0, 0, 1, 0]),
    )
    # From day 3 to day 7 it is half as restless.
    slow = (step + np.eye(3)) / 2
    chain, table = Chain(first[None, :], np.stack([step, slow])), chains.powers(np.stack([step, slow]), 20)
    fitted = SimpleNamespace(chain=chain, knots=knots, table=table, messages=chains.sweep(chain, knots, table))
    paths = np.array(list(itertools.product(range(3), repeat=8)))
    weight = first[paths[:, 0]]
    for day in range(1, 8):
        moves = step * tilt[0] if day == 3 else slow if day > 3 else step
        weight = weight * moves[paths[:, day - 1], paths[:, day]]
    for knot, day in enumerate(knots.day):
        weight = weight * likelihood[knot][paths[:, day]]
    return fitted, weight / weight.sum()


@pytest.mark.parametrize(("first", "last"), [(0, 7), (1, 6), (2, 7), (4, 6), (5, 5)])
def test_any_two_days_are_as_likely_together_as_over_all_paths(first: int, last: int) -> None:
    fitted, chance = a_restless_place()
    drawn = draw_courses(fitted, ("tal",), np.array([0]), np.array([first]), last, DRAWS, seed=1)
    states = daily(drawn, 0, DRAWS, first, last + 1)
    paths = np.array(list(itertools.product(range(3), repeat=8)))[:, first : last + 1]
    for one, other in itertools.combinations_with_replacement(range(last - first + 1), 2):
        exact = np.bincount(paths[:, one] * 3 + paths[:, other], chance, 9)
        found = np.bincount(states[:, one].astype(int) * 3 + states[:, other], minlength=9) / DRAWS
        # Five standard errors of a share of 20,000 draws: 5 * .5 / sqrt(20000) = .018.
        np.testing.assert_allclose(found, exact, atol=0.018)


def test_whole_paths_are_as_likely_as_they_are() -> None:
    fitted, chance = a_restless_place()
    drawn = draw_courses(fitted, ("tal",), np.array([0]), np.array([0]), 7, DRAWS, seed=2)
    states = daily(drawn, 0, DRAWS, 0, 8).astype(int)
    found = np.bincount(states @ 3 ** np.arange(7, -1, -1), minlength=3**8) / DRAWS
    often = chance > 0.005
    # The likeliest paths, one by one: five standard errors of a share of .02 are 5 * sqrt(.02 / 20000) = .005.
    np.testing.assert_allclose(found[often], chance[often], atol=0.005)
    assert found[often].sum() == pytest.approx(chance[often].sum(), abs=0.018)


def test_courses_agree_with_the_chances_of_each_day(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    courses = estimate.courses(("tal", "wadi"), on(0), on(91), 4000, 7)
    for nth, place in enumerate(("tal", "wadi")):
        states = daily(courses, nth, 4000, on(0), on(91))
        shares = np.stack([(states == k).mean(axis=0) for k in range(len(estimate.states))], axis=1)
        chances = estimate.chances([place] * 91, np.arange(on(0), on(91)))
        # Four standard errors of a share of 4,000 draws: 4 * .5 / sqrt(4000) = .032.
        np.testing.assert_allclose(shares, chances, atol=0.032)


def test_courses_move_as_often_as_draws_do(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    courses = daily(estimate.courses(("tal",), on(0), on(91), 4000, 7), 0, 4000, on(0), on(91))
    draws = estimate.draws("tal", on(0), on(91), 4000, seed=7)
    moves = [(np.diff(paths) != 0).sum(axis=1).mean() for paths in (courses, draws)]
    # Moves of a path spread by about one: five standard errors of a difference are 5 * sqrt(2 / 4000) = .11.
    assert moves[0] == pytest.approx(moves[1], abs=0.11)


def test_runs_rise_in_time_and_each_is_another_state(made: Made) -> None:
    courses = control.estimate(made(TAKEN)).courses(("tal", "wadi"), on(0), on(91), 200, 7)
    assert len(courses.begin) == 401
    for low, high in itertools.pairwise(courses.begin):
        assert high > low
        assert (np.diff(courses.day[low:high]) > 0).all()
        assert (np.diff(courses.state[low:high]) != 0).all()
        assert courses.day[low] <= on(0)


def test_a_place_is_drawn_alike_whatever_else_is_asked(made: Made) -> None:
    estimate = control.estimate(made(TAKEN))
    alone = daily(estimate.courses(("wadi",), on(0), on(91), 300, 7), 0, 300, on(0), on(91))
    beside = daily(estimate.courses(("tal", "wadi"), on(0), on(91), 300, 7), 1, 300, on(0), on(91))
    assert np.array_equal(alone, beside)
    other = daily(estimate.courses(("wadi",), on(0), on(91), 300, 8), 0, 300, on(0), on(91))
    assert not np.array_equal(alone, other)


def test_two_places_are_drawn_apart(made: Made) -> None:
    # The same evidence at both: the days of change are alike in law, and not the same in each draw.
    rows = [*TAKEN[:6], *({**r, "place": "jisr"} for r in TAKEN[:6])]
    courses = control.estimate(made(rows)).courses(("jisr", "tal"), on(0), on(91), 2000, 7)
    days = [(daily(courses, nth, 2000, on(0), on(91)) == 1).argmax(axis=1) for nth in range(2)]
    # Two standard errors and more of a correlation of 2,000 pairs: .1.
    assert abs(np.corrcoef(days)[0, 1]) < 0.1


def test_beyond_what_the_model_reaches_a_place_stays_as_it_is(made: Made) -> None:
    courses = control.estimate(made(TAKEN)).courses(("tal",), on(-4000), on(4000), 50, 7)
    assert courses.day.max() < on(91 + 1001)


def test_a_place_without_basis_cannot_be_drawn(made: Made) -> None:
    with pytest.raises(InputError, match="no history"):
        control.estimate(made(TAKEN)).courses(("tal", "jisr"), on(0), on(5), 10, 1)
