"""A case folder, read and checked: a bad row stops nothing and is never lost."""

import pytest

from zenobia.case import load
from zenobia.terms import InputError


def with_report(valley, **cells):
    """Add one row to the valley's reports; what is not named is a plain good report."""
    row = {"id": "new", "source": "monitor", "published": "2031-06-01", "type": "control", "place": "alder"} | cells
    columns = (valley / "reports.csv").read_text().splitlines()[0].split(",")
    extra = [c for c in row if c not in columns]
    assert not extra, extra
    with open(valley / "reports.csv", "a") as out:
        out.write(",".join(row.get(c, "") for c in columns) + "\n")


def refusal(valley):
    (refused,) = load(valley).rejected
    return refused


def test_the_valley_has_no_bad_row_and_no_doubt(valley):
    files = load(valley)
    assert files.rejected == ()
    assert files.warnings == ()


def test_names_and_aliases_in_either_script_become_ids(valley):
    reports = load(valley).nouns["reports"]
    assert reports["a2"].place == "alder"  # written "Alder"
    assert reports["b3"].place == "birchen"  # written "Birken"
    assert reports["b7"].place == "birchen"  # written in Arabic
    assert reports["a2"].holder == "crown"  # written "Crown forces"


def test_one_of_two_actors_stays_one_of_two(valley):
    assert load(valley).nouns["reports"]["s4"].actor == "empire|crown"


def test_a_month_of_publication_counts_as_its_last_day(valley):
    with_report(valley, published="2031-02")
    assert load(valley).nouns["reports"]["new"].published.isoformat() == "2031-02-28"


def test_a_day_is_a_period_of_one_day_closed_open(valley):
    report = load(valley).nouns["reports"]["b3"]
    assert (report.date.isoformat(), report.date_to.isoformat()) == ("2031-02-14", "2031-02-15")


def test_empty_is_not_stated_and_zero_is_stated_none(valley):
    with_report(valley, deaths_best="0")
    report = load(valley).nouns["reports"]["new"]
    assert report.deaths_best == 0
    assert report.deaths_low is None


