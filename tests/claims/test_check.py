"""check: verdicts, what is set apart, what flips them, then beside now."""

import json
from dataclasses import replace

import pytest

from tests.measures.by_hand import SOURCES, STRIKE_FRAME, Believed, Change, day, held, report, strike, view_of
from zenobia import claims
from zenobia.claims import check, check_json, together
from zenobia.measures import Prepared
from zenobia.record import table_of
from zenobia.terms import Document, InputError, Source, day_number

RAIDS = {
    "measure": "count",
    "of": {"type": "air-strike", "actor": "empire", "place": "alder", "from": "2031-02-01", "to": "2031-02-15"},
    "unit": "raid",
}
SHARE = {
    "measure": "share",
    "of": {"type": "air-strike", "actor": "empire", "from": "2031-02-01", "to": "2031-03-01"},
    "where": {"not": "guard"},
}


def claim(ask, expect=None, **keys):
    (made,) = claims.parse(
        [{"id": "C1", "says": "It was so.", "by": "writer", "document": "essay", "ask": ask, "expect": expect, **keys}]
    )
    return made


def raids(id, low, source="wire", **fields):
    return strike(id, "2031-02-01", until="2031-02-15", unit="raid", count_low=low, source=source, **fields)


def nothing(view, needs):
    raise AssertionError("this question needs no estimate")


def believing(prepared):
    return lambda view, needs: prepared


def word(made, view, prepare=nothing, then=None):
    return check(made, view, then, prepare).verdict


def test_two_voices_that_reach_it_support_it():
    view = view_of(raids("a", 950), raids("b", 920, "monitor"))
    verdict = check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()
    assert verdict["verdict"] == "supported"
    assert verdict["for"] == ["a", "b"]
    assert verdict["because"] == (
        "Of air strikes by the Empire at Alder, Valley Monitor counts at least 920 raids"
        " and Border Wire counts at least 950 raids, and two independent voices reach 920;"
        " the claim needs at least 900 raids, which is met."
    )


def test_the_claimants_word_alone_cannot_tell():
    view = view_of(raids("a", 950, "writer"), raids("b", 950, "gazette", origin="writer"))
    verdict = check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()
    assert verdict["verdict"] == "cannot tell"
    assert verdict["because"].startswith("Nobody but the claimant ")
    assert verdict["claimant_only"] == ["a", "b"]
    assert verdict["for"] == []
    assert verdict["found"] is None


def test_what_a_document_that_makes_the_claim_passes_on_is_no_evidence_for_it():
    view = view_of(raids("a", 950, "monitor", document="essay"))
    assert check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()["claimant_only"] == ["a"]


def test_what_copies_the_claimant_is_the_claimants_word_however_many_steps_away():
    more = (
        Source(id="echo", name="E", copies_from=("writer",)),
        Source(id="far", name="F", copies_from=("echo", "wire")),
    )
    view = view_of(raids("a", 950, "echo"), raids("b", 950, "far"), raids("c", 950), sources=(*SOURCES, *more))
    verdict = check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()
    assert (verdict["verdict"], verdict["claimant_only"]) == ("cannot tell", ["a", "b"])


def test_a_translation_of_the_document_that_claims_is_no_evidence_for_it():
    view = view_of(raids("a", 950, document="essay-fr"), raids("b", 950, "monitor", document="note"))
    documents = [Document(id="essay"), Document(id="essay-fr", translation_of="essay"), Document(id="note")]
    view = replace(view, tables={**view.tables, "documents": table_of(Document, documents)})
    assert check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()["claimant_only"] == ["a"]


def test_a_party_speaks_through_the_outlets_of_what_is_part_of_it():
    more = Source(id="militia-radio", name="M", stands_with="crown-militia")
    view = view_of(raids("a", 950, "militia-radio"), raids("b", 950), sources=(*SOURCES, more))
    assert check(claim(RAIDS, ">= 900", by="crown"), view, None, nothing).main.claimant_only == ("a",)


def test_two_rules_that_hear_the_same_reports_are_tried_once():
    view = view_of(raids("a", 950), raids("b", 920, "league-press"))
    plain = check(claim(RAIDS, ">= 900"), view, None, nothing)
    also = [{"sources": {"stands_with_not": ["league"]}}, {"sources": {"without": ["league-press", "lexicon"]}}]
    assert check(claim(RAIDS, ">= 900", also=also), view, None, nothing).tried == plain.tried


