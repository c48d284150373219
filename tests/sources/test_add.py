"""`zenobia add`: captured whole, read into the record, versioned, told."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.sources.ged_rows import ged
from zenobia.cli import main
from zenobia.pipeline import OpenCase, new, open_case
from zenobia.terms import InputError

SHAPE = {"kind", "added", "updated", "unchanged", "withdrawn", "rejected", "rejects"}


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    new(tmp_path / "case")
    return open_case(tmp_path / "case")


@pytest.fixture
def file(tmp_path: Path):
    def written(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


def counts(told: dict) -> tuple:
    return tuple(told[name] for name in ("added", "updated", "unchanged", "withdrawn", "rejected"))


def call(case: OpenCase, *words: str):
    return CliRunner().invoke(main, [words[0], "--case", str(case.root), *words[1:]])


def ids(case: OpenCase, known: str | None = None) -> list[str]:
    return case.known(known).reports.column("id").to_pylist()


def test_a_file_is_kept_whole_under_its_hash_and_listed(case, file):
    path = file("ged_20_1.csv", ged({}))
    case.add([path])
    sha = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert (case.root / "datasets" / f"{sha}.csv").read_bytes() == Path(path).read_bytes()
    listed = (case.root / "datasets" / "datasets.csv").read_text().splitlines()
    assert listed[0] == "sha256,name,kind,source,series,published,options,added"
    assert listed[1].startswith(f"{sha},ged_20_1.csv,ucdp-ged,ucdp-ged,ucdp-ged,2020-12-31,,")


def test_its_rows_and_what_they_cite_are_reports(case, file):
    told = case.add([file("ged_20_1.csv", ged({}, {"source_headline": "Another"}))])
    assert counts(told) == (2, 0, 0, 0, 0)
    assert (told["kind"], told["cited"]) == ("ucdp-ged", 2)
    assert [i for i in ids(case) if not i.startswith("ged-item-")] == ["ged-1", "ged-2"]
    assert len(ids(case)) == 4


def test_the_json_has_the_promised_shape(case, file):
    result = call(case, "add", file("ged_20_1.csv", ged({"best": "x"})), "--json")
    told = json.loads(result.output)
    assert told.keys() >= SHAPE
    assert told["rejects"][0].keys() == {"row", "field", "value", "rule", "fix"}


def test_several_files_are_summed_and_told_each(case, file):
    told = case.add([file("ged_20_1.csv", ged({})), file("ged_21_1.csv", ged({}, {}))])
    assert counts(told) == (2, 0, 1, 0, 0)
    assert [f["file"] for f in told["files"]] == ["ged_20_1.csv", "ged_21_1.csv"]


def test_the_same_file_again_changes_nothing(case, file):
    path = file("ged_20_1.csv", ged({}, {"best": "x"}))
    case.add([path])
    before = {p: p.read_bytes() for p in case.root.rglob("*") if p.is_file()}
    told = open_case(case.root).add([path])
    assert counts(told) == (0, 0, 1, 0, 1)
    assert {p: p.read_bytes() for p in case.root.rglob("*") if p.is_file()} == before


def test_the_next_release_replaces_what_changed_and_keeps_what_was(case, file):
    case.add([file("ged_20_1.csv", ged({}, {}, {"best": "9", "high": "9"}))])
    told = case.add([file("ged_21_1.csv", ged({}, {"best": "5"}, {"id": "4"}))])
    # Row 1 is as it was; 2 has another toll; 3 is gone; 4 is new.
    assert counts(told) == (1, 1, 1, 1, 0)
    then, now = ids(case, "2020-12-31"), ids(case, "2021-12-31")
    assert [i for i in then if "item" not in i] == ["ged-1", "ged-2", "ged-3"]
    assert [i for i in now if "item" not in i] == ["ged-1", "ged-2.v2", "ged-4"]


def test_an_older_release_added_later_comes_before(case, file):
    new_first, old_after = file("ged_21_1.csv", ged({"best": "5"})), file("ged_20_1.csv", ged({"best": "4"}))
    case.add([new_first])
    case.add([old_after])
    best = {r["id"]: r["deaths_best"] for r in case.known().reports.to_pylist()}
    assert best["ged-1.v2"] == 5
    (then,) = [r for r in case.known("2020-12-31").reports.to_pylist() if "item" not in r["id"]]
    assert (then["id"], then["deaths_best"]) == ("ged-1", 4)


def test_a_dry_run_tells_every_row_and_writes_nothing(case, file):
    case.add([file("ged_20_1.csv", ged({}, {}, {}))])
    before = {p: p.read_bytes() for p in case.root.rglob("*") if p.is_file()}
    path = file("ged_21_1.csv", ged({"best": "5"}, {}, {"id": "4"}, {"id": "5", "best": "x"}))
    told = open_case(case.root).add([path], dry_run=True)
    assert counts(told) == (1, 1, 1, 1, 1)
    assert [(r["row"], r["what"], r["id"]) for r in told["rows"]] == [
        (2, "updated", "ged-1.v2"),
        (4, "added", "ged-4"),
        (None, "withdrawn", "ged-3.w2"),
    ]
    assert told["rows"][0]["changed"] == {"deaths_best": [4.0, 5.0]}
    assert {p: p.read_bytes() for p in case.root.rglob("*") if p.is_file()} == before


def test_the_history_keeps_what_each_file_did(case, file):
    case.add([file("ged_20_1.csv", ged({}))])
    entries = [json.loads(line) for line in (case.root / "ledger.jsonl").read_text().splitlines()]
    (entry,) = [e for e in entries if e["kind"] == "dataset"]
    assert entry["rows"]["added"] == 1
    recorded = case.known().reports.column("recorded").to_pylist()
    assert {moment.isoformat() for moment in recorded} == {entry["at"].replace("Z", "+00:00")}


def test_a_file_taken_off_the_list_leaves_the_record_and_stays_in_the_history(case, file):
    case.add([file("ged_20_1.csv", ged({}))])
    listed = case.root / "datasets" / "datasets.csv"
    listed.write_text(listed.read_text().splitlines()[0] + "\n")
    assert ids(open_case(case.root)) == []
    assert [e["kind"] for e in map(json.loads, (case.root / "ledger.jsonl").read_text().splitlines())][-1] == "dataset"


def test_the_record_is_the_same_with_and_without_the_shelf_of_readings(case, file):
    case.add([file("ged_20_1.csv", ged({})), file("ged_21_1.csv", ged({"best": "5"}))])
    before = case.record.hash
    shutil.rmtree(case.root / ".zenobia")
    assert open_case(case.root).record.hash == before


def test_a_captured_file_that_was_edited_is_found_by_verify(case, file):
    case.add([file("ged_20_1.csv", ged({}))])
    (kept,) = [p for p in (case.root / "datasets").iterdir() if p.name != "datasets.csv"]
    assert not any(finding.broken for finding in case.verify())
    kept.write_text(kept.read_text().replace("Alder", "Birch"))
    assert any(finding.broken and kept.name in finding.what for finding in case.verify())


def test_a_captured_file_that_is_gone_is_an_error_in_plain_words(case, file):
    case.add([file("ged_20_1.csv", ged({}))])
    for kept in (case.root / "datasets").glob("*.csv"):
        if kept.name != "datasets.csv":
            kept.unlink()
    result = call(case, "build")
    assert result.exit_code == 2
    assert "a captured file is gone" in result.output


def test_a_report_of_the_cases_own_stands_before_a_captured_row_of_its_id(case, file):
    (case.root / "sources.csv").write_text("id,name\nme,Me\n")
    (case.root / "reports.csv").write_text("id,source,published,type\nged-1,me,2020-03-07,battle\n")
    told = case.add([file("ged_20_1.csv", ged({}, {}))])
    assert counts(told) == (1, 0, 0, 0, 1)
    assert told["rejects"][0]["value"] == "ged-1"


def test_a_large_file_is_copied_meanwhile_and_a_refused_one_leaves_nothing(case, file, monkeypatch):
    monkeypatch.setattr("zenobia.sources.capture._MEANWHILE", 0)
    good, bad = file("ged_20_1.csv", ged({})), file("ged_21_1.csv", ged({}).replace(",best,", ",beast,", 1))
    with pytest.raises(InputError, match="no column best"):
        case.add([good, bad])
    assert not (case.root / "datasets").exists()
    case.add([good])
    assert len(list((case.root / "datasets").iterdir())) == 2  # the file and the list


def test_a_file_that_changes_while_it_is_read_is_refused_and_not_kept(case, file, monkeypatch):
    monkeypatch.setattr("zenobia.sources.capture.file_hash", lambda path: "0" * 64)
    with pytest.raises(InputError, match="changed while it was read"):
        case.add([file("ged_20_1.csv", ged({}))])
    assert not (case.root / "datasets").exists()


# --- what names mean ----------------------------------------------------------------------------


def told_places(case: OpenCase) -> dict:
    rows = case.known().reports.to_pylist()
    return {r["id"]: (r["place"], r["note"].rpartition("; ")[2]) for r in rows if "item" not in r["id"]}


def test_names_are_resolved_to_the_cases_own_actors_sources_and_places(case, file):
    (case.root / "actors.csv").write_text("id,name,aliases\ngov,The Government,Government of Valley\n")
    (case.root / "sources.csv").write_text("id,name\nwire,Valley Wire\n")
    (case.root / "places.csv").write_text("id,name,kind,lat,lon,admin1\nalder,Alder,town,35.1,37.2,North\n")
    case.add([file("ged_20_1.csv", ged({}))])
    report, item = case.known().reports.to_pylist()
    assert (report["place"], report["actor"], item["source"]) == ("alder", "gov|ucdp-20", "wire")
    assert case.known().actors["ucdp-20"].name == "Uplanders"


def test_a_place_that_the_case_does_not_know_leaves_its_position_and_its_name_in_the_note(case, file):
    case.add([file("ged_20_1.csv", ged({}))])
    assert told_places(case) == {"ged-1": (None, "place as written: Alder town")}
    assert case.known().reports.column("lat").to_pylist()[0] == 35.1


def test_trap_a_homonym_in_another_province_is_told_and_not_taken(case, file):
    (case.root / "places.csv").write_text(
        "id,name,kind,lat,lon,admin1\nalder-south,Alder,town,31.0,39.9,South\nbirch,Birch,town,35.2,37.2,North\n"
    )
    told = case.add([file("ged_20_1.csv", ged({"adm_1": "North province"}))])
    assert [(d["trap"], d["severity"]) for d in told["doubts"]] == [("homonym", "doubt")]
    assert told_places(case)["ged-1"][0] is None


def test_trap_a_position_outside_the_area_of_the_case_is_kept_and_told(case, file):
    toml = case.root / "case.toml"
    toml.write_text('id = "x"\ntitle = "x"\narea = [36.0, 34.0, 38.0, 36.0]\n')
    told = case.add([file("ged_20_1.csv", ged({}, {"latitude": "51.0"}))])
    assert counts(told) == (2, 0, 0, 0, 0)
    assert [(d["trap"], d["rows"], d["first"]["row"]) for d in told["doubts"]] == [("outside the area", 1, 3)]


# --- said plainly -------------------------------------------------------------------------------


def test_a_file_of_no_known_kind_is_refused_with_the_kinds_and_a_way_out(case, file):
    result = call(case, "add", file("x.csv", "colour,size\nred,1\n"))
    assert result.exit_code == 2
    assert "a file of no known kind" in result.output
    assert "--as" in result.output
    assert not (case.root / "datasets").exists()


def test_a_kind_that_does_not_exist_is_refused_with_the_nearest(case, file):
    result = call(case, "add", file("ged_20_1.csv", ged({})), "--as", "ucpd-ged")
    assert result.exit_code == 2
    assert "ucdp-ged" in result.output


def test_a_terminal_is_told_what_kind_it_was_and_what_became_of_the_rows(case, file):
    result = call(case, "add", file("ged_20_1.csv", ged({}, {"best": "x"})))
    assert result.output.splitlines()[0] == (
        "ged_20_1.csv: ucdp-ged, published 2020-12-31: rows 1 added, 0 updated, 0 unchanged, 0 withdrawn, 1 rejected"
    )
    assert "rejected row 3, best: came 'x'" in result.output


def test_a_missing_file_is_refused(case):
    result = call(case, "add", "nowhere.csv")
    assert result.exit_code == 2
    assert "no such file" in result.output
