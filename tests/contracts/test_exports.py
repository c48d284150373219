"""What goes out for other tools, read back by a parser that knows nothing of us."""

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import geopandas
import geoparquet_validator
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner
from followthemoney import model
from rocrate.rocrate import ROCrate

from zenobia.cli import main
from zenobia.publish import EXPORTS, FORMATS
from zenobia.sources.hxl import fields_of, is_tag_row

BINARY = {"xlsx", "geoparquet", "ro-crate"}
PAIRS = [(what, form) for what, forms in EXPORTS.items() for form in forms]


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def case(project, tmp_path_factory):
    """The valley, and in it texts that a spreadsheet would run and a browser too."""
    folder = Path(shutil.copytree(project / "tests" / "valley", tmp_path_factory.mktemp("out") / "valley"))
    with open(folder / "sources.csv", "a") as out:
        out.write('"@agency","=HYPERLINK(""http://x.example"")",outlet,,,,,,\n')
    with open(folder / "places.csv", "a") as out:
        out.write("gorse,<script>alert(1)</script>,,,village,,,,,,\n")
    with open(folder / "reports.csv", "a") as out:
        out.write("=h1,@agency,,,-1+1,,2031-02-02,battle,2031-02-01,,,gorse,,,,,crown,league,,,,,,,,,2,,,+1\n")
        out.write("h2,@agency,,,'=quoted,,2031-02-02,battle,2031-02-01,,,gorse,,,,,crown|guard,,,,,,,,,,,,,,\n")
    assert run("build", "--case", folder).exit_code == 0
    return folder


def written(case, tmp_path, what, form, *more):
    out = tmp_path / f"{what}.{form}"
    result = run("export", what, "--format", form, "-o", out, "--case", case, *more)
    assert result.exit_code == 0, result.output
    return out


def features(path):
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["type"] == "FeatureCollection"
    return told["features"]


# --- every export, in every format ------------------------------------------------------------


@pytest.mark.parametrize(("what", "form"), PAIRS)
def test_the_same_record_gives_the_same_bytes(case, tmp_path, what, form):
    one, two = (written(case, tmp_path / side, what, form) for side in sides(tmp_path))
    assert bytes_of(one) == bytes_of(two)
    assert bytes_of(one)


def sides(tmp_path):
    for side in ("one", "two"):
        (tmp_path / side).mkdir()
        yield side


def bytes_of(path):
    return {p.relative_to(path): p.read_bytes() for p in path.rglob("*.*")} if path.is_dir() else path.read_bytes()


def test_every_format_belongs_to_some_export():
    assert set(FORMATS) == {form for forms in EXPORTS.values() for form in forms}


def test_help_lists_every_export_with_its_formats():
    shown = " ".join(run("export", "--help").stdout.split())
    for what, forms in EXPORTS.items():
        assert f"{what} {', '.join(forms)}" in shown


@pytest.mark.parametrize("form", sorted(BINARY))
def test_what_is_no_text_is_not_written_to_a_terminal(case, form):
    result = run("export", "everything" if form == "ro-crate" else "events", "--format", form, "--case", case)
    assert result.exit_code == 2
    assert "-o FILE" in result.stderr


def test_a_format_that_an_export_has_not_is_answered_with_those_it_has(case):
    result = run("export", "claims", "--format", "geojson", "--case", case)
    assert result.exit_code == 2
    assert "csv, json, xlsx, claimreview" in result.stderr


def test_an_unknown_export_is_answered_with_a_guess(case):
    result = run("export", "event", "--case", case)
    assert result.exit_code == 2
    assert 'did you mean "events"' in result.stderr


# --- GeoJSON -----------------------------------------------------------------------------------


def test_places_are_points_with_longitude_first(case, tmp_path):
    (alder,) = [f for f in features(written(case, tmp_path, "places", "geojson")) if f["id"] == "alder"]
    assert shapely.from_geojson(json.dumps(alder["geometry"])).equals(shapely.Point(11.0, 46.0))
    assert alder["properties"]["population"] == 40000


