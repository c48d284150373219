"""Ground and fronts on the command line: square kilometres, who faces whom, and what a release tells of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zenobia import pipeline
from zenobia.cli import main
from zenobia.released import ReleasedCase
from zenobia.terms import InputError

BOUNDS = {"low", "best", "high", "unit", "meaning"}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def told(*words: object) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def table(*words: object) -> list[dict[str, str]]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_totals_tell_the_ground_of_each_holder(valley: Path) -> None:
    found = told("control", "--totals", "--case", valley)
    assert all(set(row["km2"]) == BOUNDS and row["km2"]["unit"] == "km2" for row in found["totals"])
    assert found["ground"]["resolution"] == 7
    # The box of the case, two degrees wide, from 45 to 47 north: 6371**2 * (pi / 90) * (sin 47 - sin 45 degrees).
    assert found["ground"]["km2"] == pytest.approx(34_354, rel=0.001)
    for row in found["no_recent_evidence"]:
        nobodys, on = row["km2"]["best"], [r["km2"] for r in found["totals"] if r["date"] == row["date"]]
        assert sum(r["low"] for r in on) <= found["ground"]["km2"] - nobodys <= sum(r["high"] for r in on) + 2


def test_totals_of_an_area_count_what_lies_in_it(valley: Path) -> None:
    whole = told("control", "--totals", "--every", "year", "--case", valley)
    front = told("control", "--totals", "--every", "year", "--in", "north-front", "--case", valley)
    assert front["in"] == "north-front"
    assert 0 < front["counted"] < whole["counted"]
    assert front["ground"]["km2"] < whole["ground"]["km2"] / 10


def test_the_ground_is_in_the_table_of_totals(valley: Path) -> None:
    rows = table("export", "control-totals", "--case", valley)
    found = told("control", "--totals", "--case", valley)["totals"]
    assert [int(row["km2_best"]) for row in rows] == [row["km2"]["best"] for row in found]


def test_the_fronts_of_a_day_have_their_cells(valley: Path) -> None:
    found = told("control", "--fronts", "--on", "2031-04-01", "--case", valley)
    assert found["on"] == "2031-04-01"
    assert found["every"] is None
    (first, *_) = found["fronts"]
    assert {first["one"], first["other"]} <= {"crown", "league", "guard"}
    assert set(first["length"]) == BOUNDS
    assert first["length"]["unit"] == "km"
    assert first["date_to"] == "2031-04-02"
    assert all(0.05 <= chance <= 1 for chance in first["cells"].values())


def test_fronts_through_time_stand_until_the_next(valley: Path) -> None:
    found = told("control", "--fronts", "--every", "quarter", "--case", valley)
    assert found["every"] == "quarter"
    stretches = {(row["date"], row["date_to"]) for row in found["fronts"]}
    assert stretches <= {("2031-01-06", "2031-04-01"), ("2031-04-01", "2031-07-01"), ("2031-07-01", "2031-07-07")}
    assert "cells" not in found["fronts"][0]


def test_events_are_told_of_the_case_and_of_each_front(valley: Path) -> None:
    found = told("control", "--fronts", "--events", "--every", "quarter", "--case", valley)
    assert {event["in"] for event in found["events"]} <= {None, "north-front"}
    for event in found["events"]:
        assert event["what"] in ("come to face each other", "no longer face each other")
        assert event["chance"] >= 0.5
        assert event["date"]["low"] <= event["date"]["best"] <= event["date"]["high"]
    assert run("control", "--fronts", "--events", "--every", "quarter", "--case", valley).exit_code == 0


def test_fronts_as_known_on_a_day_end_with_it(valley: Path) -> None:
    found = told("control", "--fronts", "--known", "2031-03-15", "--case", valley)
    assert found["known"] == "2031-03-15"
    assert max(row["date"] for row in found["fronts"]) <= "2031-03-01"


def test_the_same_question_has_the_same_answer(valley: Path) -> None:
    asked = ("export", "fronts", "--format", "geojson", "--case", valley)
    assert run(*asked).stdout == run(*asked).stdout


def test_fronts_go_out_as_a_table_and_as_shapes(valley: Path) -> None:
    rows = table("export", "fronts", "--case", valley)
    columns = "date,date_to,one,other,chance,km_low,km_best,km_high,band_km2,voices_changed,known,cells"
    assert list(rows[0]) == columns.split(",")
    shapes = json.loads(run("export", "fronts", "--format", "geojson", "--case", valley).stdout)["features"]
    assert len(shapes) == len(rows)
    for row, shape in zip(rows, shapes, strict=True):
        assert bool(row["cells"]) == bool(shape["geometry"])
        if shape["geometry"]:
            assert shape["geometry"]["type"] == "MultiPolygon"
        assert "cells" not in shape["properties"]
    (day, *_) = table("export", "fronts", "--on", "2031-04-01", "--case", valley)
    assert (day["date"], day["date_to"]) == ("2031-04-01", "2031-04-02")


@pytest.mark.parametrize(
    "words",
    [
        ["cedar", "--fronts"],
        ["--fronts", "--totals"],
        ["--events"],
        ["--totals", "--on", "2031-04-01"],
        ["--in", "north-front"],
    ],
)
def test_what_does_not_go_together_is_refused(valley: Path, words: list[str]) -> None:
    assert run("control", *words, "--case", valley).exit_code == 2


def draw(case: Path, name: str, kind: str, geometry: dict[str, Any]) -> None:
    """One more area."""
    areas = case / "areas.geojson"
    held = json.loads(areas.read_text(encoding="utf-8"))
    held["features"].append({"type": "Feature", "properties": {"id": name, "kind": kind}, "geometry": geometry})
    areas.write_text(json.dumps(held), encoding="utf-8")


def test_a_front_drawn_as_a_line_has_no_events_of_its_own(valley: Path) -> None:
    before = told("control", "--fronts", "--events", "--every", "year", "--case", valley)["events"]
    draw(valley, "the-line", "front", {"type": "LineString", "coordinates": [[11, 46], [11.2, 46.2]]})
    assert told("control", "--fronts", "--events", "--every", "year", "--case", valley)["events"] == before
    result = run("control", "--fronts", "--in", "the-line", "--case", valley)
    assert result.exit_code == 2
    assert "without ground" in result.stderr


def test_ground_between_places_is_told_where_no_place_is_inside(valley: Path) -> None:
    corners = [[11.02, 46.08], [11.06, 46.08], [11.06, 46.12], [11.02, 46.12], [11.02, 46.08]]
    draw(valley, "between", "area", {"type": "Polygon", "coordinates": [corners]})
    found = told("control", "--totals", "--every", "quarter", "--in", "between", "--case", valley)
    assert found["counted"] == 0
    assert {row["places"]["high"] for row in found["totals"]} == {0}
    # Nobody has spoken of anything on the first day, before the first report; then all of it is somebody's.
    assert [row["km2"]["best"] for row in found["no_recent_evidence"]] == [found["ground"]["km2"], 0, 0]
    last = [row["km2"]["best"] for row in found["totals"] if row["date"] == "2031-07-01"]
    assert 0 < sum(last) <= found["ground"]["km2"] + 2


def test_where_nobody_faces_anybody_it_is_said_in_words(valley: Path) -> None:
    result = run("control", "--fronts", "--on", "2090-01-01", "--case", valley)
    assert result.exit_code == 0
    assert "Nobody faces anybody" in result.stdout


def test_an_area_that_is_not_there_is_refused(valley: Path) -> None:
    result = run("control", "--fronts", "--in", "nort-front", "--case", valley)
    assert result.exit_code == 2
    assert "north-front" in result.stderr


# --- released -----------------------------------------------------------------------------------


@pytest.fixture
def public(valley: Path) -> ReleasedCase:
    """The valley let out on 1 January 2032, control 262 days late: up to 14 April 2031."""
    with (valley / "case.toml").open("a", encoding="utf-8") as out:
        out.write('\n[publish]\npolicy = "public"\ndelay = 0\ncontrol_delay = 262\nwithhold = ["r:c2"]\n')
    return pipeline.open_case(valley).released(on="2032-01-01")


def test_a_release_tells_no_front_and_no_ground_of_days_that_are_held_back(public: ReleasedCase) -> None:
    fronts = public.control_fronts(events=True)
    assert max(row["date_to"] for row in fronts["fronts"]) <= "2031-04-15"
    assert all(event["date"]["high"] < "2031-04-15" for event in fronts["events"])
    assert max(public.fronts()["date_to"].to_pylist()) <= date(2031, 4, 15)
    assert max(row["date"] for row in public.control_totals("week")["totals"]) < "2031-04-15"
    assert max(public.totals()["date"].to_pylist()) < date(2031, 4, 15)


def test_a_front_of_a_day_that_is_held_back_is_refused(public: ReleasedCase) -> None:
    assert public.control_fronts(on="2031-04-14")["fronts"]
    with pytest.raises(InputError, match="held back"):
        public.control_fronts(on="2031-04-15")
    with pytest.raises(InputError, match="held back"):
        public.export("fronts", "csv", None, on="2031-04-15")


def test_a_release_of_days_before_1970_tells_its_ground(valley: Path) -> None:
    # Day numbers are counted from 1970: here all of them are negative.
    for file in ("case.toml", "reports.csv"):
        text = (valley / file).read_text(encoding="utf-8").replace("2031-", "1931-")
        (valley / file).write_text(text, encoding="utf-8")
    with (valley / "case.toml").open("a", encoding="utf-8") as out:
        out.write('\n[publish]\npolicy = "public"\ndelay = 0\ncontrol_delay = 0\n')
    found = pipeline.open_case(valley).released(on="1931-05-15").control_totals("quarter")
    assert {row["date"] for row in found["totals"]} == {"1931-01-06", "1931-04-01"}
    assert found["ground"]["km2"] > 0


def test_what_is_withheld_moves_no_front_of_a_release(public: ReleasedCase, valley: Path) -> None:
    # The report is taken out of the case itself: the release, which withheld it, stays as it was.
    reports = valley / "reports.csv"
    kept = [line for line in reports.read_text(encoding="utf-8").splitlines() if not line.startswith("c2,")]
    before = public.fronts().to_pylist(), public.totals().to_pylist()
    reports.write_text("\n".join(kept) + "\n", encoding="utf-8")
    toml = valley / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('withhold = ["r:c2"]\n', ""), encoding="utf-8")
    after = pipeline.open_case(valley).released(on="2032-01-01")
    assert (after.fronts().to_pylist(), after.totals().to_pylist()) == before
