"""Verify names what was altered."""

import pytest

from zenobia.pipeline import open_case


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
    findings = open_case(valley).verify()
    assert findings, "an altered cache must not pass"


def test_an_edit_that_is_not_built_yet_is_told_and_is_no_fault(valley):
    with open(valley / "places.csv", "a") as out:
        out.write("gorse,Gorse,,,,,,,,,\n")
    (finding,) = open_case(valley).verify()
    assert not finding.broken
    assert "places.csv was edited" in finding.what
