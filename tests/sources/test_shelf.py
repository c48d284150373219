"""Readings that are kept between builds: believed only as long as they are what was put there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.sources.ged_rows import ged
from zenobia.pipeline import OpenCase, new, open_case


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    new(tmp_path / "case")
    (tmp_path / "ged_20_1.csv").write_text(ged({}, {"best": "x"}))
    made = open_case(tmp_path / "case")
    made.add([str(tmp_path / "ged_20_1.csv")])
    return made


def shelf(case: OpenCase) -> Path:
    return case.root / ".zenobia" / "feeds"


def built_anew(case: OpenCase) -> OpenCase:
    """The case, its record made once more from its files and from what stands on the shelf."""
    (case.root / ".zenobia" / "current").unlink()
    again = open_case(case.root)
    again.build()
    return again


def test_a_reading_is_used_as_long_as_it_is_whole(case, monkeypatch):
    monkeypatch.setattr("zenobia.sources.ged.Ged.read", None)  # calling it would be an error
    assert built_anew(case).record.hash == case.record.hash


def files_of(case: OpenCase) -> list[Path]:
    return sorted(p for p in shelf(case).rglob("*") if p.is_file())


def test_a_byte_that_is_turned_in_any_file_of_a_reading_is_noticed_and_the_file_is_read_anew(case):
    before, kept = case.record.hash, files_of(case)
    # Four tables (no reference), four kinds of nouns, what they are, and its hash.
    assert len(kept) == 4 + 4 + 2
    for path in kept:
        held = path.read_bytes()
        middle = len(held) // 2
        damaged = held[:middle] + bytes([held[middle] ^ 1]) + held[middle + 1 :]
        path.write_bytes(damaged)
        assert built_anew(case).record.hash == before
        assert path.read_bytes() != damaged


def test_a_file_of_a_reading_that_is_gone_or_cut_short_is_noticed(case):
    before = case.record.hash
    for number, path in enumerate(files_of(case)):
        held = path.read_bytes()
        path.unlink() if number % 2 else path.write_bytes(held[:-1])
        assert built_anew(case).record.hash == before
        assert path.stat().st_size == len(held)


def test_a_reading_whose_hashes_were_worked_out_anew_is_found_by_verify(case):
    (folder,) = shelf(case).iterdir()
    table = pa.ipc.open_file(pa.BufferReader((folder / "reports.arrow").read_bytes())).read_all()
    doubled = pc.multiply(table.column("deaths_best"), 2.0)
    table = table.set_column(table.column_names.index("deaths_best"), "deaths_best", doubled)
    with pa.ipc.new_file(folder / "reports.arrow", table.schema) as out:
        out.write_table(table)
    told = json.loads((folder / "reading.json").read_text())
    told["sha256"]["reports.arrow"] = hashlib.sha256((folder / "reports.arrow").read_bytes()).hexdigest()
    (folder / "reading.json").write_text(json.dumps(told))
    (folder / "reading.sha256").write_text(hashlib.sha256((folder / "reading.json").read_bytes()).hexdigest())
    findings = built_anew(case).verify()
    assert [finding.what for finding in findings if finding.broken] == [
        "the cache is not what the case's files come to: delete .zenobia/ and build"
    ]


def test_what_an_add_that_was_killed_left_is_cleared_away_by_the_next_build(case):
    left = shelf(case) / "making-99999"
    for when in ("up to date", "moved on"):
        left.mkdir()
        (left / "reports.arrow").write_bytes(b"half")
        case.build() if when == "up to date" else built_anew(case)
        assert not left.exists()


def test_what_an_add_that_was_killed_left_is_cleared_away_by_the_next_add(case, tmp_path):
    left = shelf(case) / "making-99999"
    left.mkdir()
    (tmp_path / "ged_21_1.csv").write_text(ged({}, {}))
    case.add([str(tmp_path / "ged_21_1.csv")])
    assert sorted(len(p.name) for p in shelf(case).iterdir()) == [24, 24]


def test_a_captured_file_that_was_edited_is_not_read_again_in_silence(case):
    (kept,) = [p for p in (case.root / "datasets").iterdir() if p.name != "datasets.csv"]
    kept.write_text(kept.read_text().replace("Alder", "Birch"))
    for path in shelf(case).rglob("reading.sha256"):
        path.unlink()
    with pytest.raises(Exception, match="a captured file was edited"):
        built_anew(case)