@pytest.mark.parametrize(
    ("expect", "for_", "against"),
    [
        (">= 0.4", ["a"], ["c"]),
        ("= 0", ["c"], ["a"]),
        ("0..0.4", ["c"], ["a"]),
        ("0.1..0.4", ["c"], ["a"]),  # one of two is too many
        ("0.6..0.9", ["a"], ["c"]),  # and too few
        ("0.4..0.6", [], []),
    ],
)
def test_what_adds_to_a_figure_speaks_for_much_and_against_little(expect, for_, against):
    rows = [strike("a", "2031-02-01", source="strikes"), strike("c", "2031-02-02", "cedar", source="strikes")]
    prepare = believing(held(alder={"crown": 1.0}, cedar={"guard": 1.0}))
    told = check(claim(SHARE, expect), view_of(*rows, frames=(STRIKE_FRAME,)), None, prepare).to_json()
    assert (told["for"], told["against"]) == (for_, against)


def test_a_claimant_that_is_a_party_speaks_through_its_own_sources():
    view = view_of(raids("a", 950, "empire-staff"), raids("b", 950))
    verdict = check(claim(RAIDS, ">= 900", by="empire"), view, None, nothing)
    assert verdict.main.claimant_only == ("a",)


@pytest.mark.parametrize("more", [0, 1, 5])
def test_the_claimant_never_decides_however_often_it_says_it(more):
    others = [raids("b", 100), raids("c", 120, "monitor")]
    own = [raids(f"w{n}", 5000, "writer") for n in range(more)]
    assert word(claim(RAIDS, ">= 900"), view_of(*others, *own)) == "cannot tell"
    assert word(claim(RAIDS, ">= 100"), view_of(*others, *own)) == "supported"


def test_withdrawing_what_decides_moves_the_verdict():
    decisive = [raids("a", 950), raids("b", 920, "monitor")]
    assert word(claim(RAIDS, ">= 900"), view_of(*decisive)) == "supported"
    for left in decisive:
        rest = [r for r in decisive if r is not left]
        assert word(claim(RAIDS, ">= 900"), view_of(*rest)) == "cannot tell"


def test_without_a_list_a_share_cannot_be_told_and_the_list_is_named():
    view = view_of(strike("a", "2031-02-02"))
    verdict = check(claim(SHARE, "> 0.5"), view, None, believing(held(alder={"crown": 1.0}))).to_json()
    assert verdict["verdict"] == "cannot tell"
    assert "a list of air strikes counted in incidents" in verdict["because"]
    assert verdict["found"] is None


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["supported"], "supported"),
        (["supported", "supported"], "supported"),
        (["contradicted", "contradicted"], "contradicted"),
        (["supported", "contradicted"], "partly"),
        (["supported", "contradicted", "cannot tell"], "partly"),
        (["supported", "cannot tell"], "cannot tell"),
        (["contradicted", "cannot tell"], "cannot tell"),
    ],
)
def test_things_said_in_one_breath_are_judged_together(words, verdict):
    assert together(words) == verdict


def test_a_part_that_fails_beside_one_that_holds_gives_partly():
    listed = [strike(f"a{n}", f"2031-02-0{n}", source="strikes") for n in (1, 2, 3)]
    south = strike("c", "2031-02-04", "cedar", source="strikes")
    made = claim(
        SHARE, "> 0.5", parts=[{"where": {"admin1": ["South"]}, "expect": "> 0.5", "says": "Most in the south."}]
    )
    prepare = believing(held(alder={"crown": 1.0}, cedar={"crown": 1.0}))
    verdict = check(made, view_of(*listed, south, frames=(STRIKE_FRAME,)), None, prepare).to_json()
    assert verdict["verdict"] == "partly"
    (part,) = verdict["parts"]
    # One of four fell in the south.
    assert (part["verdict"], part["found"]["best"]) == ("contradicted", 0.25)
    assert verdict["because"].startswith("1 of the 2 things said holds, 1 does not: ")


def test_a_declared_variation_that_changes_the_verdict_is_a_flip():
    total = strike("t", "2031-02-01", None, until="2031-03-01", source="gazette", unit="location", count=10)
    part = strike(
        "p",
        "2031-02-01",
        None,
        until="2031-03-01",
        source="gazette",
        unit="location",
        count=9,
        part_of="t",
        holder="guard",
    )
    view = view_of(strike("a", "2031-02-02", source="strikes"), total, part, frames=(STRIKE_FRAME,))
    made = claim(SHARE, "> 0.5", also=[{"unit": "location"}])
    verdict = check(made, view, None, believing(held(alder={"crown": 1.0}))).to_json()
    assert verdict["verdict"] == "supported"
    flips = {f["change"]: f for f in verdict["flips"]}
    assert flips["unit=location"]["verdict"] == "contradicted"
    assert flips["unit=location"]["found"]["best"] == 0.1
    assert verdict["tried"] >= len(verdict["flips"])


