"""The page of the full record tells what was added, and both verdicts of every claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools import demo_full

ROWS = {"added": 16_457, "rejected": 0, "cited": 3, "rejects": []}
REFUSED = {"added": 2, "rejected": 1, "cited": 0, "rejects": [{"rule": "unknown place | no position"}]}


def check(verdict: str, *reports: str) -> dict[str, Any]:
    claim = {"id": "C1", "says": "It <was> so.", "by": None, "on": None, "verdict": verdict, "found": None}
    return {"claims": [{**claim, "because": f"So {verdict}.", "for": list(reports), "against": []}]}


def test_a_claim_that_moved_is_told_with_why() -> None:
    page = demo_full.page([ROWS, REFUSED], check("cannot tell", "r1"), check("supported", "r1", "ged-1", "ged-2"))
    assert "| C1 | cannot tell | **supported** | It &lt;was> so. |" in page
    assert "**C1**, cannot tell to supported, 2 new reports for or against." in page
    assert "- The case: So cannot tell.\n- With the files: So supported.\n" in page


def test_what_was_refused_is_told_with_its_rule() -> None:
    page = demo_full.page([ROWS, REFUSED], check("supported"), check("supported"))
    assert "| 16,457 | 0 | 3 |" in page
    assert "| 2 | 1 (unknown place \\| no position) | 0 |" in page
    assert page.endswith("No claim's figure changed.\n")


def test_where_the_data_is_absent_it_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["demo_full", str(tmp_path)])
    monkeypatch.setattr(demo_full, "PAGE", tmp_path / "page.md")
    demo_full.main()
    assert "lacks ucdp_ged_syria/ged_syria_19_1.csv" in capsys.readouterr().out
    assert not (tmp_path / "page.md").exists()


def test_the_page_shows_the_commands_that_were_run(project: Path) -> None:
    text = (project / "docs" / "full-record.md").read_text(encoding="utf-8")
    for added in demo_full.FILES:
        assert f"zenobia add {Path(added.file).name}" in text
        assert all(word.split("=")[0] in text for word in added.words)
