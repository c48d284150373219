"""Any table, read through what the user says of its columns."""

import datetime as dt
import re

import pytest

from tests.sources.one_file import accounted, read, rows, rules, traps
from zenobia.sources.mapped import Mapped
from zenobia.terms import InputError

FEED = Mapped()
SETS = {"published": "2031-12-31", "type": "air-strike", "source": "watch"}


def table(tmp_path, text, name="list.csv", sets=None, **maps):
    return read(FEED, tmp_path, name, text, maps=maps, sets=SETS if sets is None else sets)


def day(text):
    return dt.date.fromisoformat(text)


# --- mapping -------------------------------------------------------------------------------------


def test_columns_are_read_by_name_and_constants_set_for_all_rows(tmp_path):
    text = "Datum,Ort,Tote\n27/03/2031,Ashford,3\n"
    reading = table(tmp_path, text, date="%d/%m/%Y:Datum", place="ort", deaths_best="Tote")
    wanted = ("published", "type", "date", "date_to", "date_precision", "place", "deaths_best", "row")
    assert rows(reading.reports, *wanted) == [
        (day("2031-12-31"), "air-strike", day("2031-03-27"), day("2031-03-28"), "day", "Ashford", 3.0, 2)
    ]
    assert (reading.source, reading.series) == ("watch", "watch/list")


def test_a_column_whose_name_holds_a_colon_is_found(tmp_path):
    text = "date: start,where: town\n2031-03-27,Ashford\n"
    assert rows(table(tmp_path, text, date="date: start", place="where: town").reports, "place") == [("Ashford",)]


def test_a_form_with_a_time_in_it_is_told_from_the_column(tmp_path):
    reading = table(tmp_path, "when\n27.03.2031 14:30\n", date="%d.%m.%Y %H:%M:when")
    assert rows(reading.reports, "date") == [(day("2031-03-27"),)]


def test_several_forms_of_one_column_are_tried_in_their_order(tmp_path):
    reading = table(tmp_path, "when\n27/03/2031\n2031-03-28\n", date="%d/%m/%Y|%Y-%m-%d:when")
    assert rows(reading.reports, "date") == [(day("2031-03-27"),), (day("2031-03-28"),)]


def test_months_and_days_in_words_need_no_form(tmp_path):
    reading = table(tmp_path, "when\n2031-03\n27 March 2031\n", date="when")
    assert rows(reading.reports, "date", "date_to", "date_precision") == [
        (day("2031-03-01"), day("2031-04-01"), "month"),
        (day("2031-03-27"), day("2031-03-28"), "day"),
    ]


def test_a_last_day_lies_within_the_period(tmp_path):
    reading = table(tmp_path, "from,until\n2031-03-01,2031-03-07\n2031-03-01,\n", date="from", last_day="until")
    assert rows(reading.reports, "date", "date_to", "date_precision") == [
        (day("2031-03-01"), day("2031-03-08"), "range"),
        (day("2031-03-01"), day("2031-03-02"), "day"),
    ]


def test_the_user_may_say_what_their_words_mean(tmp_path):
    sets = {"published": "2031-12-31", "type:Luftangriff": "air-strike", "type:*": "other"}
    reading = table(tmp_path, "art\nLuftangriff\nLUFTANGRIFF\nÜberfall\n", sets=sets, type="art")
    assert rows(reading.reports, "type") == [("air-strike",), ("air-strike",), ("other",)]


def test_an_unknown_word_is_rejected_with_how_to_say_what_it_means(tmp_path):
    sets = {"published": "2031-12-31"}
    reading = table(tmp_path, "kind\nBeschuss\nshelling\nair strike\n", sets=sets, type="kind")
    assert rules(reading) == [(2, "type", "Beschuss"), (4, "type", "air strike")]
    assert rows(reading.rejected, "fix")[0] == ('say what it means: --set "type:Beschuss=..."',)
    assert "air-strike" in rows(reading.rejected, "fix")[1][0]


@pytest.mark.parametrize(
    ("maps", "sets", "message"),
    [
        ({"date": "Dtum"}, SETS, "did you mean 'Datum'|Datum"),
        ({"dat": "Datum"}, SETS, "nothing here reads --map dat"),
        ({"date": "Datum"}, {**SETS, "typ": "x"}, "nothing here reads --set typ"),
        ({"date": "#7"}, SETS, "a number from #1 to #2"),
        ({"date": "Datum"}, {"type": "air-strike"}, "nobody says when this came out"),
        ({"date": "Datum"}, {"published": "2031"}, "nobody says what the rows tell of"),
        ({"date": "Datum"}, {"published": "2031", "type": "raid"}, "unknown type"),
        ({"date": "Datum"}, {"published": "soon", "type": "battle"}, "not a date"),
    ],
)
def test_a_wrong_call_is_refused_in_plain_words(tmp_path, maps, sets, message):
    with pytest.raises(InputError, match=message):
        table(tmp_path, "Datum,Ort\n2031-03-27,Ashford\n", sets=sets, **maps)


