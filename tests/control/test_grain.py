"""Which way fronts run past places, and what a way along or across them counts as."""

import numpy as np
import pytest

from zenobia.control import grain, nearby


def grid(size: int, km: float) -> nearby.Round:
    """Places on a square grid, each with all the others; row by row from the south-west."""
    north, east = np.divmod(np.arange(size * size), size)
    spots = km * np.stack([east, north], axis=1).astype(float)
    place, other = np.nonzero(~np.eye(len(spots), dtype=bool))
    away = np.hypot(*(spots[place] - spots[other]).T)
    order = np.lexsort((other, away, place))
    place, other, away = place[order], other[order], away[order]
    return nearby.Round(place, other, away, np.searchsorted(place, np.arange(len(spots) + 1)), spots)


def two(first: np.ndarray) -> np.ndarray:
    return np.stack([first, 1 - first], axis=1)


def test_across_is_the_way_in_which_holders_change() -> None:
    near = grid(5, 10.0)
    east = near.spots[:, 0]
    across = grain.grain(near, two((east > 20).astype(float)))
    # The place in the middle: east and west of it differ, north and south do not; one front is quite clear.
    np.testing.assert_allclose(np.abs(across[12]), [1.0, 0.0], atol=1e-9)


def test_a_slanting_front_is_crossed_aslant() -> None:
    near = grid(5, 10.0)
    east, north = near.spots.T
    across = grain.grain(near, two((east + north) / 80))
    # Both parts alike: one over the root of two.
    np.testing.assert_allclose(across[12], [0.7071, 0.7071], atol=1e-4)


def test_one_holder_everywhere_leaves_distances_as_they_are() -> None:
    near = grid(4, 10.0)
    ways = grain.stretched(grain.grain(near, two(np.ones(16))))
    np.testing.assert_allclose(ways, np.tile(np.eye(2), (16, 1, 1)))


def test_where_three_fronts_meet_no_way_is_across() -> None:
    near = grid(5, 10.0)
    east, north = near.spots.T - 20
    # Chances that fall off to the east, and as fast to the north: as much change either way.
    held = np.stack([0.3 + east / 100, 0.3 + north / 100], axis=1)
    np.testing.assert_allclose(grain.grain(near, held)[12], [0.0, 0.0], atol=1e-9)


def test_slopes_are_those_of_a_plane_laid_by_least_squares() -> None:
    rng = np.random.default_rng(4)
    near, held = grid(3, 15.0), rng.random((9, 2))
    found = grain._slopes(near, held)
    rows = np.flatnonzero(near.place == 4)
    weight = np.exp(-near.km[rows] / 30.0)
    ways = near.spots[near.other[rows]] - near.spots[4]
    apart = ways - np.average(ways, axis=0, weights=weight)
    of = held[near.other[rows]] - np.average(held[near.other[rows]], axis=0, weights=weight)
    spread = (apart * weight[:, None]).T @ apart / weight.sum() + 100.0 * np.eye(2)
    slopes = np.linalg.solve(spread, (apart * weight[:, None]).T @ of / weight.sum())
    np.testing.assert_allclose(found[4], slopes.T, atol=1e-12)


def test_along_counts_less_and_across_more() -> None:
    ways = grain.stretched(np.array([[1.0, 0.0]]), by=2.0)
    # Thirty kilometres east are sixty, thirty north fifteen.
    np.testing.assert_allclose([[30.0, 0.0], [0.0, 30.0]] @ ways[0], [[60.0, 0.0], [0.0, 15.0]])


def test_a_front_half_as_clear_counts_by_the_root() -> None:
    ways = grain.stretched(np.array([[0.0, 0.5]]), by=4.0)
    # 4 to the power of a half: two.
    np.testing.assert_allclose(ways[0], [[0.5, 0.0], [0.0, 2.0]])


def test_a_neighbour_along_the_front_weighs_more_than_one_across_it() -> None:
    spots = np.array([[0.0, 0.0], [30.0, 0.0], [0.0, 30.0]])
    near = nearby.Round(np.array([0, 0]), np.array([1, 2]), np.array([30.0, 30.0]), np.array([0, 2, 2, 2]), spots)
    ways = grain.stretched(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]), by=2.0)
    weight = nearby.weights(near, 30.0, ways)
    # Likeness e^-2 = .1353 and e^-.5 = .6065, with each other e^-(61.85 / 30) = .1273 (60 and 15 km to the sides).
    # 1.3 a + .1273 b = .1353 and .1273 a + 1.3 b = .6065: a = .0590, b = .4608.
    np.testing.assert_allclose(weight, [0.0590, 0.4608], atol=1e-3)


def test_places_that_nobody_is_near_have_no_grain() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    near = nearby.Round(nothing, nothing, np.zeros(0), np.zeros(3, dtype=np.int64), np.zeros((2, 2)))
    assert grain.grain(near, two(np.array([0.0, 1.0]))).tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("turned", [0.0, 0.7, 2.0])
def test_a_way_counts_alike_however_the_map_is_turned(turned: float) -> None:
    turn = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
    across, way = np.array([0.8, 0.0]), np.array([3.0, 4.0])
    plain = np.linalg.norm(way @ grain.stretched(across[None])[0])
    assert np.linalg.norm((turn @ way) @ grain.stretched((turn @ across)[None])[0]) == pytest.approx(plain)
