"""A record that did not change is checked at once, from what was answered before."""

from __future__ import annotations

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


def test_answers_to_other_records_do_not_pile_up(valley):
    for note in ("one", "two"):
        with (valley / "sources.csv").open("a", encoding="utf-8") as sources:
            sources.write(f"x-{note},{note},,,,,,,\n")
        open_case(valley).check()
    assert len(list((valley / ".zenobia" / "answers").glob("*.json"))) == 1
