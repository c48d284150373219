"""The chain is exact: against every path written out, and against a pass over every day."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from zenobia.control.chain import Chain, Knots, between, expected_moves, powers, sweep

Floats = npt.NDArray[np.float64]

DAYS = 12
STEP = np.array([[0.90, 0.06, 0.04], [0.03, 0.95, 0.02], [0.10, 0.20, 0.70]])
# Each place starts from chances of its own.
STARTS = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
START = STARTS[0]
TILT = np.array(
    [[[1.0, 40.0, 1.0], [1.0, 1.0, 1.0], [1.0, 40.0, 1.0]], [[1.0, 7.0, 7.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]
)


# At the second tempo states change three times as seldom. Of the knots above the first of place 0 and the second of
# place 1 are followed by days at that tempo.
SLOW = np.eye(3) + (STEP - np.eye(3)) / 3
STEPS = np.stack([STEP, SLOW])
TEMPO = np.array([1, 0, 0, 0, 0, 1, 0, 0, 0])


@pytest.fixture
def two_places() -> tuple[Chain, Knots]:
    """Two places over 12 days; something is said on a few of them, and news bears on two moves."""
    rng = np.random.default_rng(3)
    # Place 0: days 0, 3, 4 (news), 9. Place 1: days 0, 6, 7 (news), 8, 11, 2 days of silence between.
    day = np.array([0, 3, 4, 9, 0, 6, 7, 8, 11])
    begin = np.array([0, 4, 9])
    gap = np.array([0, 3, 1, 5, 0, 6, 1, 1, 3])
    news = np.array([-1, -1, 0, -1, -1, -1, 1, -1, -1])
    likelihood = rng.uniform(0.05, 1.0, size=(9, 3))
    return Chain(STARTS, STEPS), Knots(day, begin, gap, likelihood, news, TILT, TEMPO)


def tempo_of(knots: Knots, place: int) -> npt.NDArray[np.int64]:
    """The tempo of the move into each day of one place, (days,)."""
    rows = slice(knots.begin[place], knots.begin[place + 1])
    before = np.searchsorted(knots.day[rows], np.arange(DAYS), side="left") - 1
    return np.asarray(knots.tempo[rows][np.maximum(before, 0)])


def dense(knots: Knots, place: int) -> tuple[Floats, Floats]:
    """What is said on each day, and the move into it, of one place: (days, 3) and (days, 3, 3)."""
    said, moves = np.ones((DAYS, 3)), STEPS[tempo_of(knots, place)]
    for k in range(knots.begin[place], knots.begin[place + 1]):
        said[knots.day[k]] = knots.likelihood[k]
        if knots.news[k] >= 0:
            moves[knots.day[k]] *= knots.tilt[knots.news[k]]
    return said, moves


def day_by_day(knots: Knots, place: int) -> Floats:
    """Forward and backward over every day: the chances on each."""
    said, moves = dense(knots, place)
    forward, backward = np.empty((DAYS, 3)), np.ones((DAYS, 3))
    forward[0] = STARTS[place] * said[0]
    for d in range(1, DAYS):
        forward[d] = forward[d - 1] @ moves[d] * said[d]
    for d in range(DAYS - 1, 0, -1):
        backward[d - 1] = moves[d] @ (said[d] * backward[d])
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def smoothed(chain: Chain, knots: Knots, place: int) -> Floats:
    table = powers(chain.step, DAYS)
    days = np.arange(DAYS)
    forward, backward = between(knots, sweep(chain, knots, table), table, np.full(DAYS, place), days)
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("place", [0, 1])
def test_every_day_is_as_a_pass_over_all_days_has_it(two_places: tuple[Chain, Knots], place: int) -> None:
    chain, knots = two_places
    np.testing.assert_allclose(smoothed(chain, knots, place), day_by_day(knots, place), atol=2e-14)


def test_five_days_are_as_all_243_histories_have_it() -> None:
    said = {0: np.array([0.9, 0.2, 0.5]), 2: np.array([0.1, 0.8, 0.3]), 4: np.array([0.3, 0.6, 0.6])}
    weight = np.zeros((5, 3))
    for path in itertools.product(range(3), repeat=5):
        chance = START[path[0]] * np.prod([STEP[a, b] for a, b in itertools.pairwise(path)])
        chance *= np.prod([said[d][path[d]] for d in said])
        for d, state in enumerate(path):
            weight[d, state] += chance
    knots = Knots(
        day=np.array([0, 2, 4]),
        begin=np.array([0, 3]),
        gap=np.array([0, 2, 2]),
        likelihood=np.array(list(said.values())),
        news=np.full(3, -1),
        tilt=np.ones((0, 3, 3)),
        tempo=np.zeros(3, dtype=np.int64),
    )
    whole = smoothed(Chain(START[None], STEP[None]), knots, 0)[:5]
    np.testing.assert_allclose(whole, weight / weight.sum(axis=1, keepdims=True), atol=1e-14)


def test_the_fit_is_the_log_of_all_that_the_histories_come_to(two_places: tuple[Chain, Knots]) -> None:
    chain, knots = two_places
    total = 0.0
    for place in (0, 1):
        said, moves = dense(knots, place)
        forward = STARTS[place] * said[0]
        for d in range(1, DAYS):
            forward = forward @ moves[d] * said[d]
        total += float(np.log(forward.sum()))
    assert sweep(chain, knots, powers(STEPS, DAYS)).fit == pytest.approx(total, abs=1e-12)


def test_moves_expected_inside_gaps_are_those_of_a_pass_over_all_days(two_places: tuple[Chain, Knots]) -> None:
    chain, knots = two_places
    counted = np.zeros((2, 3, 3))
    for place in (0, 1):
        said, moves = dense(knots, place)
        last = int(knots.day[knots.begin[place + 1] - 1])
        forward, backward = np.empty((DAYS, 3)), np.ones((DAYS, 3))
        forward[0] = STARTS[place] * said[0]
        for d in range(1, DAYS):
            forward[d] = forward[d - 1] @ moves[d] * said[d]
        for d in range(last, 0, -1):
            backward[d - 1] = moves[d] @ (said[d] * backward[d])
        for d in range(1, last + 1):
            pair = forward[d - 1][:, None] * moves[d] * (said[d] * backward[d])
            counted[tempo_of(knots, place)[d]] += pair / pair.sum()
    table = powers(STEPS, DAYS)
    found = expected_moves(knots, sweep(chain, knots, table), STEPS)
    np.testing.assert_allclose(found, counted, atol=1e-12)


def test_the_moves_of_many_days_are_as_many_single_days() -> None:
    table = powers(STEPS, 9)
    for tempo, step in enumerate(STEPS):
        np.testing.assert_allclose(table[tempo, 9], np.linalg.matrix_power(step, 9), atol=1e-15)
        np.testing.assert_array_equal(table[tempo, 0], np.eye(3))