def test_what_lies_nowhere_is_a_feature_without_geometry(case, tmp_path):
    (gorse,) = [f for f in features(written(case, tmp_path, "places", "geojson")) if f["id"] == "gorse"]
    assert gorse["geometry"] is None
    assert gorse["properties"]["name"] == "<script>alert(1)</script>"


def test_a_report_without_a_position_lies_where_its_place_is(case, tmp_path):
    (told,) = [f for f in features(written(case, tmp_path, "reports", "geojson")) if f["id"] == "b1"]
    assert told["properties"]["lat"] is None
    assert told["geometry"]["coordinates"] == [11.1, 46.2]


def test_control_of_a_day_is_a_feature_for_each_place(case, tmp_path):
    told = features(written(case, tmp_path, "control", "geojson", "--on", "2031-04-01"))
    assert sorted(f["properties"]["place"] for f in told) == [
        "alder",
        "birchen",
        "cedar",
        "dorn",
        "elm",
        "fir",
        "gorse",
    ]
    (birchen,) = [f["properties"] for f in told if f["properties"]["place"] == "birchen"]
    assert (birchen["holder"], birchen["on"]) == ("league", "2031-04-01")
    (gorse,) = [f["properties"] for f in told if f["properties"]["place"] == "gorse"]
    assert (gorse["holder"], gorse["basis"]) == (None, "none")


def test_only_control_is_of_a_day(case):
    result = run("export", "events", "--on", "2031-04-01", "--case", case)
    assert result.exit_code == 2
    assert "only control is of a day" in result.stderr


def test_a_map_says_from_which_record_it_is(case, tmp_path):
    told = json.loads(written(case, tmp_path, "events", "geojson", "--known", "2031-05-01").read_text())
    assert re.fullmatch("sha256:[0-9a-f]{64}", told["record"])
    assert told["known"] == "2031-05-01"


# --- GeoParquet --------------------------------------------------------------------------------


