"""A record that did not change is checked at once, from what was answered before."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from zenobia.pipeline import open_case

VALLEY = Path(__file__).parent.parent / "valley"


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    shutil.copytree(VALLEY, tmp_path / "valley", ignore=shutil.ignore_patterns(".zenobia"))
    return tmp_path / "valley"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions for which something had to be estimated or linked."""
    seen: list[str] = []
    plain = open_case.__globals__["OpenCase"].prepare

    def prepare(self, view, needs):
        seen.append(needs.name)
        return plain(self, view, needs)

    monkeypatch.setattr("zenobia.pipeline.OpenCase.prepare", prepare)
    return seen


def test_the_second_check_works_nothing_out_and_says_the_same(valley, asked):
    first = open_case(valley).check()
    assert asked
    asked.clear()
    assert open_case(valley).check() == first
    assert asked == []


def test_another_record_is_asked_anew(valley, asked):
    open_case(valley).check()
    reports = valley / "reports.csv"
    lines = reports.read_text(encoding="utf-8").splitlines(keepends=True)
    reports.write_text("".join(lines[:-1]), encoding="utf-8")
    asked.clear()
    open_case(valley).check()
    assert asked


@pytest.mark.parametrize("damage", [b"", b"{}\n{}", b'{"sha256": "00"}\n{}', b"\xff\xfe"])
def test_a_damaged_file_of_answers_is_not_read(valley, asked, damage):
    first = open_case(valley).check()
    (kept,) = (valley / ".zenobia" / "answers").glob("*.json")
    kept.write_bytes(damage)
    asked.clear()
    assert open_case(valley).check() == first
    assert asked


def test_an_altered_answer_is_not_believed(valley):
    first = open_case(valley).check()
    (kept,) = (valley / ".zenobia" / "answers").glob("*.json")
    kept.write_text(kept.read_text(encoding="utf-8").replace("voices", "Voices"), encoding="utf-8")
    assert open_case(valley).check() == first


def another(valley: Path, name: str) -> None:
    with (valley / "sources.csv").open("a", encoding="utf-8") as sources:
        sources.write(f"x-{name},{name},,,,,,,\n")


def kept(valley: Path) -> set[str]:
    return {file.name for file in (valley / ".zenobia" / "answers").glob("*.json")}


def test_a_record_that_is_looked_at_again_is_not_asked_anew(valley, asked):
    before = (valley / "sources.csv").read_bytes()
    first = open_case(valley).check()
    another(valley, "one")
    open_case(valley).check()
    (valley / "sources.csv").write_bytes(before)
    asked.clear()
    assert open_case(valley).check() == first
    assert asked == []


def test_answers_to_other_records_do_not_pile_up(valley):
    for name in ("one", "two", "three", "four"):
        another(valley, name)
        open_case(valley).check()
    assert len(kept(valley)) == 3


def test_the_answers_that_were_used_longest_ago_go_first(valley):
    places = []
    for name in ("one", "two", "three"):
        another(valley, name)
        open_case(valley).check()
        (fresh,) = kept(valley) - {file for file, _ in places}
        places.append((fresh, (valley / "sources.csv").read_bytes()))
        os.utime(valley / ".zenobia" / "answers" / fresh, (len(places), len(places)))
    # The first is used again, so the second is the one that goes.
    (valley / "sources.csv").write_bytes(places[0][1])
    open_case(valley).check()
    another(valley, "four")
    open_case(valley).check()
    assert places[1][0] not in kept(valley)
    assert {places[0][0], places[2][0]} <= kept(valley)


def test_answers_take_no_more_room_than_they_may(valley, monkeypatch):
    monkeypatch.setattr("zenobia.keeping._BYTES", 1)
    for name in ("one", "two"):
        another(valley, name)
        open_case(valley).check()
    assert len(kept(valley)) == 1