def test_a_variation_that_is_declared_and_automatic_is_tried_once():
    view = view_of(raids("a", 950), raids("b", 920, "monitor"))
    plain = check(claim(RAIDS, ">= 900"), view, None, nothing)
    declared = check(claim(RAIDS, ">= 900", also=[{"precision": "exact"}]), view, None, nothing)
    assert declared.tried == plain.tried


def test_leaving_out_a_bloc_that_decides_is_a_flip():
    view = view_of(raids("a", 950), raids("b", 920, "league-press"))
    verdict = check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()
    changes = [f["change"] for f in verdict["flips"]]
    assert "without sources on the side of the League" in changes
    assert "without sources that stand with no side" in changes
    assert "without sources on the side of the Crown" not in changes


def test_flips_come_the_smallest_exchange_of_evidence_first():
    view = view_of(raids("a", 950), raids("b", 920, "league-press"), raids("c", 100, "monitor"))
    changes = [f["change"] for f in check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()["flips"]]
    # Without the League one of three reports goes; without those on no side two.
    assert changes == ["without sources on the side of the League", "without sources that stand with no side"]


def test_then_stands_beside_now_and_what_came_later_changes_no_view_before_it():
    early, late = raids("a", 950, published="2031-02-20"), raids("b", 920, "monitor", published="2031-06-01")
    made = claim(RAIDS, ">= 900", on="2031-03-01")
    then = view_of(early, late, known=day("2031-03-01"))
    verdict = check(made, view_of(early, late), then, nothing).to_json()
    assert verdict["verdict"] == "supported"
    assert verdict["then"]["known"] == "2031-03-01"
    assert verdict["then"]["verdict"] == "cannot tell"
    assert verdict["flips"][0]["change"] == "known=2031-03-01"
    alone = check(made, view_of(early, late), view_of(early, known=day("2031-03-01")), nothing).to_json()
    assert alone["then"] == verdict["then"]


CHANGE = {
    "measure": "held",
    "place": "alder",
    "change": {"from": "league", "to": "crown"},
    "from": "2031-01-15",
    "to": "2031-03-15",
}


def taken(chance):
    days = (day_number(day("2031-02-10")),) * 3 if chance > 0 else (None,) * 3
    return believing(
        Prepared(control=Believed({"alder": [("2000-01-01", {"league": 1.0})]}, changed=Change(chance, *days)))
    )


@pytest.mark.parametrize(("chance", "verdict"), [(0.97, "supported"), (0.6, "cannot tell"), (0.05, "contradicted")])
def test_a_day_is_judged_only_where_the_change_surely_happened(chance, verdict):
    took = report("a", "2031-02-10", "capture", place="alder", holder="crown", status="takes")
    kept = report("k", "2031-03-01", "control", place="alder", holder="league", status="holds", source="monitor")
    assert word(claim(CHANGE, "2031-02-09..2031-02-11"), view_of(took, kept), taken(chance)) == verdict


def control_said(id, when, holder, source="monitor"):
    return report(id, when, "control", place="alder", holder=holder, status="holds", source=source)


def test_silence_denies_no_change():
    silent = view_of(control_said("january", "2031-01-01", "league"))
    verdict = check(claim(CHANGE, "2031-02-09..2031-02-11"), silent, None, taken(0.02)).to_json()
    assert verdict["verdict"] == "cannot tell"
    assert "silence denies nothing" in verdict["because"]


@pytest.mark.parametrize(
    ("denial", "verdict"),
    [
        (control_said("k", "2031-03-01", "league"), "contradicted"),  # it was still the League's
        (control_said("k", "2031-01-10", "crown"), "contradicted"),  # it was the Crown's before
        (control_said("k", "2031-03-01", "guard"), "contradicted"),  # it was somebody else's
        (control_said("k", "2031-03-01", "league", "league-press"), "cannot tell"),  # the side that gains says so
        (control_said("k", "2031-01-10", "league"), "cannot tell"),  # before the window: says nothing of it
    ],
)
def test_a_change_is_denied_only_by_somebody_who_says_otherwise(denial, verdict):
    told = check(claim(CHANGE, "2031-02-09..2031-02-11"), view_of(denial), None, taken(0.02)).to_json()
    assert told["verdict"] == verdict
    assert told["for"] == []
    assert told["against"] == ([] if "2031-01-10" in str(denial.date) and denial.holder == "league" else ["k"])


def test_reports_that_date_it_otherwise_are_against():
    reports = [
        report("a", "2031-02-10", "capture", place="alder", holder="crown", status="takes"),
        report("b", "2031-02-14", "capture", place="alder", holder="crown", status="takes", source="monitor"),
    ]
    verdict = check(claim(CHANGE, "2031-02-09..2031-02-11"), view_of(*reports), None, taken(0.97)).to_json()
    assert (verdict["for"], verdict["against"]) == (["a"], ["b"])


