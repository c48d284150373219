"""What the ground round a place says of it."""

import numpy as np
import pytest

from zenobia.control import fields, nearby
from zenobia.control.chain import Knots, powers

EVERYWHERE = np.array([0.5, 0.5])


def round_of(pairs: list[tuple[int, int, float]], places: int, spots: np.ndarray | None = None) -> nearby.Round:
    """Neighbours at these distances, and far from each other where no spots are said."""
    place, other, km = (np.array(column) for column in zip(*pairs, strict=True))
    spots = 1e6 * np.arange(places)[:, None] * np.ones(2) if spots is None else spots
    return nearby.Round(place, other, km.astype(float), np.searchsorted(place, np.arange(places + 1)), spots)


def test_a_place_alone_starts_as_places_everywhere_do() -> None:
    near = nearby.Round(np.zeros(0, int), np.zeros(0, int), np.zeros(0), np.zeros(3, int), np.zeros((2, 2)))
    start = nearby.start_around(near, np.zeros(0), np.array([[1.0, 0.0], [0.0, 1.0]]), EVERYWHERE)
    np.testing.assert_allclose(start, [[0.5, 0.5], [0.5, 0.5]])


def test_near_neighbours_count_for_more_than_far_ones() -> None:
    near = round_of([(0, 1, 0.0), (0, 2, 30.0)], 3)
    weight = nearby.weights(near, 30.0)
    # Two that have nothing in common: likeness 1 and 1/e, each over 1 + .3 of its own: .769 and .283.
    np.testing.assert_allclose(weight, [0.769, 0.283], atol=0.001)
    mean, trusted = nearby.mean_around(near, weight, np.array([[0.5], [1.0], [0.0]]))
    # .769 / (.769 + .283) = .731; together worth more than one place, so one.
    assert mean[0, 0] == pytest.approx(0.731, abs=0.001)
    assert trusted.tolist() == [1.0, 0.0, 0.0]


def test_two_in_one_spot_count_little_more_than_one() -> None:
    spots = np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 0.0], [-30.0, 0.0]])
    near = round_of([(0, 1, 30.0), (0, 2, 30.0), (0, 3, 30.0)], 4, spots)
    # a for each of the twins, b for the other; e^-1 = .368 and e^-2 = .135:
    # 2.3 a + .135 b = .368 and .271 a + 1.3 b = .368: a = .145, b = .253.
    np.testing.assert_allclose(nearby.weights(near, 30.0), [0.145, 0.145, 0.253], atol=0.001)


def test_one_behind_another_does_not_count_against_it() -> None:
    spots = np.array([[0.0, 0.0], [1.0, 0.0], [40.0, 0.0]])
    near = round_of([(0, 1, 1.0), (0, 2, 40.0)], 3, spots)
    assert (nearby.weights(near, 400.0) >= 0).all()


def test_weights_are_those_of_each_place_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worked out for many places at once or for each apart, with more neighbours or fewer."""
    rng = np.random.default_rng(3)
    spots = rng.random((6, 2)) * 100
    pairs = [(p, o, float(np.hypot(*(spots[p] - spots[o])))) for p in range(6) for o in range(p) if p != 2]
    near = round_of(pairs, 6, spots)
    together = nearby.weights(near, 60.0)
    monkeypatch.setattr(nearby, "_BATCH", 1)
    np.testing.assert_allclose(nearby.weights(near, 60.0), together, atol=1e-12)


def test_however_many_neighbours_agree_nothing_becomes_sure() -> None:
    near = round_of([(0, k, 0.0) for k in range(1, 500)], 500)
    held = np.tile([1.0, 0.0], (500, 1))
    # At most three places' worth against two of everywhere: (3 * 1 + 2 * .5) / 5 = .8
    assert nearby.start_around(near, nearby.weights(near, 30.0), held, EVERYWHERE)[0, 0] == pytest.approx(0.8)


def test_the_ground_makes_a_state_likelier_and_says_nothing_of_fighting() -> None:
    mean = np.array([[[0.98, 0.0, 0.02]]])
    log = fields.pull(np.array([7]), mean, np.ones(1), np.array([False, False, True]))
    # log(.02 + .98) = 0 and log(.02 + 0) = -3.912; what lies between gets their mean, -1.956.
    np.testing.assert_allclose(log[0, 0], [0.0, -3.912, -1.956], atol=0.001)


def test_looks_are_every_twenty_days_until_there_are_too_many() -> None:
    assert fields.looks(0, 100, 10, 0).tolist() == [0, 20, 40, 60, 80]
    # 1,000 days of 10,000 places in at most 200,000 looks: every 50 days.
    assert fields.looks(0, 1000, 10_000, 0)[1] == 50


def test_a_pull_is_not_rewarded_for_its_own_weight() -> None:
    """Where nothing is said, no pull foretells anything: the gain is zero, however strong it is."""
    step = np.array([[0.9, 0.1], [0.2, 0.8]])
    knots = Knots(
        day=np.array([0, 5]), begin=np.array([0, 2]), gap=np.array([0, 5]), likelihood=np.ones((2, 2)),
        news=np.array([-1, -1]), tilt=np.ones((0, 2, 2)), tempo=np.array([0, 0]),
    )  # fmt: skip
    starts, pulled = np.array([[[0.5, 0.5]]]), np.array([[[0.0, -3.0], [0.0, -2.0]]])
    assert fields.foretold(starts, knots, powers(step[None], 5), pulled)[0, 0] == pytest.approx(0.0)


def test_what_is_foretold_is_worked_out_by_hand() -> None:
    """One knot; even chances; the pull weighs 1 and 1/4; the report fits the first state 4 times as well.

    Under the pull alone the first state has .8: the report's likelihood is .8 * 1 + .2 * .25 = .85.
    """
    knots = Knots(
        day=np.array([0]), begin=np.array([0, 1]), gap=np.array([0]), likelihood=np.array([[1.0, 0.25]]),
        news=np.array([-1]), tilt=np.ones((0, 2, 2)), tempo=np.array([0]),
    )  # fmt: skip
    starts, pulled = np.array([[[0.5, 0.5]]] * 2), np.log([[[1.0, 0.25]], [[1.0, 1.0]]])
    found = fields.foretold(starts, knots, powers(np.eye(2)[None], 1), pulled)
    # Without a pull the two states stay even: .5 * 1 + .5 * .25 = .625.
    np.testing.assert_allclose(found[:, 0], np.log([0.85, 0.625]))


def test_the_share_of_places_unlike_their_neighbours_is_what_their_reports_show() -> None:
    """Of ten places eight are as foretold (e^2 times as likely so) and two are not (e^-5): a fifth is likeliest."""
    foretold = np.array([2.0] * 8 + [-5.0] * 2)
    assert fields.unlike(foretold, np.zeros(10)) == 0.2
