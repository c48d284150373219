"""Places amid ground that their own side holds change hands more seldom, in the model as in the world."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.control.conftest import Made
from zenobia.control import estimate, nearby, tempo
from zenobia.control.knots import Knots
from zenobia.terms import Place, day_number

# Two neighbours, and a third place that has none: pairs (0, 1) and (1, 0), of weight .5 each.
NEAR = nearby.Round(
    place=np.array([0, 1]), other=np.array([1, 0]), km=np.array([5.0, 5.0]), begin=np.array([0, 1, 2, 2]),
    spots=np.zeros((3, 2)),
)  # fmt: skip
WEIGHT = np.array([0.5, 0.5])
NEITHER = np.array([False, False])


def kinds(first: float, then: float, later: float) -> list[int]:
    """The tempo of a place that reds hold for sure, whose one neighbour they hold with these chances at three looks."""
    held = np.array([[[1.0, 0.0]] * 3, [[c, 1 - c] for c in (first, then, later)], [[0.5, 0.5]] * 3])
    return tempo.kinds(NEAR, WEIGHT, held)[0].tolist()


def test_the_more_a_place_is_like_the_ground_round_it_the_slower() -> None:
    # Unlike by 0, .05, .2, .4, .7: below .02, .1, .3, .6, and beyond.
    assert [kinds(c, c, c)[0] for c in (1.0, 0.95, 0.8, 0.6, 0.3)] == [1, 2, 3, 4, tempo.USUAL]


def test_between_two_looks_the_more_unlike_counts() -> None:
    assert kinds(1.0, 0.3, 1.0) == [tempo.USUAL, tempo.USUAL, 1]


def test_without_neighbours_the_tempo_is_the_usual_one() -> None:
    held = np.array([[[1.0, 0.0]], [[1.0, 0.0]], [[1.0, 0.0]]])
    assert tempo.kinds(NEAR, WEIGHT, held)[2].tolist() == [tempo.USUAL]


def test_neighbours_far_off_say_too_little() -> None:
    assert tempo.kinds(NEAR, WEIGHT / 2, np.array([[[1.0, 0.0]]] * 3))[0].tolist() == [tempo.USUAL]


def test_slower_is_so_many_times_seldomer_for_holders_alone() -> None:
    rates = np.array([[0.0, 0.01, 0.01], [0.01, 0.0, 0.01], [0.04, 0.04, 0.0]])
    slowest = tempo.steps(rates, np.array([False, False, True]))[1]
    # A twentieth of .01 for the two holders; what is contested knows no tempo.
    np.testing.assert_allclose(slowest, [[0.999, 0.0005, 0.0005], [0.0005, 0.999, 0.0005], [0.04, 0.04, 0.92]])


def test_the_day_on_which_a_holder_ends_goes_at_the_usual_tempo() -> None:
    knots = Knots(
        day=np.array([0, 9, 10, 20]), begin=np.array([0, 4]), gap=np.array([0, 9, 1, 10]), likelihood=np.ones((4, 2)),
        news=np.array([-1, -1, 0, -1]), tilt=np.ones((1, 2, 2)), tempo=np.zeros(4, dtype=np.int64),
    )  # fmt: skip
    kept = tempo.kept(knots, np.array([0, 20]), np.array([[1, 2]]))
    assert kept.tempo.tolist() == [1, tempo.USUAL, 1, 2]


@pytest.fixture
def told_once(made: Made) -> dict[str, float]:
    """What is believed a month after one boast, of a place amid others of the same side and of one amid both sides'."""
    first = date(2020, 1, 1)
    places = [
        Place(id=f"{x}{y}", name=f"{x}{y}", lat=36 + y / 20, lon=37 + x / 20) for x in range(12) for y in range(3)
    ]
    reports = [
        {"source": source, "place": place.id, "date": first + timedelta(days=40 * n + 2 * k), "status": "holds",
         "holder": "reds" if int(place.id[:-1]) < 8 else "blues"}
        for place in places
        for n in range(10)
        for k, source in enumerate(("wire", "daily"))
    ]  # fmt: skip
    boast = first + timedelta(days=210)
    reports += [
        {"source": "daily", "place": place, "date": boast, "status": "takes", "holder": "blues"}
        for place in ("11", "71")
    ]
    whole = estimate(made(reports, places=places))
    day = np.array([day_number(boast)])
    return {p: float(whole.chances([p], day)[0, whole.states.index("blues")]) for p in ("11", "71")}


def test_one_word_of_a_capture_far_behind_the_front_is_believed_less(told_once: dict[str, float]) -> None:
    assert told_once["11"] < told_once["71"] / 2
