"""What may be asked of a released case and of its estimate is named; whatever else comes to be there is refused."""

import shutil
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from zenobia import pipeline
from zenobia.control import Control
from zenobia.released import ReleasedCase
from zenobia.terms import ControlEstimate, InputError, day_number

# Let out on 1 January 2032: words without delay, control 262 days late, which is up to 14 April 2031.
ON, UNTIL = date(2032, 1, 1), date(2031, 4, 15)
POLICY = '\n[publish]\npolicy = "public"\ndelay = 0\ncontrol_delay = 262\nwithhold = ["r:c2"]\n'
LAST, HELD_BACK = day_number(UNTIL) - 1, day_number(UNTIL)
FIRST = day_number(date(2031, 1, 1))


@pytest.fixture(scope="module")
def whole(project, tmp_path_factory):
    folder = shutil.copytree(project / "tests" / "valley", tmp_path_factory.mktemp("named") / "valley")
    with open(folder / "case.toml", "a", encoding="utf-8") as out:
        out.write(POLICY)
    return pipeline.open_case(folder)


@pytest.fixture(scope="module")
def told(whole):
    return whole.released(on=ON)


def days_in(value):
    """Every day in an answer, as a number."""
    if isinstance(value, pa.Table):
        yield from days_in(value.to_pylist())
    elif isinstance(value, dict):
        yield from days_in(list(value.values()))
    elif isinstance(value, date):
        yield day_number(value)
    elif isinstance(value, ControlEstimate):
        yield from days_in([value.on, value.last_evidence])
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from days_in(inner)


# What may be asked, and every day that the answer names, as numbers. A last day after all is one that is not told.
ASKED = {
    "first": lambda e: [e.first],
    "after": lambda e: [e.after - 1],
    "states": lambda e: days_in(e.states),
    "heeds_incidents": lambda e: days_in(e.heeds_incidents),
    "holders": lambda e: days_in(e.holders),
    "places": lambda e: days_in(e.places),
    "told": lambda e: days_in(sorted(e.told)),
    "left_out": lambda e: days_in(e.left_out),
    "at": lambda e: days_in(e.at("cedar", LAST)),
    "why": lambda e: [],  # the reports that are nearest, which are told themselves
    "besieger": lambda e: days_in(e.besieger("cedar", LAST)),
    "heard": lambda e: e.heard("cedar"),
    "voices_changed": lambda e: e.voices_changed("cedar"),
    "chances": lambda e: [LAST] * len(e.chances(["cedar"], np.array([LAST]))),
    "draws": lambda e: [FIRST + e.draws("cedar", FIRST, HELD_BACK, 5, 1).shape[1] - 1],
    "change": lambda e: [day for day in e.change("cedar", "crown", "league", FIRST, HELD_BACK)[4:7] if day is not None],
    "courses": lambda e: e.courses(("cedar",), FIRST, HELD_BACK, 50, 1).day.tolist(),
    "daily": lambda e: days_in(e.daily()),
    "spells": lambda e: [day - 1 for day in days_in(e.spells().select(["to"]))],
    "by_reports": lambda e: [e.by_reports().after - 1, *days_in(e.by_reports().spells().select(["from"]))],
}
REFUSED = {"worth"}
# How each is asked of a day that is held back; the others ask of no day.
TOO_LATE = {
    "at": lambda e: e.at("cedar", HELD_BACK),
    "why": lambda e: e.why("cedar", HELD_BACK),
    "besieger": lambda e: e.besieger("cedar", HELD_BACK),
    "chances": lambda e: e.chances(["cedar"], np.array([LAST, HELD_BACK])),
    "draws": lambda e: e.draws("cedar", FIRST, HELD_BACK + 1, 5, 1),
    "change": lambda e: e.change("cedar", "crown", "league", FIRST, HELD_BACK + 1),
    "courses": lambda e: e.courses(("cedar",), FIRST, HELD_BACK + 1, 5, 1),
    "daily": lambda e: e.daily(None, HELD_BACK + 1),
    "through by_reports: at": lambda e: e.by_reports().at("cedar", HELD_BACK),
    "through by_reports: draws": lambda e: e.by_reports().draws("cedar", FIRST, HELD_BACK + 1, 5, 1),
    "through by_reports: change": lambda e: e.by_reports().change("cedar", "crown", "league", FIRST, HELD_BACK + 1),
    "through by_reports: courses": lambda e: e.by_reports().courses(("cedar",), HELD_BACK, HELD_BACK + 9, 5, 1),
}


def public(thing):
    return {name for name in {*dir(thing), *getattr(thing, "__dict__", ())} if not name.startswith("_")}


def test_everything_that_an_estimate_knows_is_told_or_refused(whole):
    assert public(whole.estimate()) == ASKED.keys() | REFUSED
    assert public(Control) <= ASKED.keys() | REFUSED


@pytest.mark.parametrize("name", sorted(ASKED))
def test_what_may_be_asked_names_no_day_that_is_held_back(name, told, whole):
    days = list(ASKED[name](told.estimate()))
    assert [day for day in days if day >= HELD_BACK] == []
    assert whole.estimate().after > HELD_BACK


