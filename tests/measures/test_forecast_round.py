"""All places of one forecast together."""

from math import exp

import pytest

from tests.measures.by_hand import view_of
from tests.measures.test_forecast import ASKED, KNOWN, LATER, TOLD
from zenobia import measures


def told(*reports):
    return measures.round_of(measures.question(ASKED), view_of(*reports), KNOWN)


def test_every_place_of_the_loser_has_the_chance_that_it_has_alone():
    rows = {row.place: row for row in told(*TOLD)}
    assert sorted(rows) == ["alder", "cedar"]
    for place, row in rows.items():
        alone = measures.answer(measures.question({**ASKED, "place": place}), view_of(*TOLD), KNOWN)
        assert row.chance.best == pytest.approx(alone.found.best)
        assert row.chance.low == pytest.approx(alone.found.low)
        assert row.chance.high == pytest.approx(alone.found.high)


def test_places_that_are_as_likely_share_a_rank():
    # Alder stands 20 km from the Crown, Cedar 90: both distances are equally untried.
    assert [row.rank for row in told(*TOLD)] == [1, 1]


def test_one_rate_for_all_places_by_hand():
    # As in test_forecast: base 1.5 / 1068, and over 180 days 2 / (513 + 1 / base); whatever stands near.
    rate = 2 / (513 + 1068 / 1.5)
    assert [row.one_rate for row in told(*TOLD)] == pytest.approx([1 - exp(-rate * 90)] * 2)


def test_nothing_published_later_goes_in():
    assert told(*TOLD) == told(*TOLD, LATER)
