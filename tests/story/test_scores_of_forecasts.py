"""Several forecasts of a case are scored one by one and all together, each with the blocks that its limits rest on."""

from dataclasses import replace
from datetime import date

import pytest

from zenobia.forecasting import scores_table, together
from zenobia.publish import ForetoldPlace, Round
from zenobia.terms import Bounds, Place


def place(n, chance, came):
    """A place half a degree north of the one before: each in an area of its own."""
    found = Bounds(low=chance, best=chance, high=chance, unit="chance", meaning="credible90")
    where = Place(id=f"town-{n}", name=f"Town {n}", lat=30 + n / 2, lon=38.0)
    return ForetoldPlace(place=where, rank=1, chance=found, one_rate=0.5, came=came)


def issued(day, *places):
    one = Round(issued=day, days=30, before="league", after="crown", claims=(), reports=1, newest=None, places=places)
    return replace(one, track=together([one]))


APRIL = issued(date(2031, 4, 1), *(place(n, 0.1, 0.0) for n in range(6)), place(6, 0.3, None))
MAY = issued(date(2031, 5, 1), *(place(n, 0.2, 0.0) for n in range(6, 12)))


def test_what_nobody_spoke_of_since_is_not_scored():
    assert together([APRIL]).heard == 6


def test_all_forecasts_are_scored_as_one_over_their_areas_and_months():
    track = together([APRIL, MAY])
    assert (track.heard, track.areas, track.months) == (12, 12, 2)
    # Six losses of .01 and six of .04: .025 on average; against a half, whose loss is .25: 1 - .1 = .9.
    assert track.scores[0].brier.best == pytest.approx(0.025)
    assert track.scores[1].skill.best == pytest.approx(0.9)


def test_together_there_may_be_areas_enough_for_limits():
    assert together([APRIL]).scores[0].brier.low is None
    assert together([APRIL, MAY]).scores[0].brier.low < 0.025 < together([APRIL, MAY]).scores[0].brier.high


def test_the_table_tells_each_forecast_and_all_of_them():
    rows = scores_table([APRIL, MAY])
    assert [row["issued"] for row in rows] == ["2031-04-01"] * 3 + ["2031-05-01"] * 3 + [None] * 3
    assert len(scores_table([APRIL])) == 3


def test_of_no_forecast_nothing_is_told():
    assert scores_table([]) == []
    assert together([]).scores == ()