# --- headers that are wrong ------------------------------------------------------------------------


def test_a_header_with_too_few_names_can_only_be_mapped_by_number(tmp_path):
    text = "url,place,date\n1,Ashford,36.1,37.2,2031-03-27\n2,Bexley,36.3,37.4,2031-03-28\n"
    with pytest.raises(InputError, match=r"names 3 columns, but the rows have 5 cells(?s:.*)--map date=#1"):
        table(tmp_path, text, date="date")
    reading = table(tmp_path, text, place="#2", lat="#3", lon="#4", date="#5")
    assert rows(reading.reports, "place", "lat", "date", "row") == [
        ("Ashford", 36.1, day("2031-03-27"), 2),
        ("Bexley", 36.3, day("2031-03-28"), 3),
    ]
    assert traps(reading) == [(1, "wrong header", "doubt")]


def test_a_first_row_that_reads_like_the_others_is_a_row(tmp_path):
    reading = table(tmp_path, "Ashford,27/03/2031\nBexley,28/03/2031\n", place="#1", date="%d/%m/%Y:#2")
    assert rows(reading.reports, "place", "row") == [("Ashford", 1), ("Bexley", 2)]
    assert traps(reading) == [(1, "no header", "note")]


def test_the_user_has_the_last_word_on_the_header(tmp_path):
    reading = table(tmp_path, "Ashford,x\nBexley,y\n", sets={**SETS, "header": "no"}, place="#1")
    assert rows(reading.reports, "place") == [("Ashford",), ("Bexley",)]


# --- rows ------------------------------------------------------------------------------------------


def test_day_and_month_swapped_is_said_and_not_guessed(tmp_path):
    reading = table(tmp_path, "when\n27/03/2031\n03/27/2031\nsoon\n", date="%d/%m/%Y:when")
    assert rules(reading) == [(3, "date", "03/27/2031"), (4, "date", "soon")]
    assert "day and month swapped" in rows(reading.rejected, "rule")[0][0]
    assert "2031-03-27" in rows(reading.rejected, "rule")[0][0]


@pytest.mark.parametrize("nothing", ["", "None", "NULL", "NaN", "n/a", "#N/A", "-"])
def test_what_programs_write_for_nothing_is_not_stated(tmp_path, nothing):
    reading = table(tmp_path, f"p,lat,lon,d\nAshford,{nothing},{nothing},{nothing}\n", place="p", lat="lat", lon="lon",
                    deaths_best="d")  # fmt: skip
    assert rows(reading.reports, "place", "lat", "lon", "deaths_best") == [("Ashford", None, None, None)]


def test_zero_is_stated_none(tmp_path):
    assert rows(table(tmp_path, "d\n0\n", deaths_best="d").reports, "deaths_best") == [(0.0,)]


def test_positions_are_read_in_the_forms_of_the_world(tmp_path):
    text = "lat,lon\n35.7874449N,36.0372269E\n36°30&#39;N,37°15&#39;E\n0,0\n91,4\n36.5,\n"
    reading = table(tmp_path, text, lat="lat", lon="lon")
    assert rows(reading.reports, "lat", "lon") == [(35.7874449, 36.0372269), (36.5, 37.25), (None, None)]
    assert traps(reading) == [(4, "null island", "fault")]
    assert [row for row, _, _ in rules(reading)] == [5, 6]


def test_one_position_for_the_whole_table_may_be_set(tmp_path):
    reading = table(tmp_path, "d\n3\n", sets={**SETS, "lat": "34.5", "lon": "38.25"}, deaths_best="d")
    assert rows(reading.reports, "lat", "lon") == [(34.5, 38.25)]


def test_figures_out_of_order_are_kept_with_the_least_and_the_most_as_bounds(tmp_path):
    text = "low,best,high\n1,2,3\n3,2,1\n,5,4\n"
    reading = table(tmp_path, text, deaths_low="low", deaths_best="best", deaths_high="high")
    wanted = ("deaths_low", "deaths_best", "deaths_high")
    assert rows(reading.reports, *wanted) == [(1.0, 2.0, 3.0), (1.0, 2.0, 3.0), (None, 5.0, 5.0)]
    assert traps(reading) == [(3, "figures out of order", "fault"), (4, "figures out of order", "fault")]
    assert "came as 3, 2, 1" in rows(reading.reports, "note")[1][0]


