"""One row of a dataset: every release's version of it, and the file, hash and row that it came from."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.sources.ged_rows import ged
from zenobia.cli import main
from zenobia.pipeline import OpenCase, new, open_case
from zenobia.terms import NotFound

FIVE_DIE = {"best": "5", "high": "5"}  # four died, at most five, in the first release


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    new(tmp_path / "case")
    return open_case(tmp_path / "case")


@pytest.fixture
def releases(case: OpenCase, tmp_path: Path):
    """Adds the releases of some years, each a list of rows."""

    def add(**years) -> None:
        paths = []
        for year, rows in years.items():
            path = tmp_path / f"ged_{year[1:]}_1.csv"
            path.write_text(ged(*rows))
            paths.append(str(path))
        case.add(paths)

    return add


def told(case: OpenCase, row: str) -> list[tuple]:
    return [(v["what"], v["report"], v["file"], v["file_row"]) for v in case.history(row)]


OTHERS = ({"id": "7"}, {"id": "8"}, {"id": "9"})


def test_every_release_says_what_it_has_of_a_row(case, releases):
    first = {"id": "1"}
    releases(
        y20=[first, *OTHERS],
        y21=[*OTHERS, first],
        y22=[{**first, **FIVE_DIE}, *OTHERS],
        y23=OTHERS,
        y24=[first, *OTHERS],
    )
    # Rows as a spreadsheet counts: the header is row 1.
    assert told(case, "ged-1") == [
        ("added", "ged-1", "ged_20_1.csv", 2),
        ("unchanged", "ged-1", "ged_21_1.csv", 5),
        ("changed", "ged-1.v2", "ged_22_1.csv", 2),
        ("taken out", "ged-1.w3", "ged_23_1.csv", None),
        ("added", "ged-1.v4", "ged_24_1.csv", 2),
    ]


def test_what_changed_is_told_as_before_and_after(case, releases):
    releases(y20=[{"id": "1"}], y21=[{"id": "1", **FIVE_DIE}])
    assert case.history("ged-1")[1]["changed"] == {"deaths_best": ["4", "5"]}


@pytest.mark.parametrize("asked", ["ged-1", "r:ged-1", "ged-1.v2", "r:ged-1.v2"])
def test_any_version_leads_to_all_of_them(case, releases, asked):
    releases(y20=[{"id": "1"}], y21=[{"id": "1", **FIVE_DIE}])
    assert [v["report"] for v in case.history(asked)] == ["ged-1", "ged-1.v2"]


def test_releases_stand_in_the_order_in_which_they_came_out(case, releases):
    releases(y21=[{"id": "1", **FIVE_DIE}])
    releases(y20=[{"id": "1"}])
    assert [v["file"] for v in case.history("ged-1")] == ["ged_20_1.csv", "ged_21_1.csv"]


def test_each_version_bears_the_hash_of_its_file_and_when_that_was_captured(case, releases):
    releases(y20=[{"id": "1"}])
    (version,) = case.history("ged-1")
    file = (case.root.parent / "ged_20_1.csv").read_bytes()
    entries = [json.loads(line) for line in (case.root / "ledger.jsonl").read_text().splitlines()]
    (captured,) = (entry for entry in entries if entry["kind"] == "dataset")
    assert version["sha256"] == hashlib.sha256(file).hexdigest()
    assert (version["recorded"], version["run"]) == (captured["at"], captured["run"])


def test_an_item_that_rows_cite_has_a_history_of_its_own(case, releases):
    releases(y20=[{"id": "1"}], y21=[{"id": "1"}, {"id": "2"}])
    (item,) = [i for i in case.known().reports.column("id").to_pylist() if i.startswith("ged-item-")]
    assert [(v["what"], v["file"]) for v in case.history(item)] == [
        ("added", "ged_20_1.csv"),
        ("unchanged", "ged_21_1.csv"),
    ]


def test_an_edit_that_came_back_from_a_spreadsheet_is_the_last_version(case, releases, tmp_path):
    releases(y20=[{"id": "1"}])
    case.export("reports", "csv", tmp_path / "mine.csv")
    rows = list(csv.DictReader((tmp_path / "mine.csv").read_text().splitlines()))
    for row in rows:
        row["note"] = "seen from the tower" if row["id"] == "ged-1" else row["note"]
    with (tmp_path / "mine.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    case.add([str(tmp_path / "mine.csv")])
    last = case.history("ged-1")[-1]
    assert (last["what"], last["report"], last["file"]) == ("changed", "ged-1.e1", "mine.csv")
    assert last["changed"]["note"][1] == "seen from the tower"


def test_the_history_of_the_cases_own_rows_is_as_it_was(case, releases):
    (case.root / "sources.csv").write_text("id,name\nme,Me\n")
    releases(y20=[{"id": "1"}])
    assert [(v["table"], v["what"]) for v in case.history("me")] == [("sources", "added")]


def test_a_row_that_no_file_has_is_told_plainly(case, releases):
    releases(y20=[{"id": "1"}])
    with pytest.raises(NotFound, match="no row of this id ever entered the record, or its file was taken off"):
        case.history("ged-2")


def test_why_names_the_file_its_hash_and_the_row(case, releases):
    releases(y20=[*OTHERS, {"id": "1"}])
    said = case.why("r:ged-1").to_json()
    sha = hashlib.sha256((case.root.parent / "ged_20_1.csv").read_bytes()).hexdigest()
    assert (said["file"], said["sha256"], said["row"]) == ("ged_20_1.csv", sha, "5")


def test_an_event_leads_to_the_files_of_its_reports(case, releases):
    releases(y20=[{"id": "1"}])
    (event, *_) = case.events().to_pylist()
    assert {link.to_json()["file"] for link in case.why(f"e:{event['id']}").rests_on} == {"ged_20_1.csv"}


def test_the_terminal_shows_file_and_row_beside_what_changed(case, releases):
    releases(y20=[{"id": "1"}], y21=[{"id": "1", **FIVE_DIE}])
    shown = CliRunner().invoke(main, ["history", "r:ged-1", "--case", str(case.root)]).output.splitlines()
    at = next(n for n, line in enumerate(shown) if line.endswith("reports  changed"))
    assert shown[at + 1].startswith("    ged-1.v2: ged_21_1.csv, row 2 (sha256 ")
    assert shown[at + 2 :] == ["    deaths_best: 4 -> 5"]


# --- three real releases --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ukraine(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenCase:
    folder = tmp_path_factory.mktemp("ukraine") / "case"
    new(folder)
    case = open_case(folder)
    names = ("d30d641", "f9d3d9d", "cbc43b8")
    case.add([str(real_data / "ucdp_ged_ukraine" / f"UCDP-Ukraine_{name}.csv") for name in names])
    return case


def test_a_clash_that_one_real_release_dropped_and_the_next_took_back(ukraine):
    # Odessa on 2 May 2014: in the releases by year 2021 and 2023, and not in that of 2022.
    versions = ukraine.history("ged-153030")
    assert [(v["what"], v["file"][13:20]) for v in versions] == [
        ("added", "d30d641"),
        ("taken out", "f9d3d9d"),
        ("added", "cbc43b8"),
    ]


def test_every_row_of_the_real_releases_stands_where_its_file_has_it(ukraine, real_data):
    rows = {}
    for name, encoding in (("d30d641", "utf-8"), ("f9d3d9d", "utf-8"), ("cbc43b8", "cp1252")):
        file = real_data / "ucdp_ged_ukraine" / f"UCDP-Ukraine_{name}.csv"
        with file.open(encoding=encoding, newline="") as held:
            rows[name] = {row["id"]: number for number, row in enumerate(csv.DictReader(held), 2)}
    for key in [*rows["d30d641"]][::500] + [*rows["cbc43b8"]][-3:]:
        for version in ukraine.history(f"ged-{key}"):
            assert version["file_row"] == rows[version["file"][13:20]].get(key), (key, version["file"])
