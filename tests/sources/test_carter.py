"""Areas with their history packed into one cell."""

import datetime as dt

import pytest

from tests.sources.one_file import read, rows, rules, sureness, traps
from zenobia.sources.carter import Carter, unpack
from zenobia.terms import InputError

FEED = Carter()
HEADER = "Name,Lat Long / MGRS Grid,Controlled By,Controlled By (Previous)\n"


def day(text):
    return dt.date.fromisoformat(text)


def spells(reading):
    return rows(reading.reference, "place", "date", "date_to", "holder")


def test_a_packed_history_is_recognised_by_its_column(tmp_path):
    assert sureness(FEED, tmp_path, "areas.csv", HEADER + "a,1 2,Reds,\n") > 0.9


def test_dates_in_a_packed_cell_may_hold_commas_themselves():
    assert unpack("January 1, 2031;Reds,March 3, 2031;Blues") == [
        (day("2031-01-01"), "Reds"),
        (day("2031-03-03"), "Blues"),
    ]


def test_a_controller_may_hold_a_comma_and_the_order_of_dates_does_not_matter():
    assert unpack("2031-03-03;Blues, Greens,2031-01-01;Reds,") == [
        (day("2031-01-01"), "Reds"),
        (day("2031-03-03"), "Blues, Greens"),
    ]


@pytest.mark.parametrize("text", ["Reds", "Reds;2031-01-01", "2031-01-01;Reds,Blues;Greens", ";", "x;y,z;w"])
def test_what_is_no_packed_history_is_refused(text):
    with pytest.raises(InputError):
        unpack(text)


def test_each_hand_lasts_until_the_next_is_seen_and_the_present_one_for_the_tables_day(tmp_path):
    text = HEADER + 'Ashford,36.2 37.1,Greens,"January 1, 2031;Reds,March 3, 2031;Blues"\n'
    reading = read(FEED, tmp_path, "areas_2031-12-01.csv", text)
    assert spells(reading) == [
        ("Ashford", day("2031-01-01"), day("2031-03-03"), "Reds"),
        ("Ashford", day("2031-03-03"), day("2031-12-01"), "Blues"),
        ("Ashford", day("2031-12-01"), day("2031-12-02"), "Greens"),
    ]
    assert rows(reading.reference, "lat", "lon")[0] == (36.2, 37.1)


def test_without_a_day_the_present_hand_has_no_date_and_the_last_spell_no_end(tmp_path):
    reading = read(FEED, tmp_path, "areas.csv", HEADER + "Ashford,36.2 37.1,Greens,2031-01-01;Reds\n")
    assert spells(reading) == [("Ashford", day("2031-01-01"), None, "Reds"), ("Ashford", None, None, "Greens")]
    assert traps(reading) == [(1, "no day", "doubt")]


def test_an_empty_cell_says_that_nobody_knows_who_holds_the_area(tmp_path):
    reading = read(FEED, tmp_path, "a_2031-12-01.csv", HEADER + "Ashford,36.2 37.1,,\n")
    assert rows(reading.reference, "place", "holder", "status") == [("Ashford", None, None)]


def test_a_grid_reference_is_a_position(tmp_path):
    text = HEADER + "Monument,18S UJ 23483 06479,Reds,\n"
    reading = read(FEED, tmp_path, "a_2031-12-01.csv", text)
    assert rows(reading.reference, "lat", "lon")[0] == pytest.approx((38.889468, -77.035236), abs=2e-5)


def test_a_hand_seen_after_the_tables_day_is_kept_and_told(tmp_path):
    reading = read(FEED, tmp_path, "a_2031-02-01.csv", HEADER + "Ashford,36.2 37.1,Greens,2031-03-01;Reds\n")
    assert traps(reading) == [(2, "seen later", "fault")]
    assert len(spells(reading)) == 2


def test_a_row_that_cannot_be_unpacked_is_rejected_whole(tmp_path):
    text = HEADER + "Ashford,36.2 37.1,Greens,Reds;2031\nBexley,nowhere,Reds,\nCorby,36 37,Reds,\n"
    reading = read(FEED, tmp_path, "a_2031-02-01.csv", text)
    assert [row for row, _, _ in rules(reading)] == [2, 3]
    assert [place for place, *_ in spells(reading)] == ["Corby"]