def test_a_capture_says_that_its_holder_takes(valley):
    with_report(valley, type="capture", holder="league")
    assert load(valley).nouns["reports"]["new"].status == "takes"


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"id": ""}, "id", "no id"),
        ({"id": "a1"}, "id", "the same id twice"),
        ({"source": ""}, "source", "no source"),
        ({"source": "monitr"}, "source", "unknown source"),
        ({"published": ""}, "published", "no published day"),
        ({"published": "03/05/2031"}, "published", "not a date"),
        ({"published": "2031-02-30"}, "published", "not a date"),
        ({"type": ""}, "type", "no type"),
        ({"type": "airstrike"}, "type", "unknown type"),
        ({"date": "2031-03-02", "date_to": "2031-03-02"}, "date", "ends before it begins"),
        ({"date_to": "2031-03-02"}, "date_to", "an end without a beginning"),
        ({"place": "Birchin Castle"}, "place", "unknown place"),
        ({"actor": "krone"}, "actor", "unknown actor"),
        ({"holder": "contested", "status": "holds"}, "holder", "contested is not an actor"),
        ({"status": "holds"}, "holder", "without a holder"),
        ({"status": "hold", "holder": "crown"}, "status", "unknown status"),
        ({"unit": "raids"}, "unit", "unknown unit"),
        ({"count": "many"}, "count", "not a number"),
        ({"count": "-3"}, "count", "a negative count"),
        ({"count": "nan"}, "count", "not a number"),
        ({"count": "1,200"}, "count", "3"),
        ({"count_low": "9", "count_high": "5"}, "count", "out of order"),
        ({"deaths_low": "9", "deaths_best": "5"}, "deaths", "out of order"),
        ({"lat": "46"}, "lon", "half a position"),
        ({"lat": "146", "lon": "11"}, "lat", "not on the globe"),
        ({"part_of": "nothing"}, "part_of", "no such report"),
        ({"replaces": "new"}, "replaces", "a report that names itself"),
        ({"replaces": "a1"}, "replaces", "a report of another source"),
        ({"replaces": "b7", "published": "2031-01-07"}, "published", "older than what it corrects"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_rule_and_nothing_else_is_lost(valley, cells, field, words):
    before = set(load(valley).nouns["reports"])
    with_report(valley, **cells)
    files = load(valley)
    (refused,) = files.rejected
    assert set(files.nouns["reports"]) == before
    assert refused.file == "reports.csv"
    assert refused.row == len(before) + 2  # the header is row 1
    assert words in refused.rule + refused.value or field == "count"
    assert refused.fix
    if cells != {"count": "1,200"}:  # an unquoted comma shifts the row: it has too many cells
        assert refused.field == field


def test_a_name_known_only_by_its_consonants_is_taken_with_a_warning(valley):
    with_report(valley, place="Beirshan")
    files = load(valley)
    assert files.nouns["reports"]["new"].place == "birchen"
    assert any("'Beirshan' read as 'birchen'" in warning for warning in files.warnings)


def test_a_near_miss_is_suggested(valley):
    with_report(valley, source="border-wir")
    assert "border-wire" in refusal(valley).fix


def test_a_place_without_an_entry_is_taken_by_its_position_with_a_warning(valley):
    with_report(valley, place="Mill by the ford", lat="46.1", lon="11.1")
    files = load(valley)
    assert files.nouns["reports"]["new"].place is None
    assert any("Mill by the ford" in warning for warning in files.warnings)


def test_a_position_outside_the_case_is_doubted_and_kept(valley):
    with_report(valley, place="", lat="11.0", lon="46.0")  # swapped
    files = load(valley)
    assert "new" in files.nouns["reports"]
    assert any("outside the case's area" in warning for warning in files.warnings)


def test_a_report_published_before_it_happened_is_doubted_and_kept(valley):
    with_report(valley, published="2031-06-01", date="2031-06-09")
    files = load(valley)
    assert "new" in files.nouns["reports"]
    assert any("published before it happened" in warning for warning in files.warnings)


def test_a_column_that_nothing_reads_is_told_with_a_guess(valley):
    text = (valley / "sources.csv").read_text().replace("reliability", "reliabilty", 1)
    (valley / "sources.csv").write_text(text)
    assert any("reliabilty" in w and "reliability" in w for w in load(valley).warnings)


def test_reports_may_be_split_over_files(valley):
    (valley / "reports").mkdir()
    (valley / "reports" / "more.csv").write_text(
        "id,source,published,type,place,holder,status,date\nmore1,monitor,2031-06-02,control,alder,crown,holds,2031-06-01\n"
    )
    assert "more1" in load(valley).nouns["reports"]


def test_a_link_between_files_is_found_whichever_is_read_first(valley):
    (valley / "reports").mkdir()
    (valley / "reports" / "a.csv").write_text(
        "id,source,published,type,replaces\nmore1,monitor,2031-06-02,control,a2\n"
    )
    files = load(valley)
    assert files.rejected == ()
    assert files.nouns["reports"]["more1"].replaces == "a2"


def test_every_file_but_case_toml_may_be_missing(tmp_path):
    (tmp_path / "case.toml").write_text('id = "bare"\nholders = ["north", "south"]\n')
    files = load(tmp_path)
    assert set(files.nouns["actors"]) == {"north", "south"}
    assert files.nouns["reports"] == {}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("case.toml", "id = ", "not TOML"),
        ("case.toml", 'id = "v"\nfrom = "spring"', "not a date"),
        ("case.toml", 'id = "v"\nfrom = 2031-02-01\nto = 2031-01-01', "ends before it begins"),
        ("case.toml", 'id = "v"\ntimezone = "Mars/Olympus"', "unknown time zone"),
        ("case.toml", 'id = "v"\narea = [12, 45, 10, 47]', "not a box"),
        ("case.toml", 'id = "v"\nholders = "crown"', "not a list of words"),
        ("case.toml", 'id = "v"\nholders = ["crown", "contested"]', "not a holder"),
        ("case.toml", 'id = "v"\npublish = 3', "not a table"),
        ("case.toml", 'id = "v"\n[control]\nincidents = "some"', "neither yes nor no"),
        ("areas.geojson", "{", "not JSON"),
        ("areas.geojson", "[]", "not a GeoJSON FeatureCollection"),
        ("areas.geojson", '{"features": [{"properties": {}}]}', "an area without an id"),
        (
            "areas.geojson",
            '{"features": [{"properties": {"id": "bow"}, "geometry": {"type": "Polygon",'
            ' "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}]}',
            "no sound geometry",
        ),
        ("reports.csv", b"id\n\x00", "a NUL byte"),
        ("sources.csv", "", "an empty file"),
        ("places.csv", b"id,name\nx,\xff\n", "not UTF-8"),
        ("documents/documents.csv", "id,id\n", "two columns of one name"),
        ("claims.yaml", b"\xff", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_as_what_it_is_stops_with_one_plain_message(valley, name, content, words):
    (valley / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words) as stopped:
        load(valley)
    assert name.split("/")[-1] in str(stopped.value)


@pytest.mark.parametrize("path", ["../../secret.txt", "/etc/hostname", "notes/../../../secret.txt"])
def test_a_document_path_cannot_leave_the_case(valley, path):
    (valley.parent / "secret.txt").write_text("not yours")
    with open(valley / "documents" / "documents.csv", "a") as out:
        out.write(f"bad,{path},,,,,,,,,\n")
    (refused,) = load(valley).rejected
    assert "leads out of the case" in refused.rule


def test_a_link_cannot_leave_the_case(valley):
    (valley.parent / "secret.csv").write_text("id,source,published,type\nx,monitor,2031,other\n")
    (valley / "reports").mkdir()
    (valley / "reports" / "linked.csv").symlink_to(valley.parent / "secret.csv")
    with pytest.raises(InputError, match="leads out of the case"):
        load(valley)


def test_a_missing_original_is_told(valley):
    (valley / "documents" / "wire-note.txt").unlink()
    (refused,) = load(valley).rejected
    assert "no such file" in refused.rule


def test_an_area_id_that_stands_twice_is_refused(valley):
    text = (valley / "areas.geojson").read_text().replace("north-front", "valley")
    (valley / "areas.geojson").write_text(text)
    with pytest.raises(InputError, match="two areas of one id"):
        load(valley)


def test_a_bare_control_report_needs_six_columns(tmp_path):
    (tmp_path / "case.toml").write_text('holders = ["north", "south"]\n')
    (tmp_path / "sources.csv").write_text("id,name\ns,S\n")
    (tmp_path / "places.csv").write_text("id,name,lat,lon\np,P,1,1\n")
    (tmp_path / "reports.csv").write_text(
        "id,source,type,published,date,place,status,holder\nr,s,control,2031-01-02,2031-01-01,p,holds,north\n"
    )
    files = load(tmp_path)
    assert files.rejected == ()
    assert files.nouns["reports"]["r"].holder == "north"


def test_a_mistyped_year_is_doubted(valley):
    with_report(valley, date="0031-03-02", published="2031-06-01")
    assert any("mistyped year" in warning for warning in load(valley).warnings)


def test_a_count_without_a_unit_is_doubted(valley):
    with_report(valley, type="air-strike", count="5")
    assert any("a count without a unit" in warning for warning in load(valley).warnings)


def test_a_refused_figure_is_shown_as_it_was_typed(valley):
    with_report(valley, count_low="9", count_high="5")
    assert refusal(valley).value == "9, empty, 5"


def with_frame(valley, misses):
    """Add one list, with the parties on whose ground it cannot see."""
    file = valley / "coverage.csv"
    columns = file.read_text().splitlines()[0].split(",")
    rows = file.read_text().splitlines()[1:]
    row = {"source": "monitor", "type": "battle", "unit": "incident", "misses": misses}
    names = [*columns, *([] if "misses" in columns else ["misses"])]
    padded = [line + "," * (len(names) - len(columns)) for line in rows]
    file.write_text("\n".join([",".join(names), *padded, ",".join(row.get(c, "") for c in names)]) + "\n")


def test_a_list_says_on_whose_ground_it_cannot_see(valley):
    with_frame(valley, "crown| league")
    assert load(valley).rejected == ()
    assert load(valley).nouns["coverage"]["monitor:battle:::incident"].misses == ("crown", "league")


@pytest.mark.parametrize(
    ("misses", "words", "fix"),
    [
        ("crwn", "unknown actor", 'did you mean "crown"'),
        ("crown|nobody", "unknown actor", "add the actor"),
        ("empire", "an actor that holds no ground", "name the holder"),
    ],
)
def test_whom_a_list_misses_must_hold_ground(valley, misses, words, fix):
    with_frame(valley, misses)
    refused = refusal(valley)
    assert (refused.file, refused.field) == ("coverage.csv", "misses")
    assert refused.rule.startswith(words)
    assert fix in refused.fix


def with_topic(valley, topic):
    file = valley / "reports.csv"
    lines = file.read_text().splitlines()
    columns = lines[0].split(",")
    row = {"id": "new", "source": "monitor", "published": "2031-06-01", "type": "statement"}
    new = ",".join([*(row.get(c, "") for c in columns if c != "topic"), topic])
    assert "topic" not in columns
    file.write_text("\n".join([f"{lines[0]},topic", *(f"{line}," for line in lines[1:]), new]) + "\n")


def test_a_statement_says_what_it_is_about(valley):
    with_topic(valley, "amnesty | war-aims")
    assert load(valley).nouns["reports"]["new"].topic == "amnesty|war-aims"
    assert load(valley).nouns["reports"]["a1"].topic is None


@pytest.mark.parametrize(
    ("topic", "fix"), [("War Aims", "write war-aims"), ("amnesty|War_Aims", "write amnesty|war-aims")]
)
def test_a_topic_that_is_written_otherwise_is_refused_with_how_to_write_it(valley, topic, fix):
    with_topic(valley, topic)
    refused = refusal(valley)
    assert (refused.field, refused.value, refused.fix) == ("topic", topic, fix)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("one,One,kings,", "'one' stands with 'kings', which is no actor of actors.csv; taken as taking no side"),
        ("one,One,,two", "'one' copies from 'two', which is not in sources.csv"),
        ("one,One,,one", "'one' copies from itself"),
        ("one,One,,other\nother,Other,,one", "'one' and 'other' copy from each other: one voice"),
    ],
)
def test_a_side_or_an_original_that_leads_nowhere_is_doubted_and_kept(tmp_path, columns, words):
    (tmp_path / "case.toml").write_text('id = "c"\ntitle = "C"\nholders = ["crown", "empire"]\n')
    (tmp_path / "sources.csv").write_text(f"id,name,stands_with,copies_from\n{columns}\n")
    files = load(tmp_path)
    assert f"sources.csv: {words}" in files.warnings
    assert "one" in files.nouns["sources"]


def test_a_control_report_without_a_day_is_doubted(valley):
    with_report(valley, holder="crown", status="holds")
    assert load(valley).warnings == (
        "reports: a control report without a day; who held the place when is not told by it",
    )


def test_a_position_that_is_no_number_is_told_how_to_write_one(tmp_path):
    (tmp_path / "case.toml").write_text('id = "c"\ntitle = "C"\n')
    (tmp_path / "places.csv").write_text('id,name,lat,lon\nx,X,"34,5",38\n')
    assert "34.55 and not 34,55" in refusal(tmp_path).fix


def test_incidents_are_evidence_of_control_only_where_case_toml_says_so(valley):
    plain = load(valley).setting.incidents
    with open(valley / "case.toml", "a", encoding="utf-8") as out:
        out.write("\n[control]\nincidents = true\nbattles = true\n")
    files = load(valley)
    assert (plain, files.setting.incidents) == (False, True)
    assert "case.toml: nothing reads the key 'control.battles'" in files.warnings
