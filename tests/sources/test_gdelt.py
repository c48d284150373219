"""GDELT 2 event files: reports of a machine."""

import datetime as dt

import pytest

from tests.sources.one_file import read, rows, rules, sureness
from zenobia.sources.gdelt import _COLUMNS, Gdelt

FEED = Gdelt()
PLAIN = {
    "GLOBALEVENTID": "410412347",
    "SQLDATE": "20310327",
    "Actor1Name": "REDS",
    "Actor2Name": "BLUE FRONT",
    "EventCode": "195",
    "NumMentions": "8",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Ashford, Homs, Syria",
    "ActionGeo_Lat": "34.55",
    "ActionGeo_Long": "38.27",
    "DATEADDED": "20310328121500",
    "SOURCEURL": "https://www.valleywire.example/a/1",
}


def line(**change):
    return "\t".join({**PLAIN, **change}.get(column, "") for column in _COLUMNS)


def export(tmp_path, *lines):
    return read(FEED, tmp_path, "20310328121500.export.CSV", "\n".join(lines) + "\n")


def test_an_export_has_61_columns_and_is_recognised_by_them(tmp_path):
    assert len(_COLUMNS) == 61
    assert sureness(FEED, tmp_path, "x.CSV", line() + "\n") > 0.9


def test_a_row_is_a_report_passed_on_from_an_outlet(tmp_path):
    wanted = ("key", "published", "type", "date", "place", "where_precision", "actor", "target", "origin")
    assert rows(export(tmp_path, line()).reports, *wanted) == [
        ("410412347", dt.date(2031, 3, 28), "air-strike", dt.date(2031, 3, 27), "Ashford", "near", "REDS", "BLUE FRONT",
         "valleywire.example")
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "precision"), [("1", "country"), ("5", "admin1"), ("2", "admin1")])
def test_the_middle_of_a_country_or_province_is_no_place(tmp_path, kind, precision):
    reading = export(tmp_path, line(ActionGeo_Type=kind))
    assert rows(reading.reports, "place", "where_precision") == [(None, precision)]


def test_bad_rows_are_rejected_and_the_others_stay(tmp_path):
    bad = [line(GLOBALEVENTID="x"), line(EventCode="999"), line(SQLDATE="20311301"), line(ActionGeo_Lat="95"), "1\t2"]
    reading = export(tmp_path, *bad, line())
    assert sorted(row for row, _, _ in rules(reading)) == [1, 2, 3, 4, 5]
    assert reading.reports.num_rows == 1


def test_a_row_without_a_position_stays(tmp_path):
    reading = export(tmp_path, line(ActionGeo_Lat="", ActionGeo_Long="", ActionGeo_Type="0", Actor2Name=""))
    assert rows(reading.reports, "lat", "where_precision", "target") == [(None, None, None)]
