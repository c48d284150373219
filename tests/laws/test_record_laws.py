"""Laws of the record: the past never changes, order does not matter, a rebuild is the same to the byte."""

import csv
import random
import shutil
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zenobia.pipeline import open_case

NOW = datetime(2031, 8, 1, tzinfo=UTC)
LATER = datetime(2031, 8, 2, tzinfo=UTC)


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def edit(path, row_id, **cells):
    rows = rows_of(path)
    for row in rows:
        if row["id"] == row_id:
            row.update(cells)
    write_rows(path, rows)


def cache_bytes(root):
    return {p.relative_to(root): p.read_bytes() for p in sorted((root / ".zenobia").rglob("*")) if p.is_file()}


def test_two_rebuilds_are_the_same_to_the_byte(valley):
    open_case(valley).build(NOW)
    first = cache_bytes(valley)
    shutil.rmtree(valley / ".zenobia")
    open_case(valley).build(LATER)  # another day: what was recorded before stays recorded then
    assert cache_bytes(valley) == first


def test_building_an_unchanged_case_does_nothing_and_says_so(valley):
    open_case(valley).build(NOW)
    before = (valley / "ledger.jsonl").read_bytes(), cache_bytes(valley)
    built = open_case(valley).build(LATER)
    assert built.fresh
    assert ((valley / "ledger.jsonl").read_bytes(), cache_bytes(valley)) == before


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_matter(valley, seed):
    before = open_case(valley).record.hash
    shuffle = random.Random(seed)
    for name in ("reports", "sources", "actors", "places", "affiliations", "coverage"):
        rows = rows_of(valley / f"{name}.csv")
        shuffle.shuffle(rows)
        write_rows(valley / f"{name}.csv", rows)
    assert open_case(valley).record.hash == before


def test_splitting_the_reports_over_files_does_not_matter(valley):
    before = open_case(valley).record.hash
    rows = rows_of(valley / "reports.csv")
    (valley / "reports").mkdir()
    write_rows(valley / "reports" / "a.csv", rows[20:])
    write_rows(valley / "reports.csv", rows[:20])
    assert open_case(valley).record.hash == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(2031, 1, 1), date(2031, 7, 20)))
def test_a_report_published_later_changes_no_view_before_it(valley, day):
    everything = open_case(valley).known(day)
    early = valley.parent / f"early-{day}"
    if not early.exists():
        shutil.copytree(valley, early, ignore=shutil.ignore_patterns(".zenobia", "ledger.jsonl"))
        rows = [row for row in rows_of(valley / "reports.csv") if row["published"] <= day.isoformat()]
        if not rows:
            return
        write_rows(early / "reports.csv", rows)
    only_early = open_case(early).known(day)
    assert only_early.reports.drop_columns("recorded").equals(everything.reports.drop_columns("recorded"))
    assert [r["field"] for r in open_case(early).build().rejected] == []  # nothing early leans on anything late


def test_a_toll_stands_until_the_day_it_is_withdrawn(valley):
    case = open_case(valley)
    assert "b9" in case.known("2031-02-28").column("id")
    assert "b9" not in case.known("2031-03-01").column("id")
    assert "b10" not in case.known("2031-03-01").column("id")  # a withdrawal says nothing itself


def test_a_correction_takes_the_place_of_what_it_corrects(valley):
    with open(valley / "reports.csv", "a") as out:
        columns = (valley / "reports.csv").read_text().splitlines()[0].split(",")
        row = {"id": "b12", "source": "border-wire", "published": "2031-02-20", "type": "battle",
               "place": "birchen", "deaths_best": "5", "replaces": "b11"}  # fmt: skip
        out.write(",".join(row.get(c, "") for c in columns) + "\n")
    case = open_case(valley)
    assert {"b11"} == {"b11", "b12"} & set(case.known("2031-02-19").column("id"))
    assert {"b12"} == {"b11", "b12"} & set(case.known("2031-02-20").column("id"))


def test_an_edit_is_a_new_version_and_the_old_one_stays(valley):
    open_case(valley).build(NOW)
    past = (valley / "ledger.jsonl").read_bytes()
    edit(valley / "reports.csv", "b11", deaths_best="5")
    built = open_case(valley).build(LATER)
    assert built.changes.updated == (("reports", "b11"),)
    assert (valley / "ledger.jsonl").read_bytes().startswith(past)
    versions = open_case(valley).history("b11")
    assert [v["recorded"] for v in versions] == ["2031-08-01T00:00:00Z", "2031-08-02T00:00:00Z"]
    assert versions[1]["changed"] == {"deaths_best": ["4", "5"]}


def test_a_row_taken_out_of_its_file_stays_in_the_history(valley):
    open_case(valley).build(NOW)
    write_rows(valley / "reports.csv", [r for r in rows_of(valley / "reports.csv") if r["id"] != "f1"])
    built = open_case(valley).build(LATER)
    assert built.changes.withdrawn == (("reports", "f1"),)
    assert "f1" not in open_case(valley).known().column("id")
    assert [v["what"] for v in open_case(valley).history("f1")] == ["added", "taken out"]


def test_a_row_that_is_put_back_has_three_versions(valley):
    rows = rows_of(valley / "reports.csv")
    for kept in (rows, [r for r in rows if r["id"] != "f1"], rows):
        write_rows(valley / "reports.csv", kept)
        open_case(valley).build(NOW)
    assert [v["what"] for v in open_case(valley).history("f1")] == ["added", "taken out", "added"]


def test_a_bad_row_is_kept_in_the_history_with_its_rule(valley):
    edit(valley / "reports.csv", "f1", source="nobody")
    built = open_case(valley).build(NOW)
    (refused,) = built.rejected
    assert refused["field"] == "source"
    assert '"kind":"rejected"' in (valley / "ledger.jsonl").read_text()
    assert '"source":"nobody"' in (valley / "ledger.jsonl").read_text()


def test_recorded_comes_from_the_ledger_alone(valley):
    open_case(valley).build(NOW)
    edit(valley / "reports.csv", "b11", deaths_best="5")
    shutil.rmtree(valley / ".zenobia")
    open_case(valley).build(LATER)
    table = open_case(valley).known().reports.select(["id", "recorded"]).to_pylist()
    moments = {row["id"]: row["recorded"] for row in table}
    assert moments["b11"] == LATER
    assert moments["a1"] == NOW


def test_the_record_hash_is_of_what_is_said_and_not_of_when_it_was_typed(valley):
    other = valley.parent / "elsewhere"
    shutil.copytree(valley, other)
    open_case(valley).build(NOW)
    open_case(other).build(LATER)
    assert open_case(valley).record.hash == open_case(other).record.hash


def test_a_key_that_says_no_leaves_the_record_what_it_was(valley):
    before = open_case(valley).record.hash
    told = (valley / "case.toml").read_text(encoding="utf-8")
    hashes = []
    for word in ("false", "true"):
        (valley / "case.toml").write_text(f"{told}\n[control]\nincidents = {word}\n", encoding="utf-8")
        hashes.append(open_case(valley).record.hash == before)
    assert hashes == [True, False]


def test_a_different_figure_is_a_different_record(valley):
    before = open_case(valley).record.hash
    edit(valley / "reports.csv", "b11", deaths_best="5")
    assert open_case(valley).record.hash != before
