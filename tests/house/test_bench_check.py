"""The records that checks are timed on: larger, and sound."""

from __future__ import annotations

from pathlib import Path

from tools import bench_check
from zenobia import pipeline


def test_a_grown_case_has_the_size_that_was_asked_for_and_no_row_is_refused(tmp_path: Path) -> None:
    pipeline.demo(tmp_path / "palmyra")
    before = pipeline.open_case(tmp_path / "palmyra").build()
    own = len(list(bench_check._own(tmp_path / "palmyra")))
    bench_check.grow(tmp_path / "palmyra", own + 200)
    after = pipeline.open_case(tmp_path / "palmyra").build()
    assert len(after.changes.added) == 200
    assert len(after.rejected) == len(before.rejected)


def test_costs_are_told_as_ratios_to_the_smallest_record() -> None:
    small = bench_check.Cost(1_000, 37, 4.0, 2.0, 0.1, {})
    large = bench_check.Cost(20_000, 37, 8.0, 3.0, 0.1, {"a statement": 0.5})
    told = bench_check.lines([small, large])
    assert ("`check`, warm: 37 claims on 20,000 reports", 3.0, "37 claims on 1,000 reports, warm", 2.0) in told
    assert ("`check`, a statement added: 37 claims on 20,000 reports", 0.5, "the same, just opened", 8.0) in told


def test_each_report_that_is_added_is_taken_in(tmp_path: Path) -> None:
    case = tmp_path / "palmyra"
    pipeline.demo(case)
    for row in bench_check._ADDED.values():
        (case / "reports" / "one-more.csv").write_text(row, encoding="utf-8")
        assert "one-more" in pipeline.open_case(case).known().column("id")