def test_a_count_below_zero_is_rejected(tmp_path):
    assert rules(table(tmp_path, "n\n-1\n", count="n")) == [(2, "count", "-1.0")]


def test_published_before_it_happened_is_kept_and_told(tmp_path):
    reading = table(tmp_path, "when\n2032-01-01\n", date="when")
    assert traps(reading) == [(2, "published before it happened", "doubt")]


def test_a_ragged_row_is_rejected_whole_and_the_others_stay(tmp_path):
    reading = table(tmp_path, "p,d\nAshford,1\nBexley,2,3\nCorby\nDover,4\n", place="p", deaths_best="d")
    assert rows(reading.reports, "place", "row") == [("Ashford", 2), ("Dover", 5)]
    assert [row for row, _, _ in rules(reading)] == [3, 4]
    assert accounted(reading) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_out(tmp_path, encoding):
    reading = table(tmp_path, "place,d\nAl-Ḥasakah é\n".replace("Ḥ", "H").encode(encoding), place="place")
    assert accounted(reading) == 1


def test_the_text_of_an_old_encoding_is_read_and_told(tmp_path):
    reading = table(tmp_path, "place,d\nCafé,1\n".encode("cp1252"), place="place")
    assert rows(reading.reports, "place") == [("Café",)]
    assert [trap for _, trap, _ in traps(reading)] == ["encoding"]


def test_nuls_do_not_stop_a_table(tmp_path):
    reading = table(tmp_path, b"place,d\nAsh\x00ford,1\nBexley,2\n", place="place")
    assert ("Bexley",) in rows(reading.reports, "place")
    assert accounted(reading) == 2


@pytest.mark.parametrize(("mark", "name"), [("\t", "list.tsv"), (";", "list.csv"), ("|", "list.txt")])
def test_any_usual_separator_is_found(tmp_path, mark, name):
    text = mark.join(("place", "d")) + "\n" + mark.join(("Ashford", "3")) + "\n"
    assert rows(table(tmp_path, text, name, place="place", deaths_best="d").reports, "deaths_best") == [(3.0,)]


def workbook(tmp_path, *lines):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "made.xlsx")
    return (tmp_path / "made.xlsx").read_bytes()


def test_a_workbook_is_read_as_it_is_seen(tmp_path):
    lines = ["Ashford", dt.date(2031, 3, 27), 3], [None] * 3, ["Bexley", "2031-03", 0]
    raw = workbook(tmp_path, ["place", "when", "dead"], *lines)
    reading = table(tmp_path, raw, "list.xlsx", place="place", date="when", deaths_best="dead")
    assert rows(reading.reports, "place", "date", "deaths_best", "row") == [
        ("Ashford", day("2031-03-27"), 3.0, 2),
        ("Bexley", day("2031-03-01"), 0.0, 4),
    ]


def test_a_workbook_is_mapped_by_number_with_a_header_and_without(tmp_path):
    lines = ["Ashford", dt.date(2031, 3, 27)], ["Bexley", dt.date(2031, 3, 28)]
    for header in ([], [["place", "when"]]):
        reading = table(tmp_path, workbook(tmp_path, *header, *lines), "list.xlsx", place="#1", date="#2")
        assert rows(reading.reports, "place") == [("Ashford",), ("Bexley",)]


def test_who_took_a_place_is_who_a_capture_names(tmp_path):
    sets = {"published": "2031-12-31"}
    text = "type,who,how\ncapture,Reds,\nwithdrawal,Blues,\ncontrol,Reds,holds\ncontrol,,holds\ncontrol,,contests\n"
    reading = table(tmp_path, text, sets=sets, type="type", holder="who", status="how")
    assert rows(reading.reports, "holder", "status") == [
        ("Reds", "takes"), ("Blues", "loses"), ("Reds", "holds"), (None, "contests"),
    ]  # fmt: skip
    assert rules(reading) == [(5, "holder", "")]


# --- keys ------------------------------------------------------------------------------------------


def keys(reading):
    return [key for (key,) in rows(reading.reports, "key")]


def test_an_id_of_theirs_keeps_its_report_when_the_row_changes(tmp_path):
    before = table(tmp_path, "no,d\nA1,1\nA2,2\n", id="no", deaths_best="d")
    after = table(tmp_path, "no,d\nA2,5\nA1,1\n", id="no", deaths_best="d")
    assert sorted(keys(before)) == sorted(keys(after))


