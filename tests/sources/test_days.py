"""A day that could be two is none, until its column says which."""

import datetime as dt

import pyarrow as pa
import pytest

from zenobia.sources.days import days_in, order_of, read_day


@pytest.mark.parametrize(
    "text",
    ["2014-01-22", "2014-01-22T00:00:00", "2014-01-22 00:00:00.000", "1/22/2014 12:00:00 AM", "22/01/2014", "22.1.2014",
     " 2014-1-22 ", "2014-01-22T00:00:00Z"],
)  # fmt: skip
def test_a_day_is_read_in_the_forms_that_programs_leave_behind(text):
    assert read_day(text) == dt.date(2014, 1, 22)


@pytest.mark.parametrize("text", ["", "03/04/2016", "2014-02-30", "31/31/2014", "22/01/14", "January 2014", "41661"])
def test_what_is_no_day_or_could_be_two_is_not_read(text):
    assert read_day(text) is None


def test_the_same_number_twice_is_the_same_day_either_way():
    assert read_day("05/05/2014") == dt.date(2014, 5, 5)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2016", "27/01/2014"], "day first"),
        (["03/04/2016", "1/27/2014"], "month first"),
        (["03/04/2016", "27/01/2014", "1/27/2014"], None),  # both: the column was mixed by hand
        (["03/04/2016"], None),
        (["2016-03-04"], None),
        (["03.04.2016"], "day first"),  # nobody writes months first with points
    ],
)
def test_a_column_shows_its_order_or_nothing(values, order):
    assert order_of(values) == order


def test_a_column_is_read_each_text_once():
    column = pa.chunked_array([["03/04/2016", "x"], ["03/04/2016"]])
    assert days_in(column, "day first").to_pylist() == [dt.date(2016, 4, 3), None, dt.date(2016, 4, 3)]
