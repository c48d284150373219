"""A working day: a town changes hands, a toll is withdrawn, and a verdict moves."""

import pytest

import zenobia

BATTLE_CLAIM = """
- id: V06
  says: The monitor counted at least ten dead at Birchen on 13 February.
  by: analyst
  on: 2031-05-10
  document: essay
  at: paragraph 3
  ask:
    measure: count
    of: {type: battle, place: birchen, from: 2031-02-13, to: 2031-02-14}
    sources: {only: [monitor]}
    unit: death
  expect: ">= 10"
"""


@pytest.fixture
def case(valley):
    with open(valley / "claims.yaml", "a") as out:
        out.write(BATTLE_CLAIM)
    return zenobia.open(valley)


def held(case, place, on, known=None):
    return case.control(place, on=on, view=case.known(known)).held_by


def verdict(case, claim, known=None):
    return case.check([claim], view=case.known(known))["claims"][0]


def test_birchen_changes_hands_and_the_record_says_when(case):
    assert held(case, "birchen", "2031-02-01")["crown"] > 0.9
    assert held(case, "birchen", "2031-02-20")["league"] > 0.9


def test_before_the_news_came_nobody_could_know(case):
    assert held(case, "birchen", "2031-02-20", known="2031-02-13")["crown"] > 0.5


def test_the_rumour_of_march_is_believed_less_once_others_have_spoken(case):
    fresh = held(case, "birchen", "2031-03-20", known="2031-03-20")["crown"]
    settled = held(case, "birchen", "2031-03-20")["crown"]
    assert settled < fresh
    assert settled < 0.2


def test_a_claim_that_rests_on_the_rumour_is_contradicted(case):
    assert verdict(case, "V02")["verdict"] == "contradicted"


def test_the_toll_is_withdrawn_and_the_verdict_moves(case):
    before, after = verdict(case, "V06", "2031-02-28"), verdict(case, "V06", "2031-03-01")
    assert "b9" in before["for"]
    assert "b9" not in after["for"]
    assert (before["verdict"], after["verdict"]) == ("supported", "cannot tell")


def test_cedar_falls_to_the_crown_on_the_third_of_may(case):
    told = verdict(case, "V01")
    assert told["verdict"] == "supported"
    assert told["found"]["best"] == "2031-05-03"
    assert "c7" in told["claimant_only"]
    assert "c7" not in told["for"]


def test_when_the_decisive_reports_are_withdrawn_the_verdict_falls(case, valley):
    text = (valley / "reports.csv").read_text()
    kept = [line for line in text.splitlines() if not line.startswith(("c2,", "c3,", "c4,", "c5,", "c6,"))]
    (valley / "reports.csv").write_text("\n".join(kept) + "\n")
    told = verdict(zenobia.open(valley), "V01")
    assert told["verdict"] == "cannot tell"
    assert told["claimant_only"] == ["c7"]


def test_what_no_record_can_test_is_said_to_be_so(case):
    told = verdict(case, "V05")
    assert told["verdict"] == "cannot tell"
    assert "survey" in told["because"]


def test_elm_is_besieged_and_still_held(case):
    told = case.control("elm", on="2031-05-15")
    assert told.besieged_by == "guard"
    assert told.leader == "crown"


def test_fir_was_spoken_of_once_by_one_side(case):
    told = case.control("fir", on="2031-03-01")
    assert told.voices == 1
