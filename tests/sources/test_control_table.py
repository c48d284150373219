"""Settlement-control tables: a reference series, a file a day."""

import datetime as dt

import pytest

from tests.sources.one_file import accounted, captured, read, rows, rules, sureness, traps
from zenobia import pipeline
from zenobia.sources.control_table import ControlTable
from zenobia.terms import InputError

FEED = ControlTable()
HEADER = "Name,Population,Held by,source,As of,More information,sourceLink,update,Lat,Lon\n"
DAY = dt.date(2031, 3, 1)


def table(tmp_path, *lines, name="2031-03-01.csv", **sets):
    return read(FEED, tmp_path, name, HEADER + "\n".join(lines) + "\n", sets=sets)


def test_a_control_table_is_recognised_by_its_header(tmp_path):
    assert sureness(FEED, tmp_path, "x.csv", HEADER + "Ashford,1,Reds,,,,,,1,2\n") > 0.9
    assert sureness(FEED, tmp_path, "y.csv", "id,date,place\n1,2031-03-01,Ashford\n") == 0


def test_a_row_is_who_held_a_settlement_on_the_files_day(tmp_path):
    reading = table(tmp_path, 'Ashford,"16,356",Reds,9,,,https://example.org/a,1 March 2031 21h24 UTC,47.6595,33.717')
    wanted = ("date", "date_to", "place", "lat", "lon", "holder", "status", "population", "url")
    assert rows(reading.reference, *wanted) == [
        (DAY, dt.date(2031, 3, 2), "Ashford", 47.6595, 33.717, "Reds", "holds", 16356.0, "https://example.org/a")
    ]
    assert reading.reports.num_rows == 0  # never reports
    assert reading.published == DAY


@pytest.mark.parametrize(
    ("word", "holder", "status"),
    [
        ("Reds", "Reds", "holds"),
        ("Contested", None, "contests"),
        ("Truce", None, "shares"),
        ("Unknown", None, None),
        ("Not known", None, None),
        ("", None, None),
        ("Uncontrolled", None, None),
        ("Donetsk\u00a0PR", "Donetsk PR", "holds"),
    ],
)
def test_the_words_for_a_holder_keep_unknown_contested_and_shared_apart(tmp_path, word, holder, status):
    reading = table(tmp_path, f"Ashford,1,{word},,,,,,47,33")
    assert rows(reading.reference, "holder", "status") == [(holder, status)]


def test_the_user_may_say_whom_a_holder_stands_for(tmp_path):
    reading = table(tmp_path, "Ashford,1,Red PR,,,,,,47,33", "Bexley,1,Blues,,,,,,48,34", **{"holder:red pr": "reds"})
    assert rows(reading.reference, "holder") == [("reds",), ("Blues",)]


def test_a_date_in_the_place_of_a_holder_is_a_row_that_has_shifted(tmp_path):
    reading = table(tmp_path, "Ashford,,3 Oct 2031,,Captured in 2031,,,,47,33", "Bexley,1,Reds,,,,,,48,34")
    assert rules(reading) == [(2, "holder", "3 Oct 2031")]
    assert "moved by a column" in rows(reading.rejected, "fix")[0][0]
    assert accounted(reading) == 2


def test_the_day_comes_from_the_name_or_from_the_user_and_is_never_made_up(tmp_path):
    line = "Ashford,1,Reds,,,,,1 March 2031,47,33"
    assert rows(table(tmp_path, line, name="control.csv", date="2031-03-01").reference, "date") == [(DAY,)]
    with pytest.raises(InputError, match="--set date=2022-03-01"):
        table(tmp_path, line, name="control.csv")


def test_the_update_column_is_a_day_of_editing_and_not_the_tables_day(tmp_path):
    stale = table(tmp_path, "Ashford,1,Reds,,,,,27 February 2031 10h00 UTC,47,33")
    assert rows(stale.reference, "date") == [(DAY,)]
    assert traps(stale) == [(1, "not edited since", "note")]
    later = table(tmp_path, "Ashford,1,Reds,,,,,2 March 2031 10h00 UTC,47,33")
    assert traps(later) == [(1, "edited later", "doubt")]


