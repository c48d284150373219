"""What a claim expects, and when a figure meets it."""

import pytest

from zenobia.claims import read_expectation
from zenobia.terms import Bounds, InputError, bounds_of_day, parse_day


def bounds(low, high, unit="raid"):
    return Bounds(low=low, best=None, high=high, unit=unit, meaning="reported")


@pytest.mark.parametrize(
    ("expect", "low", "high", "verdict"),
    [
        ("> 0.5", 0.51, 0.9, "supported"),
        ("> 0.5", 0.5, 0.9, "cannot tell"),
        ("> 0.5", 0.1, 0.5, "contradicted"),
        (">= 900", 950, None, "supported"),  # at least 950 is at least 900, whatever the high
        (">= 900", 200, None, "cannot tell"),
        ("<= 2000", 950, None, "cannot tell"),
        ("<= 900", 950, None, "contradicted"),
        ("< 5", None, 4, "supported"),
        ("< 5", 5, 5, "contradicted"),
        ("<= 5", 5, 5, "supported"),
        ("= 0", 0, 0, "supported"),
        ("= 0", 0, 3, "cannot tell"),
        ("= 0", 1, None, "contradicted"),
        ("9.5..10.5", 10.1, 10.3, "supported"),
        ("9.5..10.5", 9.5, 10.5, "supported"),
        ("9.5..10.5", 10.1, 10.6, "cannot tell"),
        ("9.5..10.5", 10.6, 12, "contradicted"),
        ("-1..1", 0, 0.5, "supported"),
        (">= 1", None, None, "cannot tell"),
    ],
)
def test_supported_is_all_of_it_contradicted_none_of_it(expect, low, high, verdict):
    assert read_expectation(expect).judge(bounds(low, high)) == verdict


@pytest.mark.parametrize(
    ("expect", "chance", "verdict"),
    [
        ("> 0.9", 0.95, "supported"),
        ("> 0.9", 0.5, "cannot tell"),
        ("> 0.9", 0.09, "contradicted"),
        ("< 0.1", 0.95, "contradicted"),
    ],
)
def test_a_chance_is_contradicted_only_by_the_chance_of_the_opposite(expect, chance, verdict):
    found = Bounds(low=chance, best=chance, high=chance, unit="chance", meaning="credible90")
    assert read_expectation(expect).judge(found) == verdict


@pytest.mark.parametrize(
    ("expect", "low", "high", "verdict"),
    [
        ("2016-03-26..2016-03-28", "2016-03-26", "2016-03-28", "supported"),
        ("2016-03-26..2016-03-28", "2016-03-25", "2016-03-28", "cannot tell"),
        ("<= 2015-12", "2015-12-31", "2015-12-31", "supported"),
        ("< 2015-12", "2015-12-01", "2015-12-01", "contradicted"),
        ("> 2015-12", "2015-12-31", "2015-12-31", "contradicted"),
        (">= 2015-12", "2015-12-01", "2016-01-01", "supported"),
    ],
)
def test_days_are_compared_as_days_and_a_month_is_all_its_days(expect, low, high, verdict):
    found = bounds_of_day(parse_day(low), None, parse_day(high), "reported")
    assert read_expectation(expect).judge(found) == verdict


@pytest.mark.parametrize(
    "text", ["many", "0.5", "> ", "5..1", "1..2016-03-01", ">= 2016-13-01", "=> 3", "2016-03-28..2016-03-26"]
)
def test_what_is_no_expectation_is_refused_with_its_forms(text):
    with pytest.raises(InputError, match=r"a\.\.b"):
        read_expectation(text, of="claim C1")


def test_a_day_is_not_compared_with_a_number():
    with pytest.raises(InputError, match="cannot be compared"):
        read_expectation("> 5").judge(bounds_of_day(parse_day("2016"), None, None, "reported"))


@pytest.mark.parametrize(
    ("expect", "unit", "words"),
    [
        (">= 900", "raid", "at least 900 raids"),
        ("> 0.5", "share of incidents", "more than 50 per cent"),
        ("9.5..10.5", "month", "9.5 to 10.5 months"),
        ("<= 1", "place", "at most 1 place"),
        ("2016-03-26..2016-03-28", "date", "26 March 2016 to 28 March 2016"),
        ("< 2016-03-26", "date", "before 26 March 2016"),
    ],
)
def test_an_expectation_is_put_in_words(expect, unit, words):
    assert read_expectation(expect).words(unit) == words