def test_a_claim_for_little_turns_the_sides_round():
    listed = [strike("a", "2031-02-01", source="strikes"), strike("c", "2031-02-02", "cedar", source="strikes")]
    prepare = believing(held(alder={"crown": 1.0}, cedar={"guard": 1.0}))
    verdict = check(claim(SHARE, "<= 0.5"), view_of(*listed, frames=(STRIKE_FRAME,)), None, prepare).to_json()
    assert (verdict["for"], verdict["against"]) == (["c"], ["a"])


def test_the_place_of_the_claimant_alone_is_no_basis():
    view = view_of(report("w", "2031-02-10", "control", place="alder", holder="crown", status="holds", source="writer"))
    ask = {"measure": "held", "place": "alder", "holder": "crown", "on": "2031-02-10"}

    def prepare(view, needs):
        return held() if "writer" in needs.without_sources else held(alder={"crown": 0.9})

    verdict = check(claim(ask, "> 0.5"), view, None, prepare).to_json()
    assert verdict["verdict"] == "cannot tell"
    assert verdict["because"].startswith("Claimant only: no independent report says who held Alder")
    assert verdict["claimant_only"] == ["w"]


def test_what_cannot_be_tested_says_what_would_settle_it():
    made = claim(None, settles="Minutes of the talks.")
    verdict = check(made, view_of(), view_of(known=day("2031-03-01")), nothing).to_json()
    assert (verdict["verdict"], verdict["found"], verdict["tried"]) == ("cannot tell", None, 0)
    assert verdict["because"].endswith("Minutes of the talks.")
    assert verdict["then"]["verdict"] == "cannot tell"


def test_a_name_that_the_record_does_not_hold_is_refused_with_the_claim():
    with pytest.raises(InputError, match="claim C1: no actor 'empyre'"):
        check(claim({**RAIDS, "of": {"type": "air-strike", "actor": "empyre"}}, "> 1"), view_of(), None, nothing)


def test_the_json_is_that_of_the_interface():
    view = view_of(raids("a", 950), raids("b", 920, "monitor"))
    told = check_json(
        view, [check(claim(RAIDS, ">= 900", on="2031-06-01"), view, view_of(known=day("2031-06-01")), nothing)]
    )
    assert set(told) == {"case", "known", "record", "claims"}
    (entry,) = told["claims"]
    assert {
        "id", "verdict", "says", "by", "on", "asked", "found", "because", "for", "against", "claimant_only",
        "parts", "then", "tried", "flips", "method",
    } <= set(entry)  # fmt: skip
    assert {"threshold", "draws", "seed"} <= set(entry["method"])
    assert entry["method"]["threshold"] == ">= 900"
    assert set(entry["found"]) == {"low", "best", "high", "unit", "meaning"}
    assert (
        entry["asked"]
        == "raids counted in air strikes by the Empire at Alder between 1 February 2031 and 14 February 2031"
    )
    json.dumps(told)


def test_an_answer_that_was_kept_is_not_worked_out_again():
    view, kept = view_of(raids("a", 950), raids("b", 920, "monitor")), {}
    first = check(claim(RAIDS, ">= 900"), view, None, nothing, kept=kept).to_json()
    size = len(kept)
    assert size > 0
    assert check(claim(RAIDS, ">= 900"), view, None, nothing, kept=kept).to_json() == first
    assert len(kept) == size


def test_what_is_asked_beside_is_shown_and_moves_no_verdict():
    view = view_of(raids("a", 950), raids("b", 920, "monitor"), strike("c", "2031-02-03", unit="sortie", count=7))
    alone = check(claim(RAIDS, ">= 900"), view, None, nothing).to_json()
    beside = [{"says": "Sorties, by the wire.", "unit": "sortie", "sources": {"only": ["wire"]}}, {"unit": "munition"}]
    told = check(claim(RAIDS, ">= 900", beside=beside), view, None, nothing).to_json()
    assert {key: told[key] for key in ("verdict", "found", "because", "for", "against", "tried", "flips")} == {
        key: alone[key] for key in ("verdict", "found", "because", "for", "against", "tried", "flips")
    }
    sorties, munitions = told["beside"]
    assert (sorties["says"], sorties["found"]["low"], sorties["evidence"]) == ("Sorties, by the wire.", 7, ["c"])
    assert munitions["found"] is None
    assert "No report counts munitions" in munitions["because"] or "no report counts munitions" in munitions["because"]


def test_a_fault_in_what_is_asked_beside_is_found_when_the_file_is_read():
    with pytest.raises(InputError, match="claim C1, beside 1"):
        claim(RAIDS, ">= 900", beside=[{"unitt": "sortie"}])
