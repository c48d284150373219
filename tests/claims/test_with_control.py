"""Claims of who held a place, checked with the real estimate of control."""

import random
from dataclasses import replace

from tests.measures.by_hand import STRIKE_FRAME, report, strike, view_of
from zenobia import claims, control
from zenobia.measures import Prepared
from zenobia.record import table_of
from zenobia.terms import Report


def prepare(view, needs):
    narrowed = view.narrowed(
        label=needs.label,
        sources=needs.only_sources,
        without_sources=needs.without_sources,
        without_types=needs.without_types,
        without_documents=needs.without_documents,
    )
    return Prepared(control=control.estimate(narrowed))


def said(id, when, status, holder, source="wire", **fields):
    return report(id, when, "control", place="alder", status=status, holder=holder, source=source, **fields)


BEFORE = [
    said(f"b{n}", f"2031-01-{n:02}", "holds", "league", s) for n, s in ((5, "wire"), (15, "monitor"), (25, "gazette"))
]
TAKEN = [
    said("t1", "2031-02-10", "takes", "crown"),
    said("t2", "2031-02-10", "takes", "crown", "monitor"),
    said("t3", "2031-02-10", "loses", "league", "league-press"),
]
AFTER = [
    said(f"a{n}", f"2031-03-{n:02}", "holds", "crown", s) for n, s in ((1, "wire"), (12, "monitor"), (20, "gazette"))
]
OWN = [said("w", "2031-02-10", "takes", "crown", "writer")]

(TOOK,) = claims.load(
    """
- id: V1
  says: The Crown took Alder from the League on 10 February.
  by: writer
  ask: {measure: held, place: alder, change: {from: league, to: crown}, from: 2031-01-20, to: 2031-03-05}
  expect: "2031-02-06..2031-02-13"
  parts:
    - {change: null, from: null, to: null, holder: crown, on: 2031-03-05, expect: "> 0.9"}
"""
)
(HIT,) = claims.load(
    """
- id: V2
  says: Most strikes did not hit the Guard.
  by: writer
  ask: {measure: share, of: {type: air-strike, actor: empire}, where: {not: guard}}
  expect: "> 0.5"
"""
)


def check(claim, *reports, **fields):
    return claims.check(claim, view_of(*reports, **fields), None, prepare).to_json()


def test_a_town_that_changed_hands_on_the_day_is_found():
    verdict = check(TOOK, *BEFORE, *TAKEN, *AFTER, *OWN)
    assert verdict["verdict"] == "supported"
    assert verdict["found"]["best"] == "2031-02-10"
    assert verdict["claimant_only"] == ["w"]
    assert {"t1", "t2", "t3"} <= set(verdict["for"])


def test_withdrawing_the_decisive_reports_moves_the_verdict():
    assert check(TOOK, *BEFORE, *AFTER)["verdict"] == "cannot tell"
    assert check(TOOK, *BEFORE)["verdict"] != "supported"


def test_the_claimants_word_changes_nothing_about_it():
    with_it, without = check(TOOK, *BEFORE, *AFTER, *OWN), check(TOOK, *BEFORE, *AFTER)
    assert with_it["found"] == without["found"]
    assert with_it["verdict"] == without["verdict"]


def test_the_order_of_reports_changes_nothing_about_it():
    reports = [*BEFORE, *TAKEN, *AFTER, *OWN]
    mixed = random.Random(1).sample(reports, len(reports))
    view = replace(view_of(*reports), reports=table_of(Report, sorted(mixed, key=lambda r: r.id)))
    assert claims.check(TOOK, view, None, prepare).to_json() == check(TOOK, *reports)


def test_relabelling_the_parties_relabels_the_verdict():
    names = {"crown": "league", "league": "crown"}
    swapped = [replace(r, holder=names.get(r.holder, r.holder)) for r in [*BEFORE, *TAKEN[:2], *AFTER]]
    ask = {**TOOK.ask, "change": {"from": "crown", "to": "league"}}
    mirrored = TOOK.model_copy(update={"ask": ask, "parts": ({**TOOK.parts[0], "holder": "league"},)})
    one, other = check(TOOK, *BEFORE, *TAKEN[:2], *AFTER), check(mirrored, *swapped)
    assert one["verdict"] == other["verdict"] == "supported"
    assert one["found"]["best"] == other["found"]["best"]


def test_what_the_strikers_side_says_of_holders_is_not_heard():
    strikes = [strike(f"s{n}", f"2031-02-0{n}", source="strikes") for n in (1, 2, 3)]
    # The Empire backs the Crown; its staff says that it struck the Guard's ground.
    staff = [said(f"e{n}", f"2031-02-0{n}", "holds", "guard", "empire-staff") for n in (1, 2, 3)]
    verdict = check(HIT, *strikes, *staff, *BEFORE, frames=(STRIKE_FRAME,))
    assert verdict["verdict"] == "supported"
    assert verdict["found"] == check(HIT, *strikes, *BEFORE, frames=(STRIKE_FRAME,))["found"]
    alone = check(HIT, *strikes, *staff, frames=(STRIKE_FRAME,))
    # With the staff's word alone nobody can tell who held it.
    assert (alone["verdict"], alone["found"]["low"], alone["found"]["high"]) == ("cannot tell", 0, 1)


def test_one_side_alone_cannot_say_that_it_gained():
    own = [said(f"a{n}", f"2031-03-0{n}", "holds", "crown", "crown-agency") for n in (1, 2, 3, 4)]
    (claim,) = claims.load(
        "- {id: V3, says: x, ask: {measure: held, place: alder, holder: crown, on: 2031-03-04}, expect: '> 0.5'}"
    )
    assert "the side that gains by it" in check(claim, *own)["because"]
    assert check(claim, *own)["verdict"] == "cannot tell"