def test_reports_speak_of_days_that_are_held_back(told):
    # So that the test above has something to find.
    assert max(day_number(day) for day in told.known().reports["date"].to_pylist() if day) > HELD_BACK


@pytest.mark.parametrize("name", sorted(TOO_LATE))
def test_asked_of_a_day_that_is_held_back_it_refuses(name, told):
    with pytest.raises(InputError, match="control of this day is held back"):
        TOO_LATE[name](told.estimate())


@pytest.mark.parametrize("name", [*sorted(REFUSED), "_fitted", "_view", "anything_else"])
def test_what_is_not_named_is_refused(name, told):
    for estimate in (told.estimate(), told.estimate().by_reports()):
        with pytest.raises(InputError, match="a release does not tell this"):
            getattr(estimate, name)


def test_no_answer_names_a_withheld_report(told, whole):
    estimate, day = told.estimate(), day_number(date(2031, 4, 1))
    assert "c2" in whole.known().column("id")
    for place in estimate.places:
        named = {w.report for w in estimate.why(place, day)} | set(estimate.at(place, day).evidence)
        assert named <= set(told.known().column("id"))
        assert "c2" not in named


def test_a_measure_that_looks_about_it_knows_nothing_of_a_day_that_is_held_back(told):
    chances = told.estimate().by_reports().chances(["cedar", "cedar"], np.array([LAST, HELD_BACK]))
    assert chances[0].sum() == pytest.approx(1)
    assert np.isnan(chances[1]).all()


def test_courses_of_a_measure_stay_from_the_last_day_that_is_told(told):
    courses = told.estimate().by_reports().courses(("cedar",), FIRST, HELD_BACK + 7, 200, 1)
    assert courses.day.max() < HELD_BACK


# --- the released case ---------------------------------------------------------------------------

# Asked as of the whole case: from the released record, and for days that are told.
CASE_ASKED = {
    "answered", "briefings", "briefs", "check", "check_between", "claims_asked", "code", "control", "control_all",
    "control_between", "control_fronts", "control_map", "control_totals", "diff_known", "estimate", "events",
    "explain", "export", "fronts", "known", "last_day", "lets_out", "link_summary", "links", "look_through",
    "measure", "names", "place", "prepare", "record", "root", "runs", "totals", "until", "watching", "why",
}  # fmt: skip
# What the publisher needs to look through files, and to be told what was kept back.
CASE_KEEPS = {"policy", "release", "secrets"}
CASE_REFUSED = {"add", "build", "diff_record", "history", "ledger_head", "put_down_claim", "search", "verify"}


def test_everything_that_a_released_case_offers_has_been_thought_about(told):
    assert public(told) == CASE_ASKED | CASE_KEEPS | CASE_REFUSED


@pytest.mark.parametrize("name", sorted(CASE_REFUSED))
def test_a_released_case_refuses_what_goes_behind_it(name, told):
    with pytest.raises(InputError, match="a release does not tell this"):
        getattr(told, name)()


@pytest.mark.parametrize(
    "ask",
    [
        lambda told, view: told.estimate(view),
        lambda told, view: told.events(view),
        lambda told, view: told.control("cedar", on="2031-04-01", view=view),
        lambda told, view: told.check(view=view),
        lambda told, view: told.measure("held", ["place=cedar", "holder=crown", "on=2031-04-01"], view),
    ],
)
def test_a_view_of_the_whole_record_is_refused(ask, told, whole):
    with pytest.raises(InputError, match="a release does not tell this"):
        ask(told, whole.known())


def test_what_was_kept_back_is_not_shown_by_looking_at_the_release(told):
    assert "c2" in {row.id for row in told.release.withheld}
    assert "c2" not in repr(told.release)
    assert not isinstance(told, pipeline.OpenCase)
    assert isinstance(told, ReleasedCase)


def test_tables_of_control_end_where_it_is_held_back(told):
    for table in (told.totals(), pa.Table.from_pylist(told.control_totals("week")["totals"])):
        assert max(str(day) for day in table["date"].to_pylist()) < UNTIL.isoformat()


def test_what_was_learned_is_told_of_no_day_that_is_held_back(told):
    rows = told.diff_known("2031-03-01", None)["control"]
    assert max((row["to"] for row in rows), default="") <= UNTIL.isoformat()


def test_of_what_was_struck_later_nobody_knows_who_held_it(told, whole):
    # Five strikes are listed: two in March, on Birchen, which the League held; three later than control is told. So
    # from two in five to all five fell on places that the Guard did not hold, whatever the whole case knows.
    words = ["type=air-strike", "actor=empire", "target=held_by", "not=guard", "unit=incident"]
    found = told.measure("share", words)["found"]
    assert (found["low"], found["high"]) == (0.4, 1)
    assert whole.measure("share", words)["found"]["high"] < 1  # Dorn is the Guard's
