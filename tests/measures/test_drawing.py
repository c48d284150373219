"""Sums over chances that hang together at a place."""

import numpy as np
import pytest

from zenobia.measures.drawing import drawn_sums, uniforms


def sums(codes, chance, weights, draws=20_000, words=("a", "b", "c")):
    columns = np.array(weights, dtype=float)[:, None]
    return drawn_sums(np.array(codes), list(words), np.array(chance, dtype=float), columns, draws, 1)[:, 0]


def test_each_row_keeps_its_own_chance():
    # .3 x 2 + .9 x 5 + .5 x 1 = 5.6
    assert sums([0, 1, 2], [0.3, 0.9, 0.5], [2, 5, 1]).mean() == pytest.approx(5.6, abs=0.05)


def test_rows_of_one_place_count_together():
    drawn = sums([0, 0], [0.5, 0.5], [1, 1])
    assert set(np.unique(drawn)) == {0, 2}


def test_rows_of_two_places_are_independent():
    # Both with a chance of .5 x .5.
    assert (sums([0, 1], [0.5, 0.5], [1, 1]) == 2).mean() == pytest.approx(0.25, abs=0.02)


def test_of_two_rows_at_a_place_the_likelier_counts_whenever_the_other_does():
    drawn = sums([0, 0], [0.2, 0.6], [1, 10])
    assert set(np.unique(drawn)) == {0, 10, 11}


def test_certain_rows_need_no_place():
    assert sums([-1, -1], [1.0, 0.0], [4, 7], draws=3).tolist() == [4, 4, 4]


def test_a_places_numbers_do_not_depend_on_what_else_is_asked():
    alone = sums([1], [0.4], [1], draws=50)
    beside = sums([0, 1], [0.0, 0.4], [9, 1], draws=50)
    assert alone.tolist() == beside.tolist()
    assert uniforms("b", 50, 1).tolist() != uniforms("b", 50, 2).tolist()


def test_brute_force_agrees():
    rng = np.random.default_rng(5)
    codes, chance, weights = rng.integers(0, 3, 40), rng.random(40), rng.random(40)
    drawn = sums(codes, chance, weights, draws=200)
    for n in range(200):
        by_hand = sum(w for c, p, w in zip(codes, chance, weights, strict=True) if uniforms("abc"[c], 200, 1)[n] < p)
        assert drawn[n] == pytest.approx(by_hand)
