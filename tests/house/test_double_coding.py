"""The page on double coding shows what comes of both codings, and agreement is what the textbook says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tools import double_coding


def rows(project: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((project / "docs" / name).read_text(encoding="utf-8").splitlines()))


def test_the_page_is_what_comes_of_both_codings(project: Path) -> None:
    text = (project / "docs" / "double-coding.md").read_text(encoding="utf-8")
    second = project / "docs" / "double-coding.csv"
    assert double_coding.page(text, second) == text, (
        "run `python -m tools.double_coding compare docs/double-coding.csv`"
    )


def test_both_codings_are_of_the_same_sixty_reports(project: Path) -> None:
    first, second = rows(project, "double-coding-first.csv"), rows(project, "double-coding.csv")
    assert {row["id"] for row in first} == {row["id"] for row in second}
    assert len(second) == 60


def test_every_difference_is_settled(project: Path) -> None:
    assert "| open |" not in (project / "docs" / "double-coding.md").read_text(encoding="utf-8")


def test_kappa_takes_away_what_chance_would_give() -> None:
    # Same in 3 of 4 (.75). Chance: x .75*.5 + y .25*.5 = .5. (.75 - .5) / (1 - .5) = .5
    pairs = [("x", "x"), ("x", "x"), ("x", "y"), ("y", "y")]
    assert double_coding.kappa(pairs) == pytest.approx(0.5)


def test_kappa_is_one_where_both_always_agree() -> None:
    assert double_coding.kappa([("x", "x"), ("y", "y")]) == pytest.approx(1)


def test_kappa_is_one_where_neither_ever_says_anything() -> None:
    assert double_coding.kappa([("", "")] * 3) == pytest.approx(1)


def test_the_sample_shows_nothing_of_the_first_coding() -> None:
    assert double_coding.Passage._fields == ("id", "document", "locator", "where")


def test_the_sample_is_as_even_over_the_files_as_these_allow(real_data: Path) -> None:
    assert len(double_coding.sample(real_data)) == double_coding.SIZE
