"""GED: what UCDP says on its release, what it cites on that day, and the traps that real files hold."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.sources.ged_rows import COLUMNS, ged
from zenobia.record import asker
from zenobia.sources import Captured, Options, Reading, merged
from zenobia.sources.ged import Ged
from zenobia.terms import InputError

OLD = [c for c in COLUMNS if c not in {"relid", "code_status", "conflict_dset_id", "dyad_dset_id", "side_a_dset_id",
                                       "side_b_dset_id", "where_description", "gwnoa"}]  # fmt: skip


@pytest.fixture
def read(tmp_path: Path):
    """Reads a text, or bytes, as a GED file of a name."""

    def reading(held: str | bytes, name: str = "ged_20_1.csv", **sets: str) -> Reading:
        path = tmp_path / name
        path.write_bytes(held if isinstance(held, bytes) else held.encode())
        captured = Captured(path=path, name=name, sha256="x", options=Options(sets=sets))
        return merged(Ged().read(captured, asker()), name)

    return reading


def traps(reading: Reading) -> list[tuple[int, str, str]]:
    return [(d["row"], d["trap"], d["severity"]) for d in reading.doubts.to_pylist()]


def only(reading: Reading) -> dict:
    (row,) = reading.reports.to_pylist()
    return row


# --- what a row says ----------------------------------------------------------------------------


def test_a_row_is_what_ucdp_says_on_its_release(read):
    reading = read(ged({}))
    row = only(reading)
    assert (reading.source, reading.published) == ("ucdp-ged", dt.date(2020, 12, 31))
    assert (row["key"], row["type"], row["date"], row["date_to"]) == (
        "1",
        "battle",
        dt.date(2020, 3, 5),
        dt.date(2020, 3, 6),
    )
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (4, 4, 5)


def test_the_sides_of_a_battle_have_no_direction(read):
    row = only(read(ged({})))
    assert row["actor"] == row["target"] == "ucdp-10|ucdp-20"
    assert row["deaths_actor"] is None
    assert row["note"] == "Government of Valley - Uplanders; dead of Government of Valley 1; dead of Uplanders 3"


def test_a_battle_with_one_named_side_keeps_it(read):
    row = only(read(ged({"side_b": "", "side_b_new_id": ""})))
    assert (row["actor"], row["target"]) == ("ucdp-10", None)


@pytest.mark.parametrize("code", ["NaN", "1e300", "2.6", "inf", "-1", "two"])
def test_a_code_that_is_none_rejects_its_row_and_no_other(read, code):
    reading = read(ged({"type_of_violence": code}, {}))
    assert [r["key"] for r in reading.reports.to_pylist()] == ["2"]
    assert [(r["row"], r["field"], r["value"]) for r in reading.rejected.to_pylist()] == [(2, "type_of_violence", code)]


@pytest.mark.parametrize("code", ["NaN", "1e300", "2.6"])
def test_a_precision_that_is_none_is_not_known(read, code):
    assert only(read(ged({"where_prec": code})))["where_precision"] == "unknown"


def test_violence_against_civilians_has_one(read):
    row = only(read(ged({"type_of_violence": "3", "side_b": "Civilians", "side_b_new_id": "9999"})))
    assert (row["type"], row["actor"], row["target"], row["deaths_actor"]) == (
        "attack-on-civilians",
        "ucdp-10",
        "ucdp-9999",
        1,
    )


def test_what_it_cites_is_a_report_of_that_office_on_its_day_and_holds_no_more_than_its_headline(read):
    (item,) = read(ged({})).cited.to_pylist()
    assert (item["source"], item["published"], item["type"]) == ("Valley Wire", dt.date(2020, 3, 6), "statement")
    assert (item["quote"], item["locator"]) == ("Four die near Alder", "cited by UCDP GED event 1")


def test_an_item_that_two_events_cite_is_one_report(read):
    (item,) = read(ged({}, {})).cited.to_pylist()
    assert item["locator"] == "cited by UCDP GED event 1 and 1 more"


def test_several_items_of_a_row_are_told_apart_by_the_column_that_quotes_them(read):
    articles = '"Wire,2020-03-06,Four die; more feared";"Radio,2020-03-07,Clash"'
    said = {
        "number_of_sources": "2",
        "source_office": "Wire;Radio",
        "source_date": "2020-03-06;2020-03-07",
        "source_headline": "Four die; more feared;Clash",
        "source_article": articles,
    }
    items = read(ged(said)).cited.to_pylist()
    assert sorted((i["source"], i["quote"]) for i in items) == [("Radio", "Clash"), ("Wire", "Four die; more feared")]


def test_a_period_keeps_how_precise_it_is(read):
    row = only(read(ged({"date_prec": "4", "date_start": "2020-03-01", "date_end": "2020-03-31"})))
    assert (row["date"], row["date_to"], row["date_precision"]) == (dt.date(2020, 3, 1), dt.date(2020, 4, 1), "month")


# --- releases of every make ---------------------------------------------------------------------


def test_a_release_of_41_columns_is_read_like_one_of_49(read):
    assert len(OLD) == 41
    assert read(ged({}, columns=OLD)).reports.to_pylist() == read(ged({})).reports.to_pylist()


def test_figures_and_ids_that_pandas_wrote_as_decimals_are_the_same_figures(read):
    row = only(read(ged({"id": "1.0", "type_of_violence": "1.0", "where_prec": "2.0", "best": "4.0"})))
    assert (row["key"], row["where_precision"], row["deaths_best"]) == ("1", "near", 4)


def test_cp1252_is_read_and_told(read):
    reading = read(ged({"where_coordinates": "Al-Ma’wa"}).encode("cp1252"))
    assert only(reading)["place"] == "Al-Ma’wa"
    assert traps(reading) == [(1, "encoding", "note")]


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    assert only(read(b"\xef\xbb\xbf" + ged({}).encode()))["key"] == "1"


def test_days_are_read_in_the_order_that_their_column_shows(read):
    # 25 can be no month, so the first number of the column is the day's: the other row is 4 March.
    late = {"date_start": "25/03/2020", "date_end": "25/03/2020"}
    early = {"date_start": "04/03/2020 00:00", "date_end": "04/03/2020 00:00"}
    assert [r["date"].day for r in read(ged(late, early)).reports.to_pylist()] == [25, 4]


def test_days_of_american_make_are_read_as_such(read):
    late = {"date_start": "3/25/2020 12:00:00 AM", "date_end": "3/25/2020 12:00:00 AM"}
    early = {"date_start": "03/04/2020 00:00", "date_end": "03/04/2020 00:00"}
    assert [r["date"] for r in read(ged(late, early)).reports.to_pylist()] == [
        dt.date(2020, 3, 25),
        dt.date(2020, 3, 4),
    ]


def test_a_day_that_could_be_two_is_rejected_until_somebody_says_which(read):
    unclear = ged({"date_start": "04/03/2020", "date_end": "04/03/2020"})
    (refused,) = read(unclear).rejected.to_pylist()
    assert (refused["row"], refused["field"], refused["value"]) == (2, "date_start", "04/03/2020")
    assert "--set days='day first'" in refused["fix"]
    assert only(read(unclear, days="month first"))["date"] == dt.date(2020, 4, 3)


def test_a_zipped_release_is_read_like_a_plain_one(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GEDEvent_v20_1.csv", ged({}))
        archive.writestr("__MACOSX/._GEDEvent_v20_1.csv", "junk")
    reading = read(packed.getvalue(), "ged201-csv.zip")
    assert (only(reading)["key"], reading.published) == ("1", dt.date(2020, 12, 31))


def test_a_workbook_is_read_like_a_csv_file(read, tmp_path):
    book = openpyxl.Workbook()
    for line in ged({}).splitlines()[:1]:
        book.active.append(line.split(","))
    row = dict(zip(COLUMNS, next(iter(read_rows(ged({})))), strict=True))
    book.active.append([int(v) if v.isdigit() else v for v in row.values()])
    book.save(tmp_path / "x.xlsx")
    reading = read((tmp_path / "x.xlsx").read_bytes(), "ged_20_1.xlsx")
    assert reading.reports.to_pylist() == read(ged({})).reports.to_pylist()


def read_rows(text: str):
    import csv

    yield from list(csv.reader(io.StringIO(text)))[1:]


def test_a_header_that_is_not_geds_is_refused_with_what_is_missing(read):
    with pytest.raises(InputError, match="no column best") as wrong:
        read(ged({}).replace(",best,", ",best_estimate,", 1))
    assert "--map best=ITS_COLUMN" in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ged191.csv", dt.date(2019, 12, 31)),
        ("GEDEvent_v25_1.csv", dt.date(2025, 12, 31)),
        ("ged_syria_19_1.csv", dt.date(2019, 12, 31)),
        ("ucdp 25.1.csv", dt.date(2025, 12, 31)),
    ],
)
def test_the_version_in_the_name_gives_the_release_its_year(read, name, day):
    assert read(ged({"date_start": "2018-03-05", "date_end": "2018-03-05"}), name).published == day


def test_without_a_version_the_last_year_of_the_file_is_assumed_and_told(read):
    reading = read(ged({}), "valley-d30d641.csv")
    assert reading.published == dt.date(2020, 12, 31)
    assert traps(reading) == [(1, "release day", "doubt")]


def test_what_the_user_says_of_the_release_goes_before_its_name(read):
    assert read(ged({}), published="2021-06-15").published == dt.date(2021, 6, 15)


# --- traps --------------------------------------------------------------------------------------


def test_trap_a_point_that_stands_for_a_province_is_no_place(read):
    row = only(read(ged({"where_prec": "4", "where_coordinates": "North province"})))
    assert (row["where_precision"], row["place"], row["area"]) == ("admin1", None, "North province")


def test_trap_a_precise_point_whose_name_is_the_province_is_its_centroid(read):
    reading = read(ged({"where_prec": "1", "where_coordinates": "North province"}))
    assert (only(reading)["where_precision"], only(reading)["place"]) == ("admin1", None)
    assert traps(reading) == [(2, "centroid", "doubt")]


def test_trap_a_precise_point_whose_name_is_the_country_is_its_centroid(read):
    reading = read(ged({"where_prec": "2", "where_coordinates": "Valley"}))
    assert (only(reading)["where_precision"], only(reading)["area"]) == ("country", "Valley")


def test_trap_an_item_older_than_its_event_is_told(read):
    reading = read(ged({"source_date": "2020-03-01"}))
    assert traps(reading) == [(2, "cited before it happened", "doubt")]


def test_trap_an_item_more_than_a_year_younger_is_told(read):
    reading = read(ged({"source_date": "2021-03-07"}))  # 5 March 2020 and 366 days are 6 March 2021
    assert traps(reading) == [(2, "cited long after", "note")]


def test_trap_day_and_month_that_look_swapped_are_told_and_left(read):
    # 5 March, cited on 4 May: with the two exchanged it is 3 May, the day before it was cited.
    reading = read(ged({"source_date": "2020-05-04"}))
    assert traps(reading) == [(2, "swapped day and month", "doubt")]
    assert only(reading)["date"] == dt.date(2020, 3, 5)


def test_trap_figures_out_of_order_keep_the_best_and_are_told(read):
    reading = read(ged({"low": "7", "best": "5", "high": "6"}))
    row = only(reading)
    assert (row["deaths_low"], row["deaths_best"], row["deaths_high"]) == (5, 5, 7)
    assert traps(reading) == [(2, "figures out of order", "fault")]
    assert row["note"].endswith("published as low 7.0, best 5.0, high 6.0")


@pytest.mark.parametrize(
    "wrong", [{"latitude": "-35.1"}, {"longitude": "-37.2"}, {"latitude": "60", "longitude": "35"}]
)
def test_trap_a_point_on_the_wrong_side_of_the_earth_is_told(read, wrong):
    # Ten events say where the country is; a sign, or the order, of the eleventh is wrong.
    others = [{"longitude": "60" if "60" in wrong.values() else "37.2"}] * 10
    assert traps(read(ged(*others, wrong)))[-1] == (12, "wrong hemisphere", "doubt")


def test_trap_a_position_that_is_none_is_rejected(read):
    (refused,) = read(ged({"latitude": "351.0"})).rejected.to_pylist()
    assert (refused["field"], refused["value"]) == ("latitude", "351.0")


def test_trap_the_same_id_twice_keeps_the_first_and_refuses_the_second(read):
    reading = read(ged({"id": "7"}, {"id": "7", "best": "5"}))
    assert only(reading)["deaths_best"] == 4
    (refused,) = reading.rejected.to_pylist()
    assert (refused["row"], refused["field"], refused["value"]) == (3, "id", "7")


def test_trap_a_headline_that_names_another_party_is_told(read):
    other = {"side_b": "Lowland Front", "side_b_new_id": "30", "source_headline": "Lowland Front takes Birch"}
    reading = read(ged(other, {"source_headline": "Lowland Front shells Alder"}))
    assert traps(reading) == [(3, "dyad against headline", "doubt")]


def test_trap_a_headline_that_names_a_side_as_well_is_fine(read):
    other = {"side_b": "Lowland Front", "side_b_new_id": "30", "source_headline": "Lowland Front takes Birch"}
    assert traps(read(ged(other, {"source_headline": "Lowland Front and Uplanders clash"}))) == []


def test_trap_an_item_without_a_day_is_left_out_and_told(read):
    reading = read(ged({"source_date": "1753-01-01"}))
    assert reading.cited.num_rows == 0
    assert (2, "cited item", "note") in traps(reading)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("type_of_violence", "9"),
        ("date_start", "31.6.16"),
        ("best", "-1"),
        ("low", "many"),
        ("best", "nan"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_its_cells_and_a_way_out(read, field, value):
    (refused,) = read(ged({field: value})).rejected.to_pylist()
    assert (refused["row"], refused["field"], refused["value"]) == (2, field, value)
    assert refused["rule"]
    assert refused["fix"]
    assert '"side_b": "Uplanders"' in refused["cells"]


def test_an_empty_figure_is_not_stated_and_no_zero(read):
    row = only(read(ged({"best": "", "low": "", "high": "", "deaths_civilians": ""})))
    assert [row[c] for c in ("deaths_low", "deaths_best", "deaths_high", "deaths_civilians")] == [None] * 4


# --- large files --------------------------------------------------------------------------------


def test_a_file_read_in_pieces_comes_to_the_same(read, monkeypatch):
    # The order of days shows only in the last row, an id comes again in another piece, and a row is ragged.
    rows = [{"date_start": "04/03/2020", "date_end": "04/03/2020"}] * 400
    rows += [{"id": "17"}, {"date_start": "25/03/2020", "date_end": "25/03/2020"}]
    text = ged(*rows).replace("\n200,", "\n200,one cell too many,", 1)
    whole = read(text)
    monkeypatch.setattr("zenobia.sources.cells.AT_ONCE", 0)
    monkeypatch.setattr("zenobia.sources.cells.BLOCK", 16_384)
    pieces = read(text)
    assert whole.reports.num_rows == 400  # 402 rows, less the ragged one and the id that comes again
    assert pieces.reports.to_pylist() == whole.reports.to_pylist()
    assert pieces.rejected.to_pylist() == whole.rejected.to_pylist()
    assert [r["row"] for r in pieces.rejected.to_pylist()] == [201, 402]
