"""Warnings: on how few voices, on how old a word, and against whose an estimate rests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from zenobia import control
from zenobia.record import View
from zenobia.terms import ControlWarning, day_number

Made = Callable[..., View]

START = date(2020, 1, 1)


def row(source: str, days: int, status: str, holder: str | None = None, **more: Any) -> dict[str, Any]:
    return {"source": source, "date": START + timedelta(days=days), "status": status, "holder": holder, **more}


def warned(view: View, days: int) -> dict[str, ControlWarning]:
    estimate = control.estimate(view).at("tal", day_number(START) + days)
    return {warning.kind: warning for warning in estimate.warnings}


def test_two_voices_that_agree_of_late_leave_nothing_to_warn_of(made: Made) -> None:
    assert warned(made([row("wire", 5, "holds", "reds"), row("monitor", 8, "holds", "reds")]), 20) == {}


def test_one_voice_is_told_however_often_it_speaks(made: Made) -> None:
    view = made([row("wire", day, "holds", "reds") for day in (5, 10, 15)])
    assert warned(view, 20)["one voice"].says == "one voice only: wire"
    assert warned(view, 20)["one voice"].voices == {"reds": ("wire",)}


def test_two_papers_of_one_agency_are_one_voice(made: Made) -> None:
    view = made([row("left", 5, "holds", "reds", origin="wire"), row("right", 8, "holds", "reds", origin="wire")])
    assert warned(view, 20)["one voice"].says == "one voice only: wire"


def test_a_holder_that_nobody_names_is_told(made: Made) -> None:
    # Told only that it was fought over, on day 5: by day 900 somebody holds it, and nobody says who.
    view = made([row("wire", 5, "contests"), row("monitor", 5, "contests")])
    leader = control.estimate(view).at("tal", day_number(START) + 900).leader
    assert leader in ("reds", "blues")
    assert warned(view, 900)["one voice"].says == f"no voice says {leader}: it follows from what is said of other days"


def test_silence_is_told_with_its_days_and_with_the_word_that_ends_it(made: Made) -> None:
    both = [row(source, day, "holds", "reds") for source in ("wire", "monitor") for day in (5, 85)]
    # Day 5 to day 66 is 61 days; the next word is 85 - 66 = 19 days later.
    assert warned(made(both), 66)["silence"].days == 61
    assert (
        warned(made(both), 66)["silence"].says == "no evidence for 61 days, since 2020-01-06; the next is 19 days later"
    )
    assert "silence" not in warned(made(both), 65)


def test_before_the_first_word_the_days_to_it_are_told(made: Made) -> None:
    view = made([row("wire", 80, "holds", "reds"), row("monitor", 81, "holds", "reds")])
    assert warned(view, 10)["silence"].says == "no evidence up to this day; the first is 70 days later"
    assert "silence" not in warned(view, 20)


def test_voices_that_say_different_holders_on_one_day_contradict_each_other(made: Made) -> None:
    view = made([row("wire", 40, "holds", "reds"), row("monitor", 40, "holds", "blues")])
    told = warned(view, 45)["contradiction"]
    assert told.says == "within 10 days voices say different holders: reds (wire); blues (monitor)"
    assert told.reports == ("r000", "r001")
    assert "contradiction" in warned(view, 50)
    assert "contradiction" not in warned(view, 51)


def test_a_change_of_hands_told_in_order_is_no_contradiction(made: Made) -> None:
    view = made([row("wire", 40, "holds", "reds"), row("monitor", 43, "takes", "blues", target="reds")])
    assert "contradiction" not in warned(view, 42)


def test_a_holder_said_again_after_another_is_a_contradiction(made: Made) -> None:
    view = made(
        [row("wire", 40, "holds", "reds"), row("monitor", 42, "holds", "blues"), row("wire", 44, "holds", "reds")]
    )
    assert "contradiction" in warned(view, 42)


def test_one_voice_that_corrects_itself_is_no_contradiction(made: Made) -> None:
    view = made([row("wire", 40, "holds", "reds"), row("wire", 40, "holds", "blues")])
    assert "contradiction" not in warned(view, 40)


def test_fighting_does_not_contradict_a_holder(made: Made) -> None:
    view = made([row("wire", 40, "holds", "reds"), row("monitor", 40, "contests")])
    assert "contradiction" not in warned(view, 40)


def test_a_place_known_by_its_neighbours_alone_has_no_warnings_of_its_own(made: Made) -> None:
    from zenobia.terms import Place

    places = [Place(id="tal", name="tal", lat=35.0, lon=38.0), Place(id="wadi", name="wadi", lat=35.05, lon=38.0)]
    view = made([row("wire", 5, "holds", "reds", place="wadi")], places=places)
    told = control.estimate(view).at("tal", day_number(START))
    assert (told.basis, told.warnings) == ("neighbours", ())


def test_warnings_have_a_stable_shape(made: Made) -> None:
    view = made([row("wire", 40, "holds", "reds")])
    told = control.estimate(view).at("tal", day_number(START) + 40).to_json()["warnings"]
    assert told == [
        {"kind": "one voice", "says": "one voice only: wire", "days": None, "voices": {"reds": ["wire"]}, "reports": []}
    ]