def test_geoparquet_says_what_a_gis_must_know(case, tmp_path):
    table = pq.read_table(written(case, tmp_path, "places", "geoparquet"))
    geo = json.loads(table.schema.metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert column["crs"]["id"] == {"authority": "OGC", "code": "CRS84"}
    assert column["bbox"] == [10.8, 45.5, 11.6, 46.5]  # Dorn lies farthest south and west, Fir north and east
    assert table.schema.field(geo["primary_column"]).type == "binary"


def test_geoparquet_holds_the_same_points_as_the_table(case, tmp_path):
    rows = pq.read_table(written(case, tmp_path, "places", "geoparquet")).to_pylist()
    shapes = {row["id"]: shapely.from_wkb(row["geometry"]) for row in rows}
    assert (shapes["cedar"].x, shapes["cedar"].y) == (11.2, 46.4)
    assert shapes["gorse"] is None


def test_days_and_numbers_keep_their_types_in_geoparquet(case, tmp_path):
    schema = pq.read_schema(written(case, tmp_path, "events", "geoparquet"))
    assert (str(schema.field("date").type), str(schema.field("deaths_best").type)) == ("date32[day]", "double")


@pytest.mark.parametrize("what", ["places", "events", "reports", "control", "control-daily"])
def test_geopandas_opens_geoparquet_as_it_is(case, tmp_path, what):
    read = geopandas.read_parquet(written(case, tmp_path, what, "geoparquet"))
    assert read.crs.to_authority() == ("OGC", "CRS84")
    assert set(read.geometry.dropna().geom_type) == {"Point"}
    assert read.total_bounds.tolist() == [10.8, 45.5, 11.6, 46.5] or what in ("events", "reports")


@pytest.mark.parametrize("what", [what for what, forms in EXPORTS.items() if "geoparquet" in forms])
def test_geoparquet_keeps_every_rule_of_its_specification(case, tmp_path, what):
    told = geoparquet_validator.check(str(written(case, tmp_path, what, "geoparquet")))
    assert geoparquet_validator.failed(told, "core") == []


def test_gdal_opens_geojson_with_the_same_points(case, tmp_path):
    # GDAL is what QGIS reads with.
    read = geopandas.read_file(written(case, tmp_path, "places", "geojson")).set_index("id")
    assert (read.geometry["cedar"].x, read.geometry["cedar"].y) == (11.2, 46.4)
    assert read.geometry["gorse"] is None
    assert read["population"]["alder"] == 40000


# --- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "hxl"])
def test_no_text_begins_as_a_formula(case, tmp_path, form):
    with open(written(case, tmp_path, "reports", form), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(c, v) for row in rows for c, v in row.items() if v and v[0] in "=+-@"] == []
    (hostile,) = [row for row in rows if row["id"] == "'=h1"]
    assert (hostile["source"], hostile["locator"], hostile["note"]) == ("'@agency", "'-1+1", "'+1")


def test_numbers_below_zero_stay_numbers(tmp_path, valley):
    text = (valley / "places.csv").read_text().replace("46.0,11.0", "-46.0,-11.0")
    (valley / "places.csv").write_text(text)
    told = written(valley, tmp_path, "places", "csv").read_text()
    assert "-46" in told
    assert "'-46" not in told


def test_what_was_made_harmless_comes_back_as_it_was(case, tmp_path):
    out = written(case, tmp_path, "reports", "csv")
    told = json.loads(run("add", out, "--dry-run", "--json", "--case", case).stdout)
    assert (told["added"], told["updated"], told["rejected"]) == (0, 0, 0)
    assert told["unchanged"] > 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_texts_that_look_like_formulas_come_back_letter_for_letter(valley, tmp_path, form):
    notes = ["=1+1", "'=1+1", "''=1+1", "-5", "'-5", "+49", "@home", "'@home", "'hello'", "'"]
    notes += ["''", "it's", "＝1", "'＝1"]
    before = (valley / "reports.csv").read_text()
    with open(valley / "reports.csv", "a") as out:
        rows = csv.DictWriter(out, before.splitlines()[0].split(","), restval="")
        usual = {"source": "monitor", "published": "2031-02-02", "type": "other"}
        rows.writerows({"id": f"zz{n}", "note": note, **usual} for n, note in enumerate(notes))
    out = written(valley, tmp_path, "reports", form)
    (valley / "reports.csv").write_text(before)
    assert json.loads(run("add", out, "--json", "--case", valley).stdout)["rejected"] == 0
    held = json.loads(run("export", "reports", "--format", "json", "--case", valley).stdout)
    assert [row["note"] for n in range(len(notes)) for row in held if row["id"] == f"zz{n}"] == notes


def test_the_second_row_is_hxl_and_names_our_columns_again(case, tmp_path):
    with open(written(case, tmp_path, "reports", "hxl"), encoding="utf-8", newline="") as file:
        header, tags, *rows = list(csv.reader(file))
    assert is_tag_row(tags)
    assert len(header) == len(tags) == len(rows[0])
    found = {field: header[at] for field, at in fields_of(tags).items()}
    assert {f: found[f] for f in ("id", "date", "published", "type", "place", "lat", "deaths_best")} == {
        "id": "id", "date": "date", "published": "published", "type": "type", "place": "place", "lat": "lat",
        "deaths_best": "deaths_best",
    }  # fmt: skip


@pytest.mark.parametrize("what", [what for what, forms in EXPORTS.items() if "hxl" in forms])
def test_tags_are_hashtags_and_no_two_columns_share_one(case, tmp_path, what):
    _, tags, *_ = csv.reader(io.StringIO(written(case, tmp_path, what, "hxl").read_text(encoding="utf-8")))
    assert [tag for tag in tags if tag and not re.fullmatch(r"#[a-z][a-z0-9]*(\+[a-z][a-z0-9_]*)*", tag)] == []
    known = [tag for tag in tags if tag]
    assert len(known) == len(set(known))


# --- FollowTheMoney ----------------------------------------------------------------------------

# Which properties each schema has, and which it needs, as far as they are used here (followthemoney 3.8).
THING = {"name", "alias", "summary", "keywords", "publisher", "sourceUrl", "proof", "addressEntity"}
INTERVAL = {"startDate", "endDate", "summary", "recordId", "publisher", "sourceUrl", "proof"}
PARTY = THING | {"incorporationDate", "dissolutionDate"}
SCHEMATA = {
    "Person": (THING, {"name"}),
    "Organization": (PARTY, {"name"}),
    "PublicBody": (PARTY, {"name"}),
    "Address": (INTERVAL | {"full", "city", "region", "remarks", "latitude", "longitude"}, set()),
    "Membership": (INTERVAL | {"member", "organization", "role"}, {"member", "organization"}),
    "UnknownLink": (INTERVAL | {"subject", "object", "role"}, {"subject", "object"}),
    "Document": (THING | {"title", "author", "fileName", "mimeType", "publishedAt"}, {"fileName"}),
    "Event": (THING | INTERVAL | {"location", "involved"}, {"name"}),
}
POINTS_AT = {
    "member": {"Person", "Organization", "PublicBody"},
    "organization": {"Organization", "PublicBody"},
    "subject": {"Person", "Organization", "PublicBody"},
    "object": {"Person", "Organization", "PublicBody"},
    "involved": {"Person", "Organization", "PublicBody"},
    "addressEntity": {"Address"},
    "proof": {"Document"},
}


def entities(case, tmp_path, what="everything"):
    return [json.loads(line) for line in written(case, tmp_path, what, "ftm").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("what", ["events", "everything"])
def test_entities_keep_to_their_schemata(case, tmp_path, what):
    for entity in entities(case, tmp_path, what):
        may, must = SCHEMATA[entity["schema"]]
        assert set(entity) == {"id", "schema", "properties"}
        assert must <= set(entity["properties"]) <= may, entity
        assert all(v and all(isinstance(x, str) and x for x in v) for v in entity["properties"].values())


@pytest.mark.parametrize("what", ["events", "everything"])
def test_the_model_of_followthemoney_takes_every_entity_as_it_stands(case, tmp_path, what):
    # Its cleaning would drop a date that is none, an address that is none, and whatever a property does not take.
    for entity in entities(case, tmp_path, what):
        model.get(entity["schema"]).validate(entity)
        told = model.get_proxy(entity).to_dict()["properties"]
        assert {k: sorted(v) for k, v in told.items()} == {k: sorted(v) for k, v in entity["properties"].items()}


@pytest.mark.parametrize("what", ["events", "everything"])
def test_every_tie_leads_to_an_entity_of_the_right_kind(case, tmp_path, what):
    told = entities(case, tmp_path, what)
    kinds = {entity["id"]: entity["schema"] for entity in told}
    assert len(kinds) == len(told)
    for entity in told:
        for name, allowed in POINTS_AT.items():
            assert {kinds[other] for other in entity["properties"].get(name, [])} <= allowed


def test_what_is_part_of_another_is_a_member_and_what_is_allied_a_link(case, tmp_path):
    told = [e for e in entities(case, tmp_path) if e["schema"] in ("Membership", "UnknownLink")]
    assert [(e["schema"], e["properties"]["role"]) for e in told] == [
        ("Membership", ["part of"]),
        ("UnknownLink", ["allied with"]),
    ]


def test_an_event_ends_on_its_last_day(case, tmp_path):
    # Ours names the first day after: 2031-02-01 to 2031-02-02 is one day.
    events = [e["properties"] for e in entities(case, tmp_path) if e["schema"] == "Event"]
    told = next(event for event in events if event["name"][0].startswith("battle at <script>"))
    assert (told["startDate"], told["endDate"]) == (["2031-02-01"], ["2031-02-01"])


def test_one_of_several_is_nobody_in_particular(case, tmp_path):
    told = [e["properties"] for e in entities(case, tmp_path) if e["schema"] == "Event"]
    doubtful = [event for event in told if "The Crown or The Guard" in event["summary"][0]]
    assert doubtful
    assert all("involved" not in event for event in doubtful)


def test_an_entity_keeps_its_id_when_other_things_change(valley, tmp_path):
    before = {e["id"]: e["schema"] for e in entities(valley, tmp_path)}
    with open(valley / "actors.csv", "a") as out:
        out.write("aaa,A new party,,,rebel,,,,\n")
    after = {e["id"]: e["schema"] for e in entities(valley, tmp_path)}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


# --- RO-Crate ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crate(case, tmp_path_factory):
    return written(case, tmp_path_factory.mktemp("crate"), "everything", "ro-crate")


@pytest.fixture(scope="module")
def graph(crate):
    told = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))
    assert told["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    return {entity["@id"]: entity for entity in told["@graph"]}


def test_a_crate_names_its_specification_and_its_root(graph):
    descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "license"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])


