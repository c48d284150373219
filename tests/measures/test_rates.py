"""Ratios of two rates, with exact intervals."""

import numpy as np
import pytest

from zenobia.measures.rates import _below, beta_share, ratio_of_counts, ratio_of_draws


def test_the_limits_of_a_share_are_those_of_the_textbooks():
    # Clopper and Pearson for 4 of 20 at 95 per cent: .0573 to .4366.
    assert beta_share(0.025, 4, 17) == pytest.approx(0.057334, abs=1e-6)
    assert beta_share(0.975, 5, 16) == pytest.approx(0.436614, abs=1e-6)


def test_none_of_n_has_its_limit_in_closed_form():
    # 0 of 9: the upper limit is 1 - .05^(1/9) = .2831, and .2831 / .7169 = .3949.
    ratio = ratio_of_counts((9, 0), (9, 0), (100, 100))
    assert (ratio.low, ratio.best) == (0, 0)
    assert ratio.high == pytest.approx((1 - 0.05 ** (1 / 9)) / 0.05 ** (1 / 9), abs=1e-6)


def test_from_none_to_some_is_open_above():
    ratio = ratio_of_counts((0, 9), (0, 9), (100, 100))
    assert (ratio.best, ratio.high) == (None, None)
    # 9 of 9: the lower limit is .05^(1/9) = .7169, and .7169 / .2831 = 2.532.
    assert ratio.low == pytest.approx(0.05 ** (1 / 9) / (1 - 0.05 ** (1 / 9)), abs=1e-6)


def test_the_lengths_of_the_periods_count():
    # 4 in 100 days, 9 in 50: .04 and .18 a day, 4.5 times.
    one, other = ratio_of_counts((4, 9), (4, 9), (100, 50)), ratio_of_counts((4, 9), (4, 9), (100, 100))
    assert one.best == pytest.approx(4.5)
    assert one.low == pytest.approx(2 * other.low)
    assert one.high == pytest.approx(2 * other.high)


def test_turned_round_in_time_the_ratio_is_turned_over():
    one, other = ratio_of_counts((4, 9), (4, 9), (80, 50)), ratio_of_counts((9, 4), (9, 4), (50, 80))
    assert one.low == pytest.approx(1 / other.high)
    assert one.high == pytest.approx(1 / other.low)


def test_what_is_doubtful_counts_against_in_the_low_and_for_in_the_high():
    sure, doubt = ratio_of_counts((4, 9), (4, 9), (1, 1)), ratio_of_counts((4, 9), (6, 12), (1, 1))
    assert doubt.low == pytest.approx(ratio_of_counts((6, 9), (6, 9), (1, 1)).low)
    assert doubt.high == pytest.approx(ratio_of_counts((4, 12), (4, 12), (1, 1)).high)
    assert doubt.low < sure.low < sure.high < doubt.high


def test_draws_that_are_all_alike_give_the_exact_interval():
    alike = (np.full(400, 4.0), np.full(400, 9.0))
    assert ratio_of_draws(alike, alike, (100, 70)) == pytest.approx(ratio_of_counts((4, 9), (4, 9), (100, 70)))


def test_draws_that_differ_lie_between_the_two():
    mixed = (np.repeat([4.0, 6.0], 200), np.repeat([9.0, 9.0], 200))
    few, many = (ratio_of_counts((n, 9), (n, 9), (1, 1)) for n in (4, 6))
    found = ratio_of_draws(mixed, mixed, (1, 1))
    assert many.low < found.low < few.low
    assert many.high < found.high < few.high


def test_draws_with_nothing_before_open_it_above():
    some = (np.repeat([0.0, 4.0], 200), np.full(400, 9.0))
    assert ratio_of_draws(some, some, (1, 1)).high is None
    nothing = (np.full(400, 3.0), np.zeros(400))
    assert ratio_of_draws(nothing, nothing, (1, 1)).low == 0


def test_nine_intervals_in_ten_hold_the_truth_or_more():
    dice = np.random.default_rng(3)
    before, after = dice.poisson(6.0, 400), dice.poisson(12.0, 400)
    found = [ratio_of_counts((a, b), (a, b), (1, 1)) for a, b in zip(before.tolist(), after.tolist(), strict=True)]
    held = [one.low <= 2 and (one.high is None or one.high >= 2) for one in found]
    # Exact intervals hold the truth at least as often as they say: .9, less 2.6 standard errors of .015.
    assert np.mean(held) >= 0.86


def test_the_best_ratio_of_draws_is_that_of_the_two_counts_that_are_shown():
    # 4 before and 3 after in the middle; draw by draw the middle ratio would be 1.
    before, after = np.array([3.0, 3.0, 4.0, 4.0, 5.0]), np.array([3.0, 3.0, 3.0, 4.0, 5.0])
    assert ratio_of_draws((before, after), (before, after), (100, 100)).best == 3 / 4


def test_counts_of_thousands_have_a_limit_too() -> None:
    """A share that stands just at the mean, where rounding may put it on either side of it, seen from both ends."""
    for before in range(1, 1000, 7):
        for after in (2, 333, 1999):
            mean = (before + 1) / (before + after + 2)
            assert 0 < _below(mean, before, after) < 1
            assert _below(mean, before, after) == pytest.approx(1 - _below(1 - mean, after, before), abs=1e-9)
