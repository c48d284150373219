"""What the user said of a table's columns, written into case.toml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zenobia.case import CaseFolder, save_mapping, saved_mappings
from zenobia.case import mappings as writing_them
from zenobia.pipeline import OpenCase, new, open_case
from zenobia.record import CACHE, writing
from zenobia.terms import InputError, RecordBusy

ROWS = "day,what,where\n2031-06-20,battle,Elm\n"
MAPS = {"published": "day", "type": "what", "place": "where"}


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    new(tmp_path / "case")
    (tmp_path / "strikes.csv").write_text(ROWS)
    return open_case(tmp_path / "case")


def add(case: OpenCase, **more) -> dict:
    return case.add([str(case.root.parent / "strikes.csv")], kind="reports", maps=MAPS, **more)


def save(case: OpenCase) -> str | None:
    return save_mapping(CaseFolder(case.root), "strikes.csv", "reports", ("day", "what", "where"), MAPS, {})


def test_what_was_said_once_is_kept_for_the_next_file_of_the_same_make(case):
    add(case)
    (held,) = saved_mappings(CaseFolder(case.root))
    assert (held.name, held.kind, held.columns, held.maps) == ("strikes", "reports", ("day", "what", "where"), MAPS)


def test_a_dry_run_leaves_case_toml_as_it_is(case):
    before = (case.root / "case.toml").read_bytes()
    add(case, dry_run=True)
    assert (case.root / "case.toml").read_bytes() == before


def test_case_toml_is_written_while_nobody_else_can_write(case, monkeypatch):
    written, write_whole = [], writing_them.write_whole

    def watched(path, text):
        with pytest.raises(RecordBusy), writing(case.root / CACHE, wait=0):
            pass
        written.append(path.name)
        write_whole(path, text)

    monkeypatch.setattr(writing_them, "write_whole", watched)
    add(case)
    assert written == ["case.toml"]


def test_case_toml_is_the_old_one_where_it_could_not_be_written(case, monkeypatch):
    before = (case.root / "case.toml").read_bytes()
    monkeypatch.setattr(os, "replace", _refuse)
    with pytest.raises(PermissionError):
        save(case)
    assert (case.root / "case.toml").read_bytes() == before
    assert [p.name for p in case.root.glob("*.part")] == []


def _refuse(*_):
    raise PermissionError("another program has it open")


@pytest.mark.parametrize("before", [b"id = 'a'\r\ntitle = 'A'\r\n", b"\xef\xbb\xbfid = 'a' # mine\n", b"id = 'a'"])
def test_what_stands_in_case_toml_stays_as_it_is(case, before):
    (case.root / "case.toml").write_bytes(before)
    assert save(case) == "strikes"
    after = (case.root / "case.toml").read_bytes()
    assert after.startswith(before.rstrip(b"\r\n"))
    assert (b"\n" in after.replace(b"\r\n", b"")) is (b"\r\n" not in before)  # one kind of line end
    assert [mapping.maps for mapping in saved_mappings(CaseFolder(case.root))] == [MAPS]


def test_a_case_toml_that_nothing_can_be_added_to_is_told_and_left(case):
    before = b'mappings = {mine = {columns = ["a"]}}\n'
    (case.root / "case.toml").write_bytes(before)
    with pytest.raises(InputError, match="a mapping that cannot be added"):
        save(case)
    assert (case.root / "case.toml").read_bytes() == before
