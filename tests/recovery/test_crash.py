"""Whatever stops the program, at whatever point: nothing is lost, nothing doubled, nothing half-written."""

import csv
import random
import shutil
import stat
import time
from datetime import UTC, datetime
from itertools import cycle, pairwise

import pytest

from zenobia.case import copy_built_in
from zenobia.pipeline import open_case
from zenobia.record import Ledger, Record, fold
from zenobia.terms import NotFound

NOW = datetime(2031, 8, 1, tzinfo=UTC)


def edit(case, **notes):
    rows = reports_of(case)
    for row in rows:
        row["note"] = notes.get(row["id"], row["note"])
    write_reports(case, rows)


def reports_of(case):
    with open(case / "reports.csv", newline="") as file:
        return list(csv.DictReader(file))


def write_reports(case, rows):
    with open(case / "reports.new", "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (case / "reports.new").replace(case / "reports.csv")


def entries_of(case):
    """The history without its clock: what became of which row, in which run, in order."""
    return [(e.run, e.kind, e.table, e.id, e.body.get("row")) for e in Ledger.read(case / "ledger.jsonl").entries]


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


THE_FIRST = pytest.param("the first build", marks=pytest.mark.long)
AN_EDIT = "a build after an edit"


def every(some, *more):
    """Each so many-th step; `make test-all` tries every one as well."""
    return pytest.mark.parametrize("every", [some, *more, pytest.param(1, marks=pytest.mark.long)])


@pytest.fixture(params=[THE_FIRST, AN_EDIT])
def waiting(request, valley):
    """A case with something to build, and the same case built without any trouble."""
    if request.param == AN_EDIT:
        open_case(valley).build(NOW)
        edit(valley, b11="seen again", f1="from the tower")
        write_reports(valley, [row for row in reports_of(valley) if row["id"] != "a3"])
    untroubled = shutil.copytree(valley, valley.parent / "untroubled")
    open_case(untroubled).build()
    return valley, untroubled


def copies(case, steps, every):
    """A fresh copy of a case for every so many-th step."""
    for step in range(every, steps + 1, every):
        copy = shutil.copytree(case, case.parent / f"step-{step}")
        yield step, copy
        shutil.rmtree(copy)


def is_as_if_nothing_had_happened(case, untroubled):
    """After one more build: the same record, the same history, a cache without leftovers."""
    assert open_case(case).build().record == Record.load(untroubled).hash
    assert entries_of(case) == entries_of(untroubled)
    cache = case / ".zenobia"
    in_force = (cache / "current").read_text().strip()
    assert {p.name for p in cache.iterdir()} - {"feeds"} == {in_force, "current", "lock"}
    return True


def steps_of(stopping, case, *words):
    copy = shutil.copytree(case, case.parent / "counted")
    told = stopping(*words, "--case", copy)
    shutil.rmtree(copy)
    assert told["status"] == 0, told["err"]
    return told["steps"]


@every(9)
def test_a_build_killed_at_any_step_loses_nothing_and_doubles_nothing(stopping, waiting, every):
    case, untroubled = waiting
    past = (case / "ledger.jsonl").read_bytes() if (case / "ledger.jsonl").exists() else b""
    versions = {Record.load(untroubled).hash, *([] if not past else [Record.load(case).hash])}
    steps = steps_of(stopping, case, "build")
    assert steps >= 15  # tables, manifest, history, the two moves and the clearing away
    for step, copy in copies(case, steps, every):
        assert stopping("build", "--case", copy, stop=step)["killed"]
        ledger = copy / "ledger.jsonl"
        assert (ledger.read_bytes() if ledger.exists() else b"").startswith(past)
        assert len(Ledger.read(ledger).runs()) in {past.count(b'"kind":"run"'), past.count(b'"kind":"run"') + 1}
        if past:
            assert Record.load(copy).hash in versions  # a reader sees before or after, never neither
        assert is_as_if_nothing_had_happened(copy, untroubled)


@every(7)
def test_a_full_disk_is_told_plainly_and_leaves_what_was_there(stopping, waiting, every):
    case, untroubled = waiting
    before = files_of(case)
    for step, copy in copies(case, steps_of(stopping, case, "build"), every):
        told = stopping("build", "--case", copy, full=step)
        if told["status"] == 0:
            continue  # only the clearing away was left to do
        assert told["status"] == 2
        assert told["err"].splitlines()[0].endswith("No space left on device")
        assert "do: make room on the disk" in told["err"]
        if (copy / "ledger.jsonl").exists() and (copy / "ledger.jsonl").read_bytes() != before.get("ledger.jsonl"):
            assert entries_of(copy) == entries_of(untroubled)  # written whole; the next build makes the rest of it
        else:
            assert {**files_of(copy), ".zenobia/lock": b""} == {**before, ".zenobia/lock": b""}
        assert is_as_if_nothing_had_happened(copy, untroubled)


@every(9)
def test_a_file_that_another_program_has_open_is_told_plainly(stopping, waiting, every):
    case, untroubled = waiting
    refused = 0
    for step, copy in copies(case, steps_of(stopping, case, "build"), every):
        told = stopping("build", "--case", copy, deny=step)
        assert told["status"] in (0, 2)  # what is only cleared away may stay until the next build
        assert "Traceback" not in told["err"]
        refused += told["status"] == 2
        assert is_as_if_nothing_had_happened(copy, untroubled)
    assert refused >= 1


LONG = pytest.mark.long


@pytest.mark.parametrize("room", [0, *(pytest.param(n, marks=LONG) for n in (10, 300, 1500)), 4000, 10_000])
def test_a_limit_that_the_kernel_sets_is_told_plainly(stopping, waiting, room):
    case, untroubled = waiting
    told = stopping("build", "--case", case, limit=room)
    assert told["status"] == 2
    assert "File too large" in told["err"]
    assert "Traceback" not in told["err"]
    assert is_as_if_nothing_had_happened(case, untroubled)


def test_the_lines_of_one_run_count_together_or_not_at_all(valley):
    open_case(valley).build(NOW)
    ledger = valley / "ledger.jsonl"
    whole = ledger.read_bytes()
    edit(valley, b11="seen again", f1="from the tower")
    open_case(valley).build(NOW)
    written = ledger.read_bytes()
    for cut in range(len(whole), len(written), 7):
        ledger.write_bytes(written[:cut])
        read = Ledger.read(ledger)
        assert len(read.runs()) == 1
        assert read.torn == written[len(whole) : cut]
    ledger.write_bytes(written[:-1])  # an editor took the last line end: nothing of it is lost
    assert len(Ledger.read(ledger).runs()) == 2
    edit(valley, b11="and again")
    open_case(valley).build(NOW)
    assert ledger.read_bytes().startswith(written)


def test_line_ends_of_another_system_are_no_fault(valley):
    open_case(valley).build(NOW)
    ledger = valley / "ledger.jsonl"
    head = Ledger.read(ledger).head
    ledger.write_bytes(ledger.read_bytes().replace(b"\n", b"\r\n"))
    assert Ledger.read(ledger).head == head
    edit(valley, b11="seen again")
    open_case(valley).build(NOW)
    assert len(Ledger.read(ledger).runs()) == 2


# --- at random ------------------------------------------------------------------------------


def kill_at_random(stopping, case, seconds, seed):
    """Edit and build over and over, each time killed after a random time. Returns how often it was killed."""
    dice, killed, number = random.Random(seed), 0, 0
    open_case(case).build(NOW)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number += 1
        rows = reports_of(case)
        dice.choice(rows)["note"] = f"note {number}"
        if number % 3 == 0:
            rows.append({**rows[0], "id": f"k{number}", "note": "new"})
        if number % 5 == 0 and any(row["id"].startswith("k") for row in rows):
            rows.remove(next(row for row in rows if row["id"].startswith("k")))
        write_reports(case, rows)
        past = (case / "ledger.jsonl").read_bytes()
        held = Ledger.read(case / "ledger.jsonl")
        killed += stopping("build", "--case", case, after=dice.uniform(0, 0.06))["killed"]
        kept = past.removesuffix(held.torn) if held.torn else past
        assert (case / "ledger.jsonl").read_bytes().startswith(kept)
        Record.load(case)  # there is always one whole version to read
        if number % 25 == 0:
            assert is_whole(case)
    assert is_whole(case)
    return killed


def is_whole(case):
    """The history says what the files say, no version stands twice, and the cache is what a fresh build makes."""
    open_case(case).build()
    ledger = Ledger.read(case / "ledger.jsonl")
    held = {i: v.cells for i, v in fold(ledger)["reports"].items() if v.cells is not None}
    stated = {row["id"]: {c: x for c, x in row.items() if x} for row in reports_of(case)}
    assert held == stated
    for row_id in fold(ledger)["reports"]:
        versions = [version.cells for version in ledger.versions("reports", row_id)]
        assert all(a != b for a, b in pairwise(versions)), row_id
    assert open_case(case).verify() == []
    return True


def test_killed_at_random_for_some_seconds_nothing_is_lost(stopping, valley):
    assert kill_at_random(stopping, valley, seconds=0.7, seed=int(time.time())) >= 1


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_thousands_of_times_nothing_is_lost(stopping, valley, seed):
    assert kill_at_random(stopping, valley, seconds=150, seed=seed) >= 500


# --- files that are taken in ----------------------------------------------------------------

TABLE = """said on,kind,where,day,dead
2031-06-21,battle,Elm,2031-06-20,3
2031-06-22,battle,Alder,2031-06-20,2
2031-06-22,battle,Nowhere,2031-06-20,2
"""
COLUMNS = ("published=said on", "type=kind", "place=where", "date=day", "deaths_best=dead")
AS_REPORTS = ("--as", "reports", "--set", "source=monitor", *(word for c in COLUMNS for word in ("--map", c)))
NOTE = "On Friday the League left Elm.\n\nThe Guard came in on Saturday and nobody was hurt.\n"


@pytest.fixture
def adding(request, valley, tmp_path):
    """A built case, the words that take a file in, and the same case that took it in without any trouble."""
    open_case(valley).build(NOW)
    if request.param == "a table":
        (tmp_path / "more.csv").write_text(TABLE)
        words = ("add", tmp_path / "more.csv", *AS_REPORTS)
    else:
        (tmp_path / "note.txt").write_text(NOTE)
        words = ("add", tmp_path / "note.txt")
    return valley, words


def of_the_case(folder):
    """A case's files but for its history, which knows the clock, and for what is cached."""
    ours = {name: held for name, held in files_of(folder).items() if not name.startswith(".zenobia/")}
    return {name: held for name, held in ours.items() if name != "ledger.jsonl" and not name.endswith(".part")}


@pytest.mark.parametrize(
    ("adding", "fault", "every"),
    [
        ("a table", "stop", 29),
        ("a table", "full", 41),
        ("a document", "stop", 41),
        *(
            pytest.param(what, fault, 1, marks=pytest.mark.long)
            for what in ("a table", "a document")
            for fault in ("stop", "full", "deny")
        ),
    ],
    indirect=["adding"],
)
def test_a_file_that_is_taken_in_is_there_whole_after_the_next_call(stopping, adding, fault, every):
    """Stopped at every so many-th step; `make test-all` tries each."""
    case, words = adding
    untroubled = shutil.copytree(case, case.parent / "untroubled")
    told = stopping(*words, "--case", untroubled)
    assert told["status"] == 0, told["err"]
    expected = of_the_case(untroubled)
    for step, copy in copies(case, told["steps"], every):
        told = stopping(*words, "--case", copy, **{fault: step})
        assert told["killed"] == (fault == "stop")
        assert "Traceback" not in told.get("err", "")
        Record.load(copy)
        Ledger.read(copy / "ledger.jsonl")
        listed = copy / "datasets" / "datasets.csv"
        for line in listed.read_text().splitlines()[1:] if listed.exists() else []:
            assert (copy / "datasets" / f"{line.split(',')[0]}.csv").is_file()  # what is listed is there
        assert not [f.what for f in open_case(copy).verify() if f.broken]
        assert stopping(*words, "--case", copy)["status"] == 0
        assert of_the_case(copy) == expected
        assert Record.load(copy).hash == Record.load(untroubled).hash
        assert once_each(copy) == once_each(untroubled)
        assert open_case(copy).verify() == []


def once_each(case):
    """What entered the history, without runs and order: a run that was stopped may have been two."""
    told = [(e.kind, e.table, e.id) for e in Ledger.read(case / "ledger.jsonl").entries if e.kind != "run"]
    assert len(told) == len(set(told))
    return sorted(told)


# --- other things that are written ----------------------------------------------------------


@every(6)
def test_an_empty_case_is_begun_whole_or_can_be_begun_again(stopping, tmp_path, every):
    steps = stopping("new", tmp_path / "mine")["steps"]
    whole = files_of(tmp_path / "mine")
    for step in range(1, steps + 1, every):
        shutil.rmtree(tmp_path / "mine")
        assert stopping("new", tmp_path / "mine", stop=step)["killed"]
        assert not (tmp_path / "mine" / "case.toml").exists()
        assert stopping("build", "--case", tmp_path / "mine")["status"] == 2
        assert stopping("new", tmp_path / "mine")["status"] == 0
        assert files_of(tmp_path / "mine") == whole


def test_a_demo_that_was_killed_while_it_was_copied_is_copied_again(stopping, tmp_path):
    copy_built_in(tmp_path / "whole")
    whole = files_of(tmp_path / "whole")
    for step in range(1, len(whole), 3):
        folder = tmp_path / f"palmyra-{step}"
        assert stopping("demo", folder, stop=step)["killed"]
        if not (folder / "case.toml").exists():
            assert copy_built_in(folder)
        assert {name: held for name, held in files_of(folder).items() if not name.startswith(".zenobia")} == whole


def test_a_full_disk_leaves_no_half_a_case(stopping, tmp_path):
    for step in (2, 5, 9):
        told = stopping("new", tmp_path / "mine", full=step)
        assert told["status"] == 2
        assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    "words",
    [("export", "events", "-o"), pytest.param(("brief", "briefs/valley.md", "-o"), marks=pytest.mark.long)],
)
@pytest.mark.parametrize("fault", ["stop", "full", "deny"])
@every(3)
def test_a_file_that_is_handed_out_is_the_old_one_or_the_new_one(stopping, valley, tmp_path, words, fault, every):
    open_case(valley).build(NOW)
    out = tmp_path / "out.file"
    steps = stopping(*words, out, "--case", valley)["steps"]
    new = out.read_bytes()
    for step in range(1, steps + 1, every):
        out.write_text("the old one")
        out.chmod(0o640)
        told = stopping(*words, out, "--case", valley, **{fault: step})
        assert out.read_bytes() in (b"the old one", new)
        assert stat.S_IMODE(out.stat().st_mode) == 0o640
        if fault != "stop":
            assert told["status"] in (0, 2)
            assert told["status"] == 2 or out.read_bytes() == new
            assert [p.name for p in tmp_path.glob(".*.part")] == []


def test_a_cache_that_was_cut_short_is_never_read(valley):
    open_case(valley).build(NOW)
    expected = open_case(valley).record.hash
    paths = [p for p in sorted((valley / ".zenobia").rglob("*")) if p.is_file() and p.name != "lock"]
    for path, damaged in zip(paths, cycle([_emptied, _cut_short, _zeroed]), strict=False):
        path.write_bytes(damaged(path.read_bytes()))
        with pytest.raises(NotFound):
            Record.load(valley)
        assert open_case(valley).record.hash == expected


def _emptied(held):
    return b""


def _cut_short(held):
    return held[:-5]


def _zeroed(held):
    return bytes(len(held))  # as some file systems leave a file after a power failure
