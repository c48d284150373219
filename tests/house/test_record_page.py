"""The page on the record's inside shows its tables as they are."""

from __future__ import annotations

from pathlib import Path

from tools import record_page


def test_the_documented_tables_are_those_of_the_nouns(project: Path) -> None:
    text = (project / "docs" / "record.md").read_text(encoding="utf-8")
    assert record_page.page(text) == text, "run `python tools/record_page.py`"
