"""Releases of one list: what each added, changed and left out, whatever the order in which they came."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from zenobia.record import asker
from zenobia.sources import Reading, Release
from zenobia.sources.versions import Told, put_in_order

SPRING, SUMMER, AUTUMN = dt.date(2020, 4, 1), dt.date(2020, 7, 1), dt.date(2020, 10, 1)
DAY = dt.date(2020, 3, 5)


def release(number: int, published: dt.date, rows: dict[str, float], **more) -> Release:
    """A release in which each key has a death toll."""
    reports = pa.table(
        {
            "key": list(rows),
            "row": pa.array(range(2, len(rows) + 2), pa.int64()),
            "type": ["battle"] * len(rows),
            "date": pa.array([more.pop("date", DAY)] * len(rows), pa.date32()),
            "scope": ["Valley"] * len(rows),
            "deaths_best": pa.array(list(rows.values()), pa.float64()),
        }
    )
    reading = Reading(series="list", source="lister", published=published, reports=reports, **more)
    return Release(number=number, prefix="x", reading=reading)


def order(*releases: Release):
    table, told = put_in_order(releases, asker())
    said = {r["id"]: (r["deaths_best"], r["replaces"], r["published"]) for r in table.to_pylist()}
    return said, told


def test_what_comes_first_is_a_report_and_what_says_the_same_later_adds_nothing():
    said, told = order(release(0, SPRING, {"1": 4}), release(1, SUMMER, {"1": 4}))
    assert said == {"x-1": (4, None, SPRING)}
    assert told[1] == Told(unchanged=1)


def test_what_says_something_else_later_is_the_next_version_from_its_day_on():
    said, told = order(release(0, SPRING, {"1": 4, "2": 1}), release(1, SUMMER, {"1": 5, "2": 1, "3": 9}))
    assert said == {
        "x-1": (4, None, SPRING),
        "x-2": (1, None, SPRING),
        "x-1.v2": (5, "x-1", SUMMER),
        "x-3": (9, None, SUMMER),
    }
    assert told[1] == Told(added=1, updated=1, unchanged=1)


def test_a_figure_that_is_no_longer_stated_is_a_change():
    said, _ = order(release(0, SPRING, {"1": 4}), release(1, SUMMER, {"1": None}))
    assert said["x-1.v2"] == (None, "x-1", SUMMER)


def test_a_row_that_a_whole_release_leaves_out_is_withdrawn_by_a_report_that_says_nothing_else():
    whole = {"whole": True}
    said, told = order(
        release(0, SPRING, {"1": 4, "2": 1, "3": 1}, **whole), release(1, SUMMER, {"2": 1, "3": 1}, **whole)
    )
    assert said["x-1.w2"] == (None, "x-1", SUMMER)
    assert told[1] == Told(unchanged=2, withdrawn=1)


def test_a_row_that_a_partial_release_leaves_out_stays():
    said, told = order(release(0, SPRING, {"1": 4, "2": 1, "3": 1}), release(1, SUMMER, {"2": 1}))
    assert list(said) == ["x-1", "x-2", "x-3"]
    assert told[1] == Told(unchanged=1)


def test_a_row_outside_the_days_of_which_a_release_speaks_is_not_missed():
    later = {"whole": True, "covers": (dt.date(2021, 1, 1), dt.date(2022, 1, 1))}
    _, told = order(release(0, SPRING, {"1": 4, "2": 1, "3": 1}), release(1, SUMMER, {"2": 1, "3": 1}, **later))
    assert told[1].withdrawn == 0


def test_a_row_of_a_country_of_which_a_release_does_not_speak_is_not_missed():
    other = {"whole": True, "scopes": frozenset({"Island"})}
    _, told = order(release(0, SPRING, {"1": 4, "2": 1, "3": 1}), release(1, SUMMER, {"2": 1, "3": 1}, **other))
    assert told[1].withdrawn == 0


def test_a_release_without_half_of_the_list_is_taken_for_a_part_and_that_is_said():
    _, told = order(release(0, SPRING, {"1": 4, "2": 1, "3": 1}), release(1, SUMMER, {"2": 1}, whole=True))
    assert told[1] == Told(unchanged=1, spared=2)


def test_a_row_that_comes_back_is_a_version_again():
    full = {"1": 4, "2": 1, "3": 1}
    said, _ = order(
        release(0, SPRING, full, whole=True),
        release(1, SUMMER, {"2": 1, "3": 1}, whole=True),
        release(2, AUTUMN, full, whole=True),
    )
    assert said["x-1.v3"] == (4, "x-1.w2", AUTUMN)


@pytest.mark.parametrize("numbers", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_adding_does_not_matter(numbers):
    a, b, c = numbers
    said, _ = order(
        release(a, SPRING, {"1": 4}), release(b, SUMMER, {"1": 5, "2": 2}), release(c, AUTUMN, {"1": 6, "2": 2})
    )
    assert said == {
        "x-1": (4, None, SPRING),
        "x-1.v2": (5, "x-1", SUMMER),
        "x-2": (2, None, SUMMER),
        "x-1.v3": (6, "x-1.v2", AUTUMN),
    }
