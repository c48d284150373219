"""What a report says of control, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from zenobia.control.evidence import Evidence
from zenobia.control.reading import gather
from zenobia.record import View
from zenobia.terms import Affiliation, Source, day_number

Made = Callable[..., View]

D = date(2020, 2, 10)


def said(evidence: Evidence) -> list[tuple[date, set[str], float]]:
    """Each statement as (stated day, states it leaves open, weight)."""
    rows = evidence.statements
    return [
        (date.fromordinal(int(day) + date(1970, 1, 1).toordinal()), _open(evidence, says), float(weight))
        for day, says, weight in zip(rows.day, rows.says, rows.weight, strict=True)
    ]


# Who takes a place did not have it some days earlier, where nobody says who had it.
EARLIER = (D - timedelta(days=8), {"blues", "contested"}, 0.6)


def _open(evidence: Evidence, says: int) -> set[str]:
    return {evidence.states[k] for k in np.flatnonzero(evidence.sayings[says])}


def one(made: Made, **row: Any) -> Evidence:
    return gather(made([{"source": "wire", "date": D, **row}]))


def test_holds_leaves_one_state_open_on_the_stated_day(made: Made) -> None:
    assert said(one(made, status="holds", holder="reds")) == [(D, {"reds"}, 1.0)]


def test_loses_leaves_all_but_the_loser_open(made: Made) -> None:
    day_before = (D - timedelta(days=1), {"reds", "contested"}, 0.5)
    assert said(one(made, status="loses", holder="reds")) == [day_before, (D, {"blues", "contested"}, 1.0)]


def test_contests_is_contested_whoever_is_named(made: Made) -> None:
    assert said(one(made, status="contests")) == [(D, {"contested"}, 1.0)]
    assert said(one(made, status="contests", holder="reds")) == [(D, {"contested"}, 1.0)]


def test_shared_is_a_state_only_where_a_report_speaks_of_it(made: Made) -> None:
    assert one(made, status="holds", holder="reds").states == ("reds", "blues", "contested")
    shares = one(made, status="shares")
    assert shares.states == ("reds", "blues", "contested", "shared")
    assert said(shares) == [(D, {"shared"}, 1.0)]


def test_a_besieger_does_not_hold_the_place(made: Made) -> None:
    evidence = one(made, status="besieges", holder="reds")
    assert said(evidence) == []
    assert [(s.place, s.start, s.besieger) for s in evidence.sieges] == [("tal", day_number(D), "reds")]


def test_a_capture_takes_and_a_withdrawal_loses_without_saying_so(made: Made) -> None:
    assert said(one(made, type="capture", holder="reds")) == [EARLIER, (D, {"reds"}, 1.0)]
    day_before = (D - timedelta(days=1), {"reds", "contested"}, 0.5)
    assert said(one(made, type="withdrawal", actor="reds")) == [day_before, (D, {"blues", "contested"}, 1.0)]


def test_who_takes_a_place_from_somebody_says_who_had_it(made: Made) -> None:
    taken = one(made, type="capture", holder="reds", target="blues")
    assert said(taken) == [(D - timedelta(days=1), {"blues", "contested"}, 0.5), (D, {"reds"}, 1.0)]
    assert len(taken.news.place) == 1  # one change is told of, not two


def test_a_target_that_is_no_holder_or_the_taker_itself_says_nothing_of_the_day_before(made: Made) -> None:
    for target in ("bandits", "reds"):
        assert said(one(made, type="capture", holder="reds", target=target)) == [EARLIER, (D, {"reds"}, 1.0)]


def test_one_of_two_holders_leaves_both_open(made: Made) -> None:
    assert said(one(made, status="holds", holder="reds|blues")) == [(D, {"reds", "blues"}, 1.0)]


def test_a_group_counts_as_the_holder_that_it_was_part_of_that_day(made: Made) -> None:
    ties = [
        Affiliation(actor="brigade", role="part_of", of="reds", end=date(2020, 2, 1)),
        Affiliation(actor="brigade", role="part_of", of="blues", start=date(2020, 2, 1)),
    ]
    rows = [{"source": "wire", "date": D, "status": "holds", "holder": "brigade"}]
    assert said(gather(made(rows, affiliations=ties))) == [(D, {"blues"}, 1.0)]


def test_who_belongs_to_no_holder_is_left_out_with_the_reason(made: Made) -> None:
    evidence = one(made, status="holds", holder="bandits")
    assert evidence.left_out == (("r000", "'bandits' belongs to no holder of the case"),)


def test_what_names_no_place_or_no_day_or_is_a_part_of_a_total_is_left_out(made: Made) -> None:
    rows = [
        {"source": "wire", "date": D, "status": "holds", "holder": "reds", "place": None},
        {"source": "wire", "status": "holds", "holder": "reds"},
        {"source": "wire", "date": D, "status": "holds", "holder": "reds", "part_of": "total", "count": 15.0},
        {"source": "wire", "date": D, "status": "holds", "holder": "reds", "where_precision": "admin1"},
    ]
    evidence = gather(made(rows))
    assert len(evidence.statements.day) == 0
    assert [why for _, why in evidence.left_out] == [
        "names no place",
        "names no day",
        "is part of an aggregate",
        "speaks of a wider area than the place",
    ]


def test_strikes_and_fights_without_a_status_say_nothing_of_control(made: Made) -> None:
    rows = [{"source": "wire", "date": D, "type": kind} for kind in ("air-strike", "shelling", "battle")]
    evidence = gather(made(rows))
    assert (len(evidence.statements.day), evidence.left_out) == (0, ())


def test_a_period_counts_once_shared_by_its_first_and_last_day(made: Made) -> None:
    evidence = one(made, status="holds", holder="reds", date_to=date(2020, 2, 20))
    assert said(evidence) == [(D, {"reds"}, 0.5), (date(2020, 2, 19), {"reds"}, 0.5)]


def test_a_month_counts_half_of_a_day(made: Made) -> None:
    evidence = one(
        made, status="holds", holder="reds", date=date(2020, 2, 1), date_to=date(2020, 3, 1), date_precision="month"
    )
    # Half for the month, on its middle day: it was so on some day of the 1st to the 29th.
    assert said(evidence) == [(date(2020, 2, 15), {"reds"}, 0.5)]


def test_a_period_of_several_months_is_shared_between_its_ends(made: Made) -> None:
    evidence = one(
        made, status="holds", holder="reds", date=date(2020, 2, 1), date_to=date(2020, 4, 1), date_precision="month"
    )
    assert said(evidence) == [(date(2020, 2, 1), {"reds"}, 0.25), (date(2020, 3, 31), {"reds"}, 0.25)]


def test_news_of_a_month_is_evidence_from_its_end_on(made: Made) -> None:
    evidence = one(
        made, status="loses", holder="reds", date=date(2020, 2, 1), date_to=date(2020, 3, 1), date_precision="month"
    )
    assert (date(2020, 2, 29), {"blues", "contested"}, 0.5) in said(evidence)


def test_news_of_a_period_is_evidence_from_its_last_day(made: Made) -> None:
    evidence = one(made, status="takes", holder="reds", date_to=date(2020, 2, 13))
    assert said(evidence) == [EARLIER, (date(2020, 2, 12), {"reds"}, 1.0)]
    assert (evidence.news.first[0], evidence.news.last[0]) == (day_number(D), day_number(D) + 2)


def test_one_voice_counts_once_whoever_passes_it_on(made: Made) -> None:
    row = {"date": D, "status": "holds", "holder": "reds", "origin": "monitor"}
    sources = [Source(id="monitor", name="Monitor")]
    evidence = gather(made([{**row, "source": "wire"}, {**row, "source": "daily"}], sources=sources))
    assert len(evidence.statements.day) == 1
    assert (evidence.voices, evidence.witnesses) == (("monitor",), ("monitor",))


def test_compilations_that_name_no_origin_are_one_voice(made: Made) -> None:
    row = {"date": D, "status": "holds", "holder": "reds"}
    sources = [Source(id=x, name=x, kind="encyclopedia") for x in ("alpha", "beta")]
    evidence = gather(made([{**row, "source": "alpha"}, {**row, "source": "beta"}], sources=sources))
    assert (len(evidence.statements.day), evidence.voices) == (1, ("unknown",))


def test_the_takers_own_side_says_less_of_the_days_before(made: Made) -> None:
    row = {"source": "agency", "date": D, "type": "capture", "holder": "reds"}
    evidence = gather(made([row], sources=[Source(id="agency", name="agency", stands_with="reds")]))
    assert [weight for _, _, weight in said(evidence)] == [0.5, 1.0]


def test_one_voice_counts_once_in_an_event(made: Made) -> None:
    row = {"source": "wire", "type": "capture", "holder": "reds"}
    view = made([{**row, "date": D}, {**row, "date": date(2020, 2, 11)}])
    linked = pa.table({"report": ["r000", "r001"], "event": ["e-1", "e-1"]})
    assert len(gather(view).statements.day) == 4  # each of the day itself, and of some days earlier
    assert len(gather(view, linked).statements.day) == 2


def test_a_mistyped_year_is_left_out_with_the_reason(made: Made) -> None:
    rows = [
        {"source": "wire", "date": D, "status": "holds", "holder": "reds"},
        {"source": "wire", "date": date(1, 1, 1), "status": "holds", "holder": "blues", "place": "wadi"},
        {"source": "wire", "date": date(2202, 2, 10), "status": "takes", "holder": "blues", "place": "jisr"},
    ]
    for period in ((date(2020, 1, 1), date(2020, 4, 1)), (None, None)):
        evidence = gather(made(rows, period=period))
        assert said(evidence) == [(D, {"reds"}, 1.0)]
        reason = "names a day more than ten years from the case"
        assert evidence.left_out == (("r001", reason), ("r002", reason))


def test_nine_years_before_the_case_is_not_too_far(made: Made) -> None:
    early = date(2011, 1, 1)
    rows = [{"source": "wire", "date": day, "status": "holds", "holder": "reds"} for day in (early, D)]
    for period in ((date(2020, 1, 1), None), (None, None)):
        assert [day for day, _, _ in said(gather(made(rows, period=period)))] == [early, D]


def test_sieges_of_one_place_and_day_are_told_in_order(made: Made) -> None:
    siege = {"source": "wire", "date": D, "status": "besieges", "holder": "reds"}
    view = made([siege, {**siege, "date_to": date(2020, 2, 20)}])
    assert [s.end for s in gather(view).sieges] == [day_number(date(2020, 2, 20)), None]
