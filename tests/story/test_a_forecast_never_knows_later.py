"""A forecast of a past day is the same from every later view: what was said afterwards stands beside it only."""

import csv
from datetime import UTC, datetime

from zenobia.pipeline import open_case

NOW = datetime(2031, 8, 1, tzinfo=UTC)
ASKED = ["place=cedar", "from=league", "to=crown", "issued=2031-04-15"]


def test_a_forecast_is_the_same_from_every_later_view(valley):
    case = open_case(valley)
    case.build(NOW)
    told = [case.measure("forecast", ASKED, case.known(day)) for day in ("2031-04-15", "2031-05-20", None)]
    assert told[0]["found"] == told[1]["found"] == told[2]["found"]


def test_what_came_of_it_stands_beside_it(valley):
    case = open_case(valley)
    case.build(NOW)
    then, now = (case.measure("forecast", ASKED, case.known(day))["notes"][-1] for day in ("2031-04-15", None))
    assert then == "not due yet: it runs to 14 July 2031"
    assert "took Cedar on 3 May 2031" in now


def test_a_correction_that_was_published_later_does_not_reach_back(valley):
    first = open_case(valley)
    first.build(NOW)
    before = first.measure("forecast", ASKED)
    _correct(valley / "reports.csv", first)
    after = open_case(valley)
    after.build(NOW)
    assert after.measure("forecast", ASKED)["found"] == before["found"]


def _correct(path, case):
    """Add a row that replaces, in July, one of the reports that the forecast rests on."""
    told = case.known("2031-04-15").reports.to_pylist()
    old = next(row["id"] for row in told if row["place"] == "cedar" and row["status"])
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    new = dict(next(row for row in rows if row["id"] == old))
    rows.append({**new, "id": "corrected", "published": "2031-07-02", "holder": "crown", "replaces": old})
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
