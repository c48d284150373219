"""What the ground round a place says of it before anybody speaks of the place itself."""

import numpy as np
import pytest

from zenobia.control import nearby

EVERYWHERE = np.array([0.5, 0.5])


def test_a_place_alone_starts_as_places_everywhere_do() -> None:
    grid = np.array([[0, 0], [50, 50]])
    start = nearby.local_start(grid, np.array([[1.0, 0.0], [0.0, 1.0]]), EVERYWHERE)
    np.testing.assert_allclose(start, [[0.5, 0.5], [0.5, 0.5]])


def test_the_neighbours_count_and_the_place_itself_does_not() -> None:
    grid = np.array([[0, 0], [0, 0], [1, 0]])
    held = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    start = nearby.local_start(grid, held, EVERYWHERE)
    # The first: one neighbour in the square (1) and one beside it (.6), all with the first state:
    # (1.6 * 1 + 2 * .5) / (1.6 + 2) = .722
    assert start[0, 0] == pytest.approx(2.6 / 3.6)


def test_however_many_neighbours_agree_nothing_becomes_sure() -> None:
    grid = np.zeros((500, 2), dtype=int)
    held = np.tile([1.0, 0.0], (500, 1))
    # At most three places' worth against two of everywhere: (3 * 1 + 2 * .5) / 5 = .8
    assert nearby.local_start(grid, held, EVERYWHERE)[0, 0] == pytest.approx(0.8)
