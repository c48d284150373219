"""The ledger: appended to, never rewritten."""

from datetime import UTC, datetime

import pytest

from zenobia.record import Ledger, fold
from zenobia.terms import LedgerBroken

NOON = datetime(2031, 1, 1, 12, tzinfo=UTC)
LATER = datetime(2031, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger.read(tmp_path / "ledger.jsonl")
    ledger.append("run-000001", NOON, [("row", {"table": "reports", "id": "r1", "row": {"note": "first"}})])
    ledger.append("run-000002", LATER, [("row", {"table": "reports", "id": "r1", "row": {"note": "second"}})])
    ledger.append("run-000003", LATER, [("gone", {"table": "reports", "id": "r1"})])
    return ledger


def test_every_version_of_a_row_is_kept(ledger):
    said = [version.cells for version in Ledger.read(ledger.path).versions("reports", "r1")]
    assert said == [{"note": "first"}, {"note": "second"}, None]


def test_the_present_state_is_the_last_word(ledger):
    assert fold(ledger)["reports"]["r1"].cells is None


@pytest.mark.parametrize("number", [0, 1])
def test_an_altered_line_is_named(ledger, number):
    lines = ledger.path.read_text().splitlines(keepends=True)
    lines[number] = lines[number].replace("first", "farst").replace("second", "sicond")
    ledger.path.write_text("".join(lines))
    with pytest.raises(LedgerBroken, match=f"line {number + 2}"):  # the line after it no longer follows
        Ledger.read(ledger.path)


def test_a_dropped_line_is_noticed(ledger):
    lines = ledger.path.read_text().splitlines(keepends=True)
    ledger.path.write_text(lines[0] + lines[2])
    with pytest.raises(LedgerBroken, match="line 2"):
        Ledger.read(ledger.path)


def test_a_line_that_is_no_entry_is_named(ledger):
    with open(ledger.path, "a") as out:
        out.write("[]\n")
    with pytest.raises(LedgerBroken, match="line 4: not a ledger entry"):
        Ledger.read(ledger.path)


def test_a_line_cut_while_it_was_written_is_dropped_by_the_next_append(ledger):
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole + b'{"seq":4,"at":"2031')
    read = Ledger.read(ledger.path)
    assert len(read.entries) == 3
    read.append("run-000004", LATER, [("gone", {"table": "reports", "id": "r2"})])
    assert ledger.path.read_bytes().startswith(whole)
    assert len(Ledger.read(ledger.path).entries) == 4


def test_a_moment_is_kept_in_utc_to_the_second(ledger):
    assert '"at":"2031-01-01T12:00:00Z"' in ledger.path.read_text().splitlines()[0]
