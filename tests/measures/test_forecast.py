"""forecast: a plain hazard from what was published by a day, and nothing later."""

from math import exp

import numpy as np
import pytest

from tests.measures.by_hand import day, report, view_of
from tests.measures.changes import capture, control
from zenobia import measures
from zenobia.measures import Apart
from zenobia.measures.hazard import courses_of, hazard, nearest
from zenobia.terms import InputError, NotMeasurable

ASKED = {"measure": "forecast", "place": "alder", "from": "league", "to": "crown", "issued": "2031-04-01", "days": 90}
# The League has Alder and Cedar, and lost Birch to the Crown on 5 March.
KNOWN = control(
    alder=[("2000-01-01", "league")],
    birch=[("2000-01-01", "league"), ("2031-03-05", "crown")],
    cedar=[("2000-01-01", "league")],
)
TOLD = (
    report("alder", "2031-02-01", "control", place="alder", holder="league", status="holds"),
    capture("birch", "2031-03-05", "birch", source="monitor"),
)
LATER = capture("later", "2031-05-05", "alder", source="gazette")


def forecast(*reports, known=None, prepared=KNOWN, apart=None, **keys):
    asked = measures.question(measures.merged(ASKED, keys))
    view = view_of(*reports, known=day(known) if known else None)
    return measures.answer(asked.model_copy(update={"apart": apart or Apart()}), view, prepared)


def test_the_chance_by_hand():
    # Place-days with the League in 365 days before 1 April: Alder 365, Cedar 365, Birch 338 to 5 March; one change.
    base = 1.5 / 1068
    # In 180 days: 180, 180 and 153.
    rate = 2 / (513 + 1 / base)
    # Alder stood 20 km from a place of the Crown for 27 days, in which nothing changed.
    near = 1 / (27 / 1068 + 1)
    assert forecast(*TOLD).found.best == pytest.approx(1 - exp(-rate * near * 90))


def test_its_range_holds_every_window_and_what_one_change_leaves_open():
    found = forecast(*TOLD).found
    assert 0 < found.low < found.best < found.high < 1
    # One change and one more put to it: nine in ten draws of such a rate lie between .18 and 2.4 times its mean.
    assert found.high / found.low > 5
    assert found.unit == "chance"


def test_the_rank_is_among_all_places_of_the_loser():
    # Alder stands 20 km from the Crown, Cedar 90: both distances are equally untried.
    assert "number 1 to 2 of the 2 places of the League known" in forecast(*TOLD).says


def test_nothing_published_later_is_used():
    without, with_later = forecast(*TOLD), forecast(*TOLD, LATER)
    assert with_later.found == without.found
    assert with_later.evidence == without.evidence


def test_what_happened_stands_beside_it_as_the_asked_view_knows_it():
    assert any("The Gazette said that the Crown took Alder on 5 May 2031" in n for n in forecast(*TOLD, LATER).notes)
    assert any("nobody says that the Crown took Alder by 30 June 2031" in n for n in forecast(*TOLD).notes)
    assert any("not due yet" in n for n in forecast(*TOLD, LATER, known="2031-05-10").notes)


def test_the_need_is_the_record_as_known_that_day():
    question = measures.question(ASKED)
    assert question.needs(view_of(*TOLD)).known == day("2031-04-01")


def test_before_the_day_of_issue_there_is_no_forecast():
    with pytest.raises(NotMeasurable, match="the forecast is of 1 April 2031"):
        forecast(*TOLD, known="2031-03-20")


def test_a_place_that_the_loser_did_not_hold_cannot_be_lost():
    with pytest.raises(NotMeasurable, match="the chance that the League held Birch that day is 0 per cent"):
        forecast(*TOLD, place="birch")


def test_a_place_of_which_nothing_was_said_is_not_forecast():
    with pytest.raises(NotMeasurable, match=r"nothing published by 1 April 2031 says who held Cedar"):
        forecast(*TOLD, place="cedar", prepared=control(alder=[("2000-01-01", "league")]))