def test_homonyms_are_told_apart_by_where_they_stand(tmp_path):
    reading = table(tmp_path, "Ashford,1,Reds,,,,,,47,33", "Ashford,1,Blues,,,,,,49,36")
    assert len({key for (key,) in rows(reading.reference, "key")}) == 2
    assert traps(reading) == []


def test_one_settlement_with_two_holders_is_kept_twice_and_told_as_a_fault(tmp_path):
    reading = table(tmp_path, "Ashford,1,Reds,,,,,,47,33", "Ashford,1,Blues,,,,,,47,33")
    assert len({key for (key,) in rows(reading.reference, "key")}) == 2
    assert traps(reading) == [(3, "the same settlement twice", "fault")]


def test_a_population_that_no_town_has_is_left_out_and_told(tmp_path):
    reading = table(tmp_path, "Ashford,5.5868025102022e+43,Reds,,,,,,47,33", "Bexley,?,Reds,,,,,,48,34")
    assert rows(reading.reference, "population") == [(None,), (None,)]
    assert traps(reading) == [(2, "population", "doubt")]


def test_a_holder_attested_after_the_tables_day_is_told(tmp_path):
    assert traps(table(tmp_path, "Ashford,1,Reds,,5 March 2031,,,,47,33")) == [(2, "attested later", "fault")]


def test_a_position_of_nothing_is_left_out_and_told(tmp_path):
    reading = table(tmp_path, "Ashford,1,Reds,,,,,,0,0", "Bexley,1,Reds,,,,,,NA,NA", "Corby,1,Reds,,,,,,47,")
    assert rows(reading.reference, "place", "lat") == [("Ashford", None), ("Bexley", None)]
    assert rules(reading) == [(4, "lon", "")]


def test_a_table_without_a_holder_column_is_refused_with_the_columns_it_has(tmp_path):
    with pytest.raises(InputError, match="a column called held by"):
        read(FEED, tmp_path, "2031-03-01.csv", "Name,Owner\nAshford,Reds\n")


def test_352_real_tables_are_read_and_every_row_is_accounted_for(real_data, tmp_path):
    import csv

    from tests.sources.one_file import ENGINE

    files = sorted((real_data / "ukraine_control" / "daily").glob("*.csv"))
    assert len(files) == 352
    kept = rejected = counted = 0
    refused = set()
    for path in files:
        (reading,) = FEED.read(captured(tmp_path, path.name, path.read_bytes()), ENGINE.sql)
        kept += reading.reference.num_rows
        rejected += reading.rejected.num_rows
        refused |= {(field, value) for _, field, value in rules(reading)}
        with path.open(newline="", encoding="utf-8-sig") as file:
            counted += sum(1 for _ in csv.DictReader(file))
    # 37 rows of the page's own headings have no name; one row's cells have moved by a column.
    assert (kept, rejected, counted) == (121_496, 38, 121_534)
    assert refused == {("Name", ""), ("holder", "3 Oct 2022")}


@pytest.mark.long
def test_352_real_tables_are_added_at_once(real_data, tmp_path):
    files = sorted(map(str, (real_data / "ukraine_control" / "daily").glob("*.csv")))
    pipeline.new(tmp_path / "ukraine")
    case = pipeline.open_case(tmp_path / "ukraine")
    told = case.add(files, kind="", maps={}, sets={"source": "wikipedia-control"}, dry_run=False)
    assert (told["kind"], told["added"], told["rejected"]) == ("control-table", 121_496, 38)
    again = case.add(files, kind="", maps={}, sets={"source": "wikipedia-control"}, dry_run=False)
    assert (again["added"], again["unchanged"]) == (0, 121_496)
