"""Readers and writers side by side, and folders that cannot be written to."""

import shutil
import threading
import time
from functools import partial

import pytest
from click.testing import CliRunner

from zenobia import building
from zenobia.case import CaseFolder
from zenobia.cli import main
from zenobia.pipeline import open_case
from zenobia.record import CACHE, Ledger, Record, record_hash, writing
from zenobia.terms import RecordBusy


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def note(case, text):
    """Change one cell of the reports, in one step."""
    rows = (case / "reports.csv").read_text().splitlines(keepends=True)
    rows[1] = rows[1].rstrip("\n").rpartition(",")[0] + f",{text}\n"
    (case / "reports.new").write_text("".join(rows))
    (case / "reports.new").replace(case / "reports.csv")


def held(stopping, case, seconds):
    """The number of a process that holds the lock of a case for some seconds."""
    told = stopping(hold=str(case), seconds=seconds, start=True)
    while not (case / "held").exists():
        time.sleep(0.01)
    return told["number"]


def test_a_second_writer_waits_for_the_first(stopping, valley):
    open_case(valley).build()
    note(valley, "waited")
    number = held(stopping, valley, 0.5)
    begun = time.monotonic()
    assert run("build", "--case", valley).exit_code == 0
    assert time.monotonic() - begun > 0.2
    stopping(wait=number)


def test_a_second_writer_that_waits_in_vain_is_told(stopping, valley, monkeypatch):
    open_case(valley).build()
    note(valley, "in vain")
    before = (valley / "ledger.jsonl").read_bytes()
    number = held(stopping, valley, 1.0)
    monkeypatch.setattr(building, "writing", partial(writing, wait=0.1))
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert "another process is writing this record" in result.stderr
    assert "do: wait for it to end" in result.stderr
    assert (valley / "ledger.jsonl").read_bytes() == before
    stopping(wait=number)


def test_a_reader_asks_for_no_lock(valley, monkeypatch):
    open_case(valley).build()
    monkeypatch.setattr(building, "writing", None)
    assert run("control", "birchen", "--on", "2031-04-01", "--case", valley).exit_code == 0


def test_a_writer_that_was_killed_keeps_nobody_waiting(stopping, valley):
    open_case(valley).build()
    note(valley, "killed")
    assert stopping("build", "--case", valley, stop=10)["killed"]
    begun = time.monotonic()
    open_case(valley).build()
    assert time.monotonic() - begun < 3


def test_many_writers_at_once_record_an_edit_once(stopping, valley):
    open_case(valley).build()
    note(valley, "once")
    numbers = [stopping("build", "--case", valley, start=True)["number"] for _ in range(6)]
    assert [stopping(wait=number)["status"] for number in numbers] == [0] * 6
    ledger = Ledger.read(valley / "ledger.jsonl")
    assert [e.run for e in ledger.runs()] == ["run-000001", "run-000002"]
    assert open_case(valley).verify() == []


def test_a_reader_sees_one_version_while_others_write(stopping, valley):
    """A and B turn by turn in a process of their own, a third of a second for one turn; we read all the while."""
    hashes = set()
    for text in ("A", "B"):
        note(valley, text)
        hashes.add(open_case(valley).build().record)
    done = threading.Event()

    def write():
        for turn in range(10):
            note(valley, "AB"[turn % 2])
            stopping("build", "--case", valley)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen, reads = set(), 0
    while not done.is_set():
        record = Record.load(valley)
        assert record_hash(record.content) == record.hash
        assert Ledger.read(valley / "ledger.jsonl").holds(record.manifest["ledger"])
        seen.add(record.hash)
        reads += 1
    writer.join()
    assert reads >= 10
    assert seen == hashes


def test_a_history_that_somebody_else_wrote_to_is_not_written_over(valley):
    open_case(valley).build()
    path = valley / "ledger.jsonl"
    mine, theirs = Ledger.read(path), Ledger.read(path)
    at = mine.entries[-1].at
    theirs.append("run-000002", at, [("gone", {"table": "reports", "id": "r1"})])
    written = path.read_bytes()
    with pytest.raises(RecordBusy, match="another process wrote to it"):
        mine.append("run-000002", at, [("gone", {"table": "reports", "id": "r2"})])
    assert path.read_bytes() == written


def test_a_lock_in_a_cache_that_was_deleted_meanwhile_is_no_lock(stopping, valley):
    open_case(valley).build()
    number = held(stopping, valley, 0.4)
    shutil.rmtree(valley / CACHE)
    with writing(valley / CACHE):  # the holder's lock went with the folder
        assert (valley / CACHE / "lock").exists()
    stopping(wait=number)


def test_files_that_do_not_come_to_rest_are_told(valley, monkeypatch):
    numbers = iter(range(1000))
    monkeypatch.setattr(CaseFolder, "inputs", lambda self: {"reports.csv": str(next(numbers))})
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert "being written to while they are read" in result.stderr
    assert not (valley / "ledger.jsonl").exists()


# --- folders that cannot be written to ------------------------------------------------------


@pytest.fixture
def sealed(valley):
    """Takes away the right to write anything in a case, and gives it back after the test."""

    def seal():
        for path in [*valley.rglob("*"), valley]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        return valley

    yield seal
    for path in [valley, *valley.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


READING = [
    ("check",),
    ("control", "birchen", "--on", "2031-04-01"),
    ("measure", "held", "place=birchen", "holder=league", "on=2031-04-01"),
    ("link",),
    ("why", "c4"),
    ("history", "r:b6"),
    ("diff", "--record", "start", "last"),
    ("export", "reports"),
    ("verify",),
    ("build",),
]


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_case_that_is_up_to_date_can_be_read_where_nothing_can_be_written(stopping, valley, sealed, words):
    open_case(valley).build()
    told = stopping(*words, "--case", sealed(), user=True)
    assert told["status"] == 0, told["err"]


@pytest.mark.parametrize("words", [("check",), ("history", "r:b6"), ("build",)], ids=lambda words: words[0])
@pytest.mark.parametrize("built", [True, False], ids=["edited since", "never built"])
def test_a_case_that_is_not_up_to_date_says_what_to_do_where_nothing_can_be_written(
    stopping, valley, sealed, words, built
):
    if built:
        open_case(valley).build()
        note(valley, "later")
    told = stopping(*words, "--case", sealed(), user=True)
    assert told["status"] == 2
    assert "the record is to be brought up to date, and this folder cannot be written" in told["err"]
    assert "do: copy the case to where you may write" in told["err"]


def test_a_briefing_for_a_sealed_case_can_be_put_elsewhere(stopping, valley, sealed, tmp_path):
    open_case(valley).build()
    told = stopping("brief", "briefs/valley.md", "--case", sealed(), user=True)
    assert told["status"] == 2
    assert "Permission denied" in told["err"]
    told = stopping("brief", "briefs/valley.md", "-o", tmp_path / "out.html", "--case", valley, user=True)
    assert told["status"] == 0


def test_a_table_that_may_not_be_read_is_named(stopping, valley):
    open_case(valley).build()
    (valley / "places.csv").chmod(0)
    told = stopping("check", "--case", valley, user=True)
    (valley / "places.csv").chmod(0o644)
    assert told["status"] == 2
    assert "places.csv: Permission denied" in told["err"]
    assert "do: close the program that has it open" in told["err"]


def test_what_stands_in_the_way_of_the_cache_is_named(valley):
    (valley / CACHE).write_text("not a folder")
    result = run("build", "--case", valley)
    assert result.exit_code == 2
    assert CACHE in result.stderr