def test_the_next_years_file_is_the_same_list(tmp_path):
    sets = {**SETS, "source": "watch"}
    series = {table(tmp_path, "no\nA\n", f"strikes_{year}.csv", sets=sets, id="no").series for year in (2030, 2031)}
    assert series == {"watch/strikes"}


def test_the_same_id_twice_keeps_the_first_and_rejects_the_second(tmp_path):
    reading = table(tmp_path, "no,d\nA1,1\nA1,2\n", id="no", deaths_best="d")
    assert rows(reading.reports, "deaths_best") == [(1.0,)]
    assert rules(reading) == [(3, "id", "A1")]


def test_an_address_as_an_id_becomes_a_short_one_that_no_other_has(tmp_path):
    text = "url\nhttps://example.org/database/46020\nhttps://example.org/database?46020\n"
    made = keys(table(tmp_path, text, id="url"))
    assert len(set(made)) == 2
    assert all(re.fullmatch(r"[\w-]+", key) for key in made)


def test_without_an_id_a_row_is_known_by_what_it_says_wherever_it_stands(tmp_path):
    before = table(tmp_path, "p,d\nAshford,1\nBexley,2\n", place="p", deaths_best="d")
    after = table(tmp_path, "p,d\nBexley,2\nAshford,1\n", place="p", deaths_best="d")
    assert sorted(keys(before)) == sorted(keys(after))


def test_two_rows_that_say_the_same_are_two_reports(tmp_path):
    assert len(set(keys(table(tmp_path, "p\nAshford\nAshford\n", place="p")))) == 2


# --- real tables -----------------------------------------------------------------------------------


def test_the_syrian_archive_table_comes_in_by_number_with_every_row_accounted_for(real_data, tmp_path):
    raw = (real_data / "syrian_archive_strikes" / "syrianarchive.csv").read_bytes()
    sets = {"published": "2017-02-28", "type": "other", "source": "syrian-archive"}
    maps = {"id": "#1", "place": "#2", "lat": "#3", "lon": "#4", "date": "%d/%m/%Y:#5", "note": "#8"}
    reading = read(FEED, tmp_path, "syrianarchive.csv", raw, maps=maps, sets=sets)
    # Its first row is no header but a row like the others: 3,837 rows, as many as there are addresses.
    assert raw.count(b"https://syrianarchive.org/database/") == 3837
    assert (reading.reports.num_rows, reading.rejected.num_rows) == (3837, 0)
    assert reading.reports.num_rows - reading.reports.column("lat").null_count == 1959
    lat = [lat for (lat,) in rows(reading.reports, "lat") if lat is not None]
    assert (min(lat) > 32, max(lat) < 37.5) == (True, True)  # degrees, minutes and seconds among them: all in Syria


def test_with_its_first_row_taken_for_a_header_as_many_rows_are_accounted_for_as_are_left(real_data, tmp_path):
    raw = (real_data / "syrian_archive_strikes" / "syrianarchive.csv").read_bytes()
    sets = {"published": "2017-02-28", "type": "other", "header": "yes"}
    reading = read(FEED, tmp_path, "sa.csv", raw, maps={"id": "#1", "date": "%d/%m/%Y:#5"}, sets=sets)
    assert accounted(reading) == 3836


def test_a_table_of_strikes_counted_by_day_comes_in_as_counts(real_data, tmp_path):
    raw = (real_data / "guardian_coalition_strikes" / "dashboard-airstrikes.tsv").read_bytes()
    sets = {"published": "2016-02", "type": "air-strike", "unit": "strike"}
    reading = read(FEED, tmp_path, "s.tsv", raw, maps={"date": "date", "place": "place", "count": "strikes"}, sets=sets)
    lines = [line.split(b"\t") for line in raw.splitlines()[1:] if line.strip()]
    assert accounted(reading) == len(lines)
    assert sum(count for (count,) in rows(reading.reports, "count")) == sum(int(line[2]) for line in lines)


def test_68573_attacks_come_in_whole(real_data, tmp_path):
    raw = (real_data / "iraq_strikes" / "insurgencies.csv").read_bytes()
    sets = {"published": "2010", "type:IED": "explosion", "type:*": "attack-on-civilians"}
    maps = {"date": "date", "lat": "latitude", "lon": "longitude", "type": "type"}
    reading = read(FEED, tmp_path, "insurgencies.csv", raw, maps=maps, sets=sets)
    assert accounted(reading) == 68_573
