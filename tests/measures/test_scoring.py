"""Scores of chances by hand."""

from itertools import chain
from math import log, sqrt

import numpy as np
import pytest

from zenobia.measures import LEAST_BLOCKS, area_of, brier, log_score, score_within, skill_within
from zenobia.measures.scoring import _student


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


# --- limits ------------------------------------------------------------------------------------

BLOCKS = [str(n) for n in range(LEAST_BLOCKS)]


def test_limits_come_from_leaving_out_one_block_at_a_time():
    # Ten blocks of one forecast; chances 0, of which one came: losses 1, 0 ... 0, mean .1. Without the first block the
    # mean is 0, without any other 1/9. These ten have the mean .1; squares .01 + 9 * (1/90)^2 = .01 + 1/900 = 1/90.
    # Variance 9/10 * 1/90 = .01, so one standard error is .1, and t of nine degrees of freedom 2.262. The lower limit
    # would be -.126: no score is below nought.
    found = score_within("brier", [0.0] * 10, [1, *[0] * 9], BLOCKS)
    assert found.best == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1 + 2.262 * 0.1, abs=1e-4)
    assert found.low == 0
    assert found.meaning == "resampled95"


def test_limits_go_no_further_than_a_score_can():
    # As above the other way round: one of ten came not, of which 1 was told of none. The mean is .9, +- .226.
    found = score_within("brier", [0.0] * 10, [0, *[1] * 9], BLOCKS)
    assert found.low == pytest.approx(0.9 - 2.262 * 0.1, abs=1e-4)
    assert found.high == 1
    assert score_within("log", [0.0] * 10, [0, *[1] * 9], BLOCKS).high == pytest.approx(-log(0.001))
    # Nobody is better than perfect: own chances nearly right, the other's wrong in a few blocks only.
    assert skill_within("brier", [0.1] * 10, [0.9, 0.9, *[0.2] * 8], [0] * 10, BLOCKS).high == 1


def test_a_skill_that_hangs_on_one_block_has_no_limits_in_whatever_order():
    # Two of twenty came, both in the first block of two: without that block the other chances were perfect, and there
    # is nothing to be better than.
    came, alone, twos = [1, 1, *[0] * 18], [str(n) for n in range(20)], [str(n // 2) for n in range(20)]
    for ways in ((alone, twos), (twos, alone)):
        found = skill_within("brier", [0.1] * 20, [0.0] * 20, came, *ways)
        # Own: (2 * .81 + 18 * .01) / 20 = .09; the other 2 / 20 = .1.
        assert found.best == pytest.approx(0.1)
        assert (found.low, found.high) == (None, None)


def test_what_hangs_together_counts_as_one():
    # Each forecast told three times over, in the block of the first: nothing is known that was not known before.
    said, came = [0.0] * 10, [1, *[0] * 9]
    thrice = [list(chain.from_iterable([x] * 3 for x in each)) for each in (said, came, BLOCKS)]
    assert score_within("brier", *thrice).high == pytest.approx(score_within("brier", said, came, BLOCKS).high)


def test_of_fewer_than_ten_blocks_there_are_no_limits():
    found = score_within("brier", [0.0] * 9, [1, *[0] * 8], BLOCKS[:9])
    assert (found.low, found.high) == (None, None)
    assert found.best == pytest.approx(1 / 9)


def test_of_two_ways_to_block_the_wider_counts_and_one_with_few_blocks_not_at_all():
    rng = np.random.default_rng(4)
    came = np.repeat(rng.integers(0, 2, 12), 5).tolist()
    said, groups, alone = [0.5] * 59 + [0.9], [str(n // 5) for n in range(60)], [str(n) for n in range(60)]
    wide, narrow = (score_within("log", [0.2] * 60, came, way).high for way in (groups, alone))
    assert wide > narrow
    assert score_within("log", [0.2] * 60, came, alone, groups).high == wide
    assert score_within("log", [0.2] * 60, came, alone, ["2031-04"] * 60).high == narrow
    assert score_within("brier", said, came, ["2031-04"] * 60).high is None


def test_skill_is_the_part_by_which_a_score_is_better():
    # Brier: own .01 for each, the other .25: 1 - .01/.25 = .96; all blocks alike, so nothing is open.
    found = skill_within("brier", [0.1] * 10, [0.5] * 10, [0] * 10, BLOCKS)
    assert [found.low, found.best, found.high] == pytest.approx([0.96, 0.96, 0.96])


def test_against_what_was_perfect_there_is_no_skill():
    found = skill_within("brier", [0.1] * 10, [0.0] * 10, [0] * 10, BLOCKS)
    assert (found.low, found.best, found.high) == (None, None, None)


def test_what_is_hard_for_both_says_nothing_of_which_is_better():
    # One chance is always a tenth of the loss of the other, however hard the block.
    hard = np.linspace(0.1, 0.9, 20)
    paired = skill_within("brier", (hard * sqrt(0.1)).tolist(), hard.tolist(), [0] * 20, [str(n) for n in range(20)])
    assert [paired.low, paired.best, paired.high] == pytest.approx([0.9, 0.9, 0.9])


@pytest.mark.parametrize(("freedom", "quantile"), [(9, 2.2622), (19, 2.0930), (30, 2.0423), (120, 1.9799)])
def test_the_quantile_of_t_is_that_of_the_tables(freedom, quantile):
    assert _student(freedom) == pytest.approx(quantile, abs=5e-4)


def test_limits_hold_what_they_promise():
    # Twenty blocks of four forecasts which hit or miss together, half of the time: the true Brier score of a chance of
    # a half is a quarter whatever comes; of .2 it is .5 * .64 + .5 * .04 = .34. The limits hold it 19 times in 20.
    rng, held = np.random.default_rng(11), 0
    blocks = [str(n // 4) for n in range(80)]
    for _ in range(400):
        came = np.repeat(rng.random(20) < 0.5, 4).astype(float).tolist()
        found = score_within("brier", [0.2] * 80, came, blocks)
        held += found.low <= 0.34 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_an_area_is_a_square_of_42_km_that_lies_fixed():
    # Rows of 42 / 111.195 = .3777 degrees: 34.5 lies in row 91 (34.37 to 34.75).
    assert area_of("a", 34.5, 38.3) == area_of("b", 34.6, 38.4)
    assert area_of("a", 34.5, 38.3).startswith("91/")
    assert area_of("a", 34.5, 38.3) != area_of("a", 34.8, 38.3)
    # A degree of longitude there is 111.195 * cos(34.56) = 91.6 km: half a degree is more than an area.
    assert area_of("a", 34.5, 38.3) != area_of("a", 34.5, 38.8)


def test_a_place_without_a_position_is_an_area_by_itself():
    assert area_of("nowhere", None, None) != area_of("elsewhere", None, None)
