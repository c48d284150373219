"""Export, edit in a spreadsheet, add again: only the edits arrive."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from tests.sources.ged_rows import ged
from zenobia.pipeline import OpenCase, new, open_case


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    """A case with one report of its own and two of GED."""
    new(tmp_path / "case")
    root = tmp_path / "case"
    (root / "sources.csv").write_text("id,name\nme,Me\n")
    (root / "places.csv").write_text("id,name,lat,lon\nalder,Alder,35.1,37.2\n")
    (root / "reports.csv").write_text(
        "id,source,published,type,date,place,deaths_best,quote,note\n"
        'r1,me,2020-03-07,battle,2020-03,Alder,3,"=1+1, ""so""",\n'
    )
    (tmp_path / "ged_20_1.csv").write_text(ged({}, {"source_headline": "Äußerst; “heavy”"}))
    open_case(root).add([str(tmp_path / "ged_20_1.csv")])
    return open_case(root)


def counts(told: dict) -> tuple:
    return tuple(told[name] for name in ("added", "updated", "unchanged", "withdrawn", "rejected"))


@pytest.fixture(params=["csv", "xlsx"])
def exported(case: OpenCase, tmp_path: Path, request):
    """Exports the reports, lets somebody edit the rows, and says where the edited file is."""

    def edited(change=lambda rows: rows) -> str:
        path = tmp_path / f"reports.{request.param}"
        case.export("reports", request.param, path)
        if request.param == "csv":
            with path.open(encoding="utf-8", newline="") as held:
                rows = list(csv.DictReader(held))
            rows = change(rows)
            with path.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        else:
            book = openpyxl.load_workbook(path)
            header, *cells = book.active.values
            rows = change([dict(zip(header, row, strict=True)) for row in cells])
            fresh = openpyxl.Workbook()
            fresh.active.append(header)
            for row in rows:
                fresh.active.append([row[name] for name in header])
                for cell in fresh.active[fresh.active.max_row]:
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
            fresh.save(path)
        return str(path)

    return edited


def test_what_comes_back_as_it_went_changes_nothing(case, exported):
    before = case.known().reports.to_pylist()
    told = case.add([exported()])
    assert (told["kind"], counts(told)) == ("export", (0, 0, len(before), 0, 0))
    assert open_case(case.root).known().reports.to_pylist() == before


def test_only_the_edits_arrive(case, exported):
    def change(rows):
        for row in rows:
            if row["id"] in ("r1", "ged-1"):
                row["deaths_best"] = 4.5 if row["id"] == "ged-1" else 2
        return rows

    total = case.known().reports.num_rows
    told = case.add([exported(change)])
    assert counts(told) == (0, 2, total - 2, 0, 0)
    now = {r["id"]: r for r in case.known().reports.to_pylist()}
    assert "r1" not in now
    assert (now["r1.e1"]["replaces"], now["r1.e1"]["deaths_best"], now["r1.e1"]["quote"]) == ("r1", 2, '=1+1, "so"')
    assert now["ged-1.e1"]["deaths_best"] == 4.5


def test_a_topic_comes_back_as_it_went_and_can_be_added(case, exported):
    def change(rows):
        return [{**row, "topic": "amnesty | war-aims"} if row["id"] == "r1" else row for row in rows]

    assert counts(case.add([exported(change)]))[:2] == (0, 1)
    told = open_case(case.root)
    assert {r["id"]: r["topic"] for r in told.known().reports.to_pylist()}["r1.e1"] == "amnesty|war-aims"
    assert counts(told.add([exported()]))[:2] == (0, 0)


def test_a_column_that_does_not_come_back_takes_nothing_out(case, exported):
    def change(rows):
        return [{name: value for name, value in row.items() if name not in ("quote", "topic")} for row in rows]

    path = exported()
    if path.endswith(".csv"):  # as an export of an earlier version, or a table in which a column was deleted
        with open(path, encoding="utf-8", newline="") as held:
            rows = change(list(csv.DictReader(held)))
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    total = case.known().reports.num_rows
    assert counts(case.add([path])) == (0, 0, total, 0, 0)


def test_a_new_row_is_a_new_report_and_a_deleted_one_deletes_nothing(case, exported):
    def change(rows):
        blank = dict.fromkeys(rows[0], None)
        mine = {"id": "r2", "source": "me", "published": "2020-04", "type": "statement", "place": "Alder"}
        return [*rows[1:], {**blank, **mine}]

    total = case.known().reports.num_rows
    told = case.add([exported(change)])
    assert counts(told) == (1, 0, total - 1, 0, 0)
    now = {r["id"]: r for r in case.known().reports.to_pylist()}
    assert len(now) == total + 1
    assert (str(now["r2"]["published"]), now["r2"]["place"]) == ("2020-04-30", "alder")


def test_the_same_edits_again_change_nothing(case, exported):
    def change(rows):
        return [{**row, "note": "seen"} if row["id"] == "r1" else row for row in rows]

    path = exported(change)
    case.add([path])
    again = open_case(case.root)
    assert counts(again.add([path]))[:2] == (0, 0)


def test_an_edit_that_no_report_can_be_is_rejected_with_its_row(case, exported):
    def change(rows):
        return [{**row, "deaths_low": "9", "deaths_best": "3"} if row["id"] == "r1" else row for row in rows]

    told = case.add([exported(change)])
    (refused,) = told["rejects"]
    assert (refused["field"], refused["rule"]) == ("deaths", "figures out of order; expected low <= best <= high")
    assert "r1" in case.known().reports.column("id").to_pylist()


def test_a_cell_that_cannot_be_read_is_rejected_with_its_column(case, exported):
    def change(rows):
        return [{**row, "published": "last week"} if row["id"] == "r1" else row for row in rows]

    (refused,) = case.add([exported(change)])["rejects"]
    assert (refused["field"], refused["value"]) == ("published", "last week")


def test_a_workbook_is_the_same_bytes_every_time_and_holds_no_formula(case, tmp_path):
    for name in ("one", "two"):
        case.export("reports", "xlsx", tmp_path / f"{name}.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "one.xlsx").active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
