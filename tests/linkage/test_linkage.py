"""Which reports tell of one event, and what the event then says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from zenobia import linkage
from zenobia.record import View
from zenobia.terms import Source

Made = Callable[..., View]

D = date(2020, 2, 10)
RAID = {"source": "wire", "type": "air-strike", "date": D, "actor": "reds"}


def groups(view: View) -> dict[str, str]:
    table = linkage.group(view)
    return dict(zip(table["report"].to_pylist(), table["event"].to_pylist(), strict=True))


def events(view: View) -> list[dict[str, Any]]:
    return list(linkage.events(view, linkage.group(view)).to_pylist())


def test_reports_of_one_type_place_day_and_sides_tell_of_one_event(made: Made) -> None:
    found = groups(made([RAID, {**RAID, "source": "monitor"}]))
    assert found["r000"] == found["r001"]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "shelling"},
        {"place": "wadi"},
        {"date": date(2020, 2, 11), "date_to": date(2020, 2, 12)},
        {"date_to": date(2020, 3, 10)},
        {"actor": "blues"},
        {"target": "blues"},
    ],
)
def test_what_differs_in_one_of_these_is_another_event(made: Made, other: dict[str, Any]) -> None:
    found = groups(made([RAID, {**RAID, **other}]))
    assert found["r000"] != found["r001"]


def test_an_event_keeps_its_id_when_another_report_of_it_comes_in(made: Made) -> None:
    before, after = groups(made([RAID])), groups(made([RAID, {**RAID, "source": "monitor"}]))
    assert before["r000"] == after["r000"]
    assert before["r000"].startswith("e-")
    assert len(before["r000"]) == 14


def test_statements_and_bare_words_on_control_are_no_events_but_news_is(made: Made) -> None:
    rows = [
        {"source": "wire", "date": D, "type": "statement"},
        {"source": "wire", "date": D, "status": "holds", "holder": "reds"},
        {"source": "wire", "date": D, "status": "takes", "holder": "reds"},
        {"source": "wire", "date": D, "type": "capture", "holder": "reds"},
        {"source": "wire", "type": "battle"},
    ]
    # The last names no day.
    assert set(groups(made(rows))) == {"r002", "r003"}


def test_aggregates_are_no_events(made: Made) -> None:
    total = {"source": "ministry", "type": "air-strike", "date": D, "count": 64.0, "unit": "location"}
    rows = [
        {**total, "id": "total"},
        {**total, "id": "part", "part_of": "total", "count": 15.0},
        {**total, "id": "nowhere", "place": None},
        {**total, "id": "raids", "count": 3.0, "unit": "raid"},
    ]
    assert set(groups(made(rows))) == {"raids"}


def test_two_reports_that_say_nowhere_are_two_events(made: Made) -> None:
    found = groups(made([{**RAID, "place": None}, {**RAID, "place": None}]))
    assert found["r000"] != found["r001"]


def test_an_event_has_the_columns_of_the_export(made: Made) -> None:
    table = linkage.events(made([RAID]), linkage.group(made([RAID])))
    assert table.column_names == (
        [
            "id",
            "reports",
            "type",
            "date",
            "date_to",
            "place",
            "lat",
            "lon",
            "actor",
            "target",
            "deaths_low",
            "deaths_best",
            "deaths_high",
            "voices",
        ]
    )


def test_deaths_run_from_the_least_to_the_most_that_anyone_says(made: Made) -> None:
    rows = [
        {**RAID, "source": "a", "deaths_low": 3.0, "deaths_best": 5.0, "deaths_high": 6.0},
        {**RAID, "source": "b", "deaths_best": 9.0},
        {**RAID, "source": "c"},
    ]
    (event,) = events(made(rows))
    # low: min(3, 9); high: max(6, 9); best: the lower of the two middle ones of 5 and 9.
    assert (event["deaths_low"], event["deaths_best"], event["deaths_high"]) == (3.0, 5.0, 9.0)
    assert event["reports"] == "r000|r001|r002"


def test_deaths_that_nobody_states_are_not_known_and_not_zero(made: Made) -> None:
    (event,) = events(made([RAID]))
    assert (event["deaths_low"], event["deaths_best"], event["deaths_high"]) == (None, None, None)


def test_voices_are_origins_and_unknown_ones_count_together(made: Made) -> None:
    rows = [
        {**RAID, "source": "wire"},
        {**RAID, "source": "daily", "origin": "wire"},
        {**RAID, "source": "alpha"},
        {**RAID, "source": "beta"},
    ]
    sources = [Source(id=x, name=x, kind="dataset") for x in ("alpha", "beta")]
    (event,) = events(made(rows, sources=sources))
    # wire, and the two compilations as one.
    assert event["voices"] == 2


def test_the_order_of_reports_does_not_show(made: Made) -> None:
    rows = [{**RAID, "id": f"x{n}", "source": f"s{n}", "deaths_best": float(n)} for n in range(4)]
    assert events(made(rows)) == events(made(rows[::-1]))


def test_a_view_without_events_gives_empty_tables(made: Made) -> None:
    assert groups(made([])) == {}
    assert events(made([])) == []
