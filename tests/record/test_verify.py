"""Verify names what was altered."""

import hashlib
import json
import shutil

import pytest

from zenobia.pipeline import open_case
from zenobia.record import Ledger


def broken(valley):
    return [finding.what for finding in open_case(valley).verify() if finding.broken]


@pytest.fixture(autouse=True)
def _built(valley):
    open_case(valley).build()


def test_a_sound_case_has_no_finding(valley):
    assert open_case(valley).verify() == []


def test_an_altered_line_of_the_history_is_named(valley):
    ledger = valley / "ledger.jsonl"
    ledger.write_text(ledger.read_text().replace("the rumour", "the truth"))
    (what,) = broken(valley)
    assert "does not follow from the line before it" in what


def test_an_edited_original_is_named(valley):
    (valley / "documents" / "wire-note.txt").write_text("Nobody was seen in Cedar.")
    assert any("wire-note" in what and "edited" in what for what in broken(valley))


def test_a_lost_original_is_named(valley):
    (valley / "documents" / "wire-note.txt").unlink()
    assert any("wire-note" in what and "gone" in what for what in broken(valley))


def test_an_altered_cache_is_named(valley):
    (table,) = (valley / ".zenobia").glob("*/places.parquet")
    table.write_bytes(table.read_bytes()[:-1] + b"!")
    (what,) = broken(valley)
    assert "the cached table places is not as it was written" in what


def test_an_edit_that_is_not_built_yet_is_told_and_is_no_fault(valley):
    with open(valley / "places.csv", "a") as out:
        out.write("gorse,Gorse,,,,,,,,,\n")
    (finding,) = open_case(valley).verify()
    assert not finding.broken
    assert "places.csv was edited" in finding.what


# --- what was altered by somebody who works all hashes out anew ------------------------------


def written_anew(path, change):
    """Change the entries of a ledger, and give every line the hash that then belongs there."""
    prev, lines = "0" * 64, []
    for entry in change([json.loads(line) for line in path.read_text().splitlines()]):
        line = json.dumps({**entry, "prev": prev}, ensure_ascii=False, separators=(",", ":"))
        prev = hashlib.sha256(line.encode()).hexdigest()
        lines.append(line + "\n")
    path.write_text("".join(lines))


def with_another_note(entries):
    for entry in entries:
        if entry.get("id") == "b6":
            entry["row"]["note"] = "the truth"
    return entries


def test_a_history_that_was_written_anew_is_told_by_what_it_ended_with(valley):
    written_anew(valley / "ledger.jsonl", with_another_note)
    assert Ledger.read(valley / "ledger.jsonl").head  # the chain itself is unbroken
    (what,) = broken(valley)
    assert "no longer holds what it ended with at the last build" in what


def test_a_history_that_was_cut_short_is_told_by_what_it_ended_with(valley):
    text = (valley / "reports.csv").read_text().replace("the rumour", "a rumour")
    (valley / "reports.csv").write_text(text)
    open_case(valley).build()
    written_anew(valley / "ledger.jsonl", lambda entries: [e for e in entries if e["run"] == "run-000001"])
    (what,) = broken(valley)
    assert "no longer holds what it ended with" in what


def test_a_row_that_was_altered_in_history_and_cache_alike_is_named(valley):
    """The forger also writes the new head into the cache, under the name that belongs to it."""
    written_anew(valley / "ledger.jsonl", with_another_note)
    cache = valley / ".zenobia"
    folder = cache / (cache / "current").read_text().strip()
    told = json.loads((folder / "manifest.json").read_text())
    told["ledger"] = Ledger.read(valley / "ledger.jsonl").head
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder.rename(cache / name)
    (cache / "current").write_text(name)
    assert any("reports, b6: not as the case's files had it" in what for what in broken(valley))


def test_a_hash_that_was_noted_tells_of_a_history_written_anew_after_it(valley):
    noted = Ledger.read(valley / "ledger.jsonl").head
    assert open_case(valley).verify(noted) == []
    assert open_case(valley).verify(noted[:12]) == []  # its first letters will do
    written_anew(valley / "ledger.jsonl", with_another_note)
    shutil.rmtree(valley / ".zenobia")  # and nothing here remembers
    (what,) = [f.what for f in open_case(valley).verify(noted) if f.broken]
    assert "never ended with" in what


def test_a_noted_hash_stays_good_when_the_history_goes_on(valley):
    noted = Ledger.read(valley / "ledger.jsonl").head
    text = (valley / "reports.csv").read_text().replace("the rumour", "a rumour")
    (valley / "reports.csv").write_text(text)
    open_case(valley).build()
    assert open_case(valley).verify(noted) == []


def test_an_original_that_was_edited_stays_named_after_a_build(valley):
    (valley / "documents" / "wire-note.txt").write_text("Nobody was seen in Cedar.")
    (valley / "places.csv").write_text((valley / "places.csv").read_text() + "gorse,Gorse,,,,,,,,,\n")
    open_case(valley).build()
    assert any("wire-note" in what and "edited after run-000001" in what for what in broken(valley))


def test_an_original_that_was_lost_stays_named_after_a_build(valley):
    (valley / "documents" / "wire-note.txt").unlink()
    (valley / "places.csv").write_text((valley / "places.csv").read_text() + "gorse,Gorse,,,,,,,,,\n")
    open_case(valley).build()
    assert any("wire-note.txt is gone" in what for what in broken(valley))


def test_verify_changes_nothing(valley):
    before = {p: p.read_bytes() for p in valley.rglob("*") if p.is_file()}
    open_case(valley).verify()
    assert {p: p.read_bytes() for p in valley.rglob("*") if p.is_file()} == before


# --- captured files --------------------------------------------------------------------------


@pytest.fixture
def captured(valley, tmp_path):
    """A table that was taken in, where the case keeps it."""
    (tmp_path / "more.csv").write_text("said on,kind,where\n2031-06-21,battle,Elm\n")
    columns = {"published": "said on", "type": "kind", "place": "where"}
    open_case(valley).add([str(tmp_path / "more.csv")], kind="reports", maps=columns, sets={"source": "monitor"})
    assert open_case(valley).verify() == []
    (path,) = [p for p in (valley / "datasets").iterdir() if p.name != "datasets.csv"]
    return path


def test_a_captured_file_that_was_edited_is_named(valley, captured):
    captured.write_text(captured.read_text().replace("Elm", "Alder"))
    (what,) = broken(valley)
    assert "dataset more.csv" in what
    assert "was edited" in what


def test_a_captured_file_that_was_lost_is_named(valley, captured):
    captured.unlink()
    (what,) = broken(valley)
    assert "dataset more.csv" in what
    assert "is gone" in what


def test_a_captured_file_that_was_taken_off_the_list_is_not_missed(valley, captured):
    listed = valley / "datasets" / "datasets.csv"
    listed.write_text(listed.read_text().splitlines()[0] + "\n")
    captured.unlink()
    open_case(valley).build()
    assert open_case(valley).verify() == []
