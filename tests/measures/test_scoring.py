"""Scores of chances by hand."""

from math import log

import pytest

from zenobia.measures import brier, log_score


def test_the_brier_score_is_the_mean_squared_distance():
    # (1 - .8)^2 = .04 and (0 - .4)^2 = .16: .10 on average
    assert brier([0.8, 0.4], [1, 0]) == pytest.approx(0.10)


def test_the_logarithmic_score_is_minus_the_log_of_the_chance_of_what_came():
    assert log_score([0.8, 0.4], [1, 0]) == pytest.approx(-(log(0.8) + log(0.6)) / 2)


def test_what_came_with_a_chance_is_scored_both_ways():
    # Came with .75: .75 * (1 - .5)^2 + .25 * .5^2 = .25
    assert brier([0.5], [0.75]) == pytest.approx(0.25)
    assert log_score([0.8], [0.75]) == pytest.approx(-(0.75 * log(0.8) + 0.25 * log(0.2)))


def test_a_chance_of_nought_costs_no_more_than_one_in_a_thousand():
    assert log_score([0.0], [1]) == pytest.approx(-log(0.001))
    assert log_score([1.0], [1]) == pytest.approx(-log(0.999))


@pytest.mark.parametrize("score", [brier, log_score])
def test_nobody_betters_a_score_by_telling_what_they_do_not_believe(score):
    told = {chance / 100: score([chance / 100], [0.37]) for chance in range(1, 100)}
    assert min(told, key=told.get) == 0.37