def test_contested_is_nobody_to_lose_a_place():
    with pytest.raises(InputError, match="lies between holders"):
        forecast(*TOLD, **{"from": "contested"})


def test_the_claimants_word_is_no_evidence():
    answer = forecast(*TOLD, capture("w", "2031-03-05", "birch", source="writer"), apart=Apart(sources=("writer",)))
    assert "w" not in answer.evidence


def test_relabelling_the_parties_relabels_the_answer():
    other = control(
        alder=[("2000-01-01", "guard")],
        birch=[("2000-01-01", "guard"), ("2031-03-05", "league")],
        cedar=[("2000-01-01", "guard")],
    )
    told = (
        report("alder", "2031-02-01", "control", place="alder", holder="guard", status="holds"),
        capture("birch", "2031-03-05", "birch", "league", source="monitor"),
    )
    assert forecast(*told, prepared=other, **{"from": "guard", "to": "league"}).found == forecast(*TOLD).found


def test_contested_days_are_looked_through():
    # States crown, league, contested: League, contested, Crown is one change.
    chances = np.array([[[0, 1, 0], [0, 0, 1], [0.4, 0.4, 0.2], [1, 0, 0]]], dtype=float)
    held = courses_of(chances, 2)
    assert held.tolist() == [[1, 1, 1, 0]]
    counted = hazard(held, np.zeros((1, 1)), loser=1, taker=0)
    assert (counted.changes.tolist(), counted.days.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_the_nearest_place_is_never_the_place_itself():
    away = np.array([[0.0, 20.0, 90.0], [20.0, 0.0, 110.0], [90.0, 110.0, 0.0]])
    # Only the second is taken: 20 km to the first (10-25), none for itself (farther than all), 110 to the third.
    assert nearest(np.array([False, True, False]), away).tolist() == [1, 4, 4]


def test_changes_near_the_taker_make_near_places_likelier():
    # Four places in a row; the second and third fell while the first, next to them, was the taker's.
    held = np.ones((4, 200), dtype=int)
    held[0] = 0
    held[1, 100:] = 0
    away = np.abs(np.subtract.outer(np.array([0.0, 5.0, 300.0, 305.0]), np.array([0.0, 5.0, 300.0, 305.0])))
    near = hazard(held, away, loser=1, taker=0).near
    assert near[0] > 1 > near[4]


def test_a_place_does_not_pass_from_a_holder_to_itself():
    with pytest.raises(InputError, match="a change from a holder to itself"):
        measures.question({**ASKED, "from": "crown"})


def test_a_change_that_only_the_side_that_gained_tells_of_is_not_counted():
    own = capture("birch", "2031-03-05", "birch", source="crown-agency")
    told = forecast(TOLD[0], own)
    assert "told of only by the side that gained, so not counted: Birch" in told.notes
    assert told.found.best < forecast(*TOLD).found.best


def test_a_rank_is_as_open_as_the_few_changes_leave_it():
    # Alder and Cedar stand at distances at which nothing happened yet: either may be the likelier.
    answer = forecast(*TOLD, **{"as": "rank"})
    assert (answer.found.low, answer.found.high) == (1, 2)
    assert answer.found.meaning == "credible90"
    assert "(it may be 1 to 2)" in answer.says


def test_one_change_at_a_distance_does_not_settle_which_is_likelier():
    # Birch, 20 km from the Crown's Alder, fell; of Cedar, 70 km off, one change says little.
    history = control(
        alder=[("2000-01-01", "crown")],
        birch=[("2000-01-01", "league"), ("2031-03-05", "crown"), ("2031-03-20", "league")],
        cedar=[("2000-01-01", "league")],
    )
    answer = forecast(*TOLD, prepared=history, place="cedar", **{"as": "rank"})
    assert (answer.found.low, answer.found.best, answer.found.high) == (1, 2, 2)
