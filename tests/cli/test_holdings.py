"""Control on the command line beyond one place and day: warnings, two days beside each other, totals through time."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zenobia.cli import main
from zenobia.control.warned import SILENT_DAYS
from zenobia.fronting import EVERY, _days
from zenobia.publish.holdings import _COUNTED
from zenobia.terms import day_number, day_of

BOUNDS = {"low", "best", "high", "unit", "meaning"}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def told(*words: object) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_warnings_of_a_place_are_in_its_json_and_in_words(valley: Path) -> None:
    rows = told("control", "--on", "2031-04-01", "--case", valley)["places"]
    warned = next(row for row in rows if row["warnings"])
    assert {"kind", "says", "days", "voices", "reports"} == set(warned["warnings"][0])
    shown = run("control", warned["place"], "--on", "2031-04-01", "--case", valley).stdout
    assert shown.count("warning: ") == len(warned["warnings"])


def test_the_table_of_all_places_counts_the_warnings(valley: Path) -> None:
    rows = told("control", "--on", "2031-04-01", "--case", valley)["places"]
    alone = sum(warning["kind"] == "one voice" for row in rows for warning in row["warnings"])
    last = run("control", "--on", "2031-04-01", "--case", valley).stdout.splitlines()[-1]
    assert last.startswith("warnings: ")
    assert (f"{alone} with fewer than two voices" in last) == bool(alone)


def test_the_words_for_silence_name_the_days_from_which_it_is_told() -> None:
    assert f"more than {SILENT_DAYS} days" in _COUNTED["silence"]


def test_two_days_beside_each_other(valley: Path) -> None:
    found = told("control", "--compare", "2031-02-01", "2031-06-20", "--case", valley)
    assert found["compare"] == ["2031-02-01", "2031-06-20"]
    assert {row["holder"] for row in found["holders"]} == {"crown", "league", "guard"}
    assert all(set(row[key]) == BOUNDS for row in found["holders"] for key in ("gained", "lost", "held"))
    # Cedar passes from the League to the Crown in May.
    (cedar,) = [row for row in found["places"] if row["place"] == "cedar"]
    assert cedar["holders"]["crown"]["gained"] > 0.8
    assert cedar["holders"]["league"]["lost"] > 0.8
    shown = run("control", "--compare", "2031-02-01", "2031-06-20", "--case", valley).stdout
    assert "Cedar" in shown
    assert "gained" in shown


def test_two_days_as_known_on_a_day(valley: Path) -> None:
    asked = ("control", "--compare", "2031-02-01", "2031-06-20", "--case", valley)
    then = told(*asked, "--known", "2031-02-28")
    assert then["known"] == "2031-02-28"
    (cedar,) = [row for row in then["places"] if row["place"] == "cedar"]
    assert cedar["holders"]["crown"]["gained"] < 0.5


def test_the_same_question_has_the_same_answer(valley: Path) -> None:
    asked = ("control", "--compare", "2031-02-01", "2031-06-20", "--case", valley)
    assert told(*asked) == told(*asked)


def test_days_the_wrong_way_round_are_refused(valley: Path) -> None:
    result = run("control", "--compare", "2031-06-20", "2031-02-01", "--case", valley)
    assert result.exit_code == 2
    assert "name the earlier day first" in result.stderr


def test_totals_through_time(valley: Path) -> None:
    found = told("control", "--totals", "--case", valley)
    days = list(dict.fromkeys(row["date"] for row in found["totals"]))
    # The case begins on 6 January and ends on 7 July.
    assert days == ["2031-01-06", *(f"2031-0{month}-01" for month in range(2, 8))]
    for row in found["totals"]:
        assert set(row["places"]) == BOUNDS
        assert row["places"]["low"] <= row["places"]["best"] <= row["places"]["high"] <= 6
    assert "Crown" in run("control", "--totals", "--case", valley).stdout


def test_totals_end_with_what_is_known(valley: Path) -> None:
    found = told("control", "--totals", "--known", "2031-03-15", "--case", valley)
    assert max(row["date"] for row in found["totals"]) == "2031-03-01"


def test_totals_as_a_table_for_other_tools(valley: Path) -> None:
    result = run("export", "control-totals", "--case", valley)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    figures = [f"{what}_{key}" for what in ("places", "people") for key in ("low", "best", "high")]
    ground = ["km2_low", "km2_best", "km2_high", "km2_no_recent_evidence"]
    assert list(rows[0]) == ["date", "holder", *figures, "voices_changed", *ground]
    totals = told("control", "--totals", "--case", valley)["totals"]
    assert [int(row["places_best"]) for row in rows] == [row["places"]["best"] for row in totals]


def test_spells_say_where_the_voices_changed(valley: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("export", "control", "--case", valley).stdout)))
    marked = [row for row in rows if row["voices_changed"]]
    for row in marked:
        assert all(row["from"] <= day < row["to"] for day in row["voices_changed"].split("|"))


def test_all_places_or_one_but_not_both(valley: Path) -> None:
    for more in (["--compare", "2031-02-01", "2031-03-01"], ["--totals"]):
        assert run("control", "cedar", *more, "--case", valley).exit_code == 2


@pytest.mark.parametrize(
    ("every", "days"),
    [
        # Wednesday the 15th of November 2023; weeks begin on Mondays.
        ("week", ["2023-11-15", "2023-11-20", "2023-11-27"]),
        ("month", ["2023-11-15", "2023-12-01", "2024-01-01"]),
        ("quarter", ["2023-11-15", "2024-01-01", "2024-04-01"]),
        ("year", ["2023-11-15", "2024-01-01", "2025-01-01"]),
    ],
)
def test_the_days_of_totals_are_the_first_of_each_stretch(every: str, days: list[str]) -> None:
    last = day_number(date.fromisoformat(days[-1])) + 1
    assert [day_of(d).isoformat() for d in _days(day_number(date(2023, 11, 15)), last, every)] == days
    assert every in EVERY
