"""Days, numbers and positions as real files write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.sources.mgrs import from_mgrs
from zenobia.sources.values import days_in_name, read_day, read_number, read_point, read_position
from zenobia.terms import InputError

FIRST = dt.date(2022, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-01", "2022-3-1", "20220301", "20220301.0", "2022-03-01T21:24:00", "1 March 2022 21h24 UTC",
        "1\u00a0Mar\u00a02022", "01-Mar-2022", "March 1, 2022", "Mar. 1 2022", "1st March 2022", "1 MARCH 2022",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_forms_that_people_write(text):
    assert read_day(text) == FIRST


def test_a_day_between_slashes_is_read_where_only_one_order_is_possible():
    assert read_day("27/03/2016") == read_day("3/27/2016") == dt.date(2016, 3, 27)
    assert read_day("05.05.2016") == dt.date(2016, 5, 5)


def test_a_day_that_can_be_read_in_two_ways_is_refused_with_both():
    with pytest.raises(InputError, match=r"2016-04-03 or 2016-03-04"):
        read_day("03/04/2016")


@pytest.mark.parametrize("text", ["", "None", "2022-02-30", "32 March 2022", "1 Mars 2022", "March 2022", "13/13/2016"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(InputError, match="not a date"):
        read_day(text)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_comes_back_from_the_forms_it_is_written_in(day):
    written = (day.isoformat(), f"{day:%Y%m%d}", f"{day.day} {day:%B %Y}", f"{day:%b} {day.day}, {day.year}")
    assert {read_day(text) for text in written} == {day}


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("2022-03-01.csv", [FIRST]),
        ("map_20220301.geojson", [FIRST]),
        ("20220301T1200_lines.geojson", [FIRST]),
        ("control 2022.03.01 (2).csv", [FIRST]),
        ("2022-03-01_to_2022-03-07.csv", [FIRST, dt.date(2022, 3, 7)]),
        ("20221399.csv", []),  # no thirteenth month
        ("202203011.csv", []),  # nine digits are a number
        ("ged_syria_19_1.csv", []),
    ],
)
def test_the_days_in_a_files_name_are_found(name, days):
    assert list(days_in_name(name)) == days


@pytest.mark.parametrize(
    ("text", "value"), [("16,356", 16356), ("1 234 567", 1234567), ("-3.5", -3.5), ("1e3", 1000), ("1,234.5", 1234.5)]
)
def test_a_number_is_read_with_its_thousands(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["about 30", "30+", "nan", "inf", "1_000", "12,34", "", "٣٠ killed"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InputError, match="not a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("lat", "lon", "position"),
    [
        ("34.55", "38.27", (34.55, 38.27)),
        ("35.7874449N", "36.0372269E", (35.7874449, 36.0372269)),
        # 36 + 28/60 + 36/3600 = 36.476666..., 37 + 30/60 = 37.5
        ("36°28&#39;36N", "37°30&#39;E", (36 + 28 / 60 + 0.01, 37.5)),
        ("36° 6&#39;26.28&quot;N", "37°0'0\"E", (36.1073, 37.0)),
        ("35°29′56″N", "36", (35 + 29 / 60 + 56 / 3600, 36.0)),
        ("33.5S", "70.25W", (-33.5, -70.25)),
        ("-33,5", "-70,25", (-33.5, -70.25)),
        ("N 34.5", "E 38.5", (34.5, 38.5)),
    ],
)
def test_a_position_is_read_in_degrees_minutes_and_seconds(lat, lon, position):
    assert read_position(lat, lon) == pytest.approx(position, abs=1e-9)


@pytest.mark.parametrize(
    ("lat", "lon"), [("None", "38"), ("34.5E", "38.5N"), ("34°75'", "38"), ("91", "10"), ("10", "181"), ("34.5", "abc")]
)
def test_what_is_no_position_is_refused(lat, lon):
    with pytest.raises(InputError):
        read_position(lat, lon)


def test_a_latitude_beyond_the_pole_asks_whether_the_columns_are_swapped():
    with pytest.raises(InputError, match="lat and lon are swapped"):
        read_position("120.5", "34.5")


# Worked out with GeoTrans, of the agency that keeps the standard; 1 m is 9e-6 degrees of latitude.
@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("18SUJ2348306479", 38.889468, -77.035236),  # the Washington Monument
        ("18S UJ 23483 06479", 38.889468, -77.035236),
        ("36RUU1999417945", 29.9792, 31.1342),  # the pyramid of Cheops
        ("37S DU 34319 24749", 34.5624, 38.28402),  # Palmyra
        ("33KTQ6675960939", -22.943404, 12.725444),  # south of the equator
    ],
)
def test_a_grid_reference_names_the_place_that_is_there(text, lat, lon):
    assert from_mgrs(text) == pytest.approx((lat, lon), abs=2e-5)


@pytest.mark.parametrize("text", ["", "37S", "37SIO1234", "61SCV1234", "37SCV123", "37SCV123456789012", "00SCV12"])
def test_what_is_no_grid_reference_is_refused(text):
    with pytest.raises(InputError, match="MGRS"):
        from_mgrs(text)


@pytest.mark.parametrize("text", ["36.2 37.1", "36.2, 37.1", "36.2;37.1", "36.2N 37.1E", "36.2 37.1 / 37SCA2918107804"])
def test_a_point_in_one_cell_is_read_whatever_stands_between(text):
    assert read_point(text) == (36.2, 37.1)


def test_a_point_may_be_a_grid_reference_alone():
    assert read_point("18S UJ 23483 06479") == pytest.approx((38.889468, -77.035236), abs=2e-5)


@given(st.text(max_size=40))
def test_no_text_makes_a_reader_crash(text):
    for reader in (read_day, read_number, read_point, from_mgrs, lambda t: read_position(t, t)):
        try:
            reader(text)
        except InputError:
            continue