def test_a_crate_lists_every_file_in_it_and_no_other(crate, graph):
    held = {p.relative_to(crate).as_posix() for p in crate.rglob("*") if p.is_file()} - {"ro-crate-metadata.json"}
    assert {part["@id"] for part in graph["./"]["hasPart"]} == held
    assert {"reports.csv", "events.geojson", "claims.json", "entities.ftm.json", "briefs/valley.html"} <= held


def test_another_reader_finds_every_file_of_a_crate(crate):
    read = ROCrate(crate)
    assert read.name == "The valley, an invented war"
    held = {p.relative_to(crate).as_posix() for p in crate.rglob("*") if p.is_file()} - {"ro-crate-metadata.json"}
    assert {file.id for file in read.data_entities if file.type == "File"} == held
    assert {action.type[0] for action in read.root_dataset["mentions"]} == {"CreateAction"}


def test_every_file_of_a_crate_is_what_its_hash_says(crate, graph):
    for part in graph["./"]["hasPart"]:
        content = (crate / part["@id"]).read_bytes()
        told = graph[part["@id"]]
        assert (told["contentSize"], told["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())


def test_a_crate_tells_the_runs_of_the_record_with_their_inputs(case, graph):
    runs = [e for e in graph.values() if "prov:Activity" in e["@type"] and e["@id"] != "#export"]
    assert [run["@id"] for run in runs] == ["#run-000001"]
    read = {graph[i["@id"]]["name"]: graph[i["@id"]]["sha256"] for i in runs[0]["object"]}
    assert read["reports.csv"] == hashlib.sha256((case / "reports.csv").read_bytes()).hexdigest()
    assert graph["#export"]["prov:wasInformedBy"] == {"@id": "#run-000001"}


def test_a_crate_names_its_author_and_publisher_where_the_case_does(valley, tmp_path):
    with open(valley / "case.toml", "a", encoding="utf-8") as out:
        out.write('\n[publish]\nauthor = ["A. N. Analyst <https://people.example/analyst>", "B. Reader"]\n')
        out.write('publisher = "The Valley Institute"\n')
    made = written(valley, tmp_path, "everything", "ro-crate")
    told = {e["@id"]: e for e in json.loads((made / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]}
    root = told["./"]
    assert [told[a["@id"]]["name"] for a in root["author"]] == ["A. N. Analyst", "B. Reader"]
    assert root["author"] == [{"@id": "https://people.example/analyst"}, {"@id": "#author-2"}]
    assert told[root["publisher"]["@id"]] == {
        "@id": "#publisher",
        "@type": "Organization",
        "name": "The Valley Institute",
    }
    (review, *_) = json.loads((made / "claimreview.json").read_text("utf-8"))
    assert review["author"] == {"@type": "Organization", "name": "The Valley Institute"}
    assert [person.get("name") for person in ROCrate(made).root_dataset["author"]] == ["A. N. Analyst", "B. Reader"]


def test_a_crate_of_a_case_that_names_nobody_makes_up_nobody(graph):
    assert not {"author", "publisher"} & set(graph["./"])


def test_every_reference_in_a_crate_is_told(graph):
    def named(value):
        if isinstance(value, dict):
            if set(value) == {"@id"}:
                yield value["@id"]
            for inner in value.values():
                yield from named(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from named(inner)

    wanted = {name for entity in graph.values() for name in named(entity)}
    assert {name for name in wanted if name not in graph and not name.startswith("https://")} == set()


def test_a_crate_is_an_archive_where_its_name_ends_so(case, crate, tmp_path):
    out = tmp_path / "valley.zip"
    assert run("export", "everything", "-o", out, "--case", case).exit_code == 0
    with zipfile.ZipFile(out) as packed:
        assert packed.testzip() is None
        assert {n: packed.read(n) for n in packed.namelist()} == {
            p.relative_to(crate).as_posix(): p.read_bytes() for p in crate.rglob("*") if p.is_file()
        }


def test_a_crate_is_not_laid_over_something(case, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    result = run("export", "everything", "-o", tmp_path / "full", "--case", case)
    assert result.exit_code == 2
    assert "something is there already" in result.stderr
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_no_file_of_a_crate_would_run_a_script_of_ours(crate):
    for page in [*crate.glob("briefs/*.html"), crate / "claims.json", crate / "claimreview.json"]:
        assert "<script>alert" not in page.read_text("utf-8")


# --- the released record -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def released(project, tmp_path_factory):
    """The valley in the past, with a policy, a report that may not be told and a briefing that tells of it."""
    folder = Path(shutil.copytree(project / "tests" / "valley", tmp_path_factory.mktemp("released") / "valley"))
    for file in (*folder.glob("*.*"), *folder.glob("briefs/*")):
        file.write_text(file.read_text(encoding="utf-8").replace("2031", "2021"), encoding="utf-8")
    with open(folder / "case.toml", "a", encoding="utf-8") as out:
        out.write('\n[publish]\npolicy = "public"\nauthor = ["A. N. Analyst"]\n')
    head, *rows = (folder / "reports.csv").read_text(encoding="utf-8").splitlines()
    secret = "x1,monitor,,,,the well under the mill,2021-02-02,battle,2021-02-01,,,cedar"
    secret += "," * (head.count(",") - secret.count(",")) + ",restricted"
    (folder / "reports.csv").write_text("\n".join([f"{head},sensitivity", *rows, secret]) + "\n", encoding="utf-8")
    (folder / "briefs" / "well.md").write_text("It speaks of the well under the mill.\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", ["csv", "json", "geojson", "hxl"])
def test_a_released_table_holds_no_withheld_row(released, tmp_path, form):
    whole = written(released, tmp_path, "reports", form).read_text("utf-8")
    told = written(released, tmp_path, "reports", form, "--released").read_text("utf-8")
    assert "the well under the mill" in whole
    assert "the well under the mill" not in told
    assert "recorded" in whole
    assert "recorded" not in told


def test_a_released_crate_holds_neither_history_nor_what_is_withheld(released, tmp_path):
    out = tmp_path / "valley"
    assert run("export", "everything", "--released", "-o", out, "--case", released).exit_code == 0
    held = "".join(p.read_text("utf-8") for p in out.rglob("*") if p.is_file())
    assert "under the mill" not in held
    assert "run-000001" not in held
    assert (out / "briefs" / "valley.html").exists()
    assert not (out / "briefs" / "well.html").exists()
    assert '"name": "A. N. Analyst"' in (out / "ro-crate-metadata.json").read_text("utf-8")


def test_a_case_without_a_policy_releases_nothing(valley):
    result = run("export", "events", "--released", "--case", valley)
    assert result.exit_code == 2
    assert "its policy is private" in result.stderr
