"""The claimant says a great deal more: whatever it is, and whoever passes it on, no verdict moves by it."""

import csv

import pytest

from zenobia.pipeline import open_case

# What would turn each of the valley's verdicts over if anybody else said it, on days enough to be believed.
TURNS = {
    # V01, the Crown took Cedar on 3 May: the League holds it well after, and loses it on 25 May.
    "V01": [("cedar", "league", "holds", f"2031-05-{day:02}") for day in (5, 8, 12, 16, 20, 24)]
    + [("cedar", "crown", "takes", "2031-05-25")],
    # V02, the Crown had Birchen back by late March: it holds it round that day.
    "V02": [("birchen", "crown", "holds", f"2031-03-{day:02}") for day in (20, 21, 23, 24, 25, 26, 27)],
    # V03, the League held Birchen for about three months: it loses it a fortnight after it took it.
    "V03": [("birchen", "crown", "takes", "2031-03-01")]
    + [("birchen", "crown", "holds", day) for day in ("2031-03-08", "2031-03-22", "2031-04-10", "2031-05-18")],
    # V04, most strikes did not hit the Guard: no place that was hit was the Guard's.
    "V04": [("elm", "crown", "holds", f"2031-06-{day:02}") for day in (2, 5, 8, 10, 12)]
    + [("dorn", "crown", "holds", f"2031-05-{day:02}") for day in (6, 8, 10, 12, 14)],
}
OTHERS = [
    {"source": "monitor", "origin": ""},
    {"source": "border-wire", "origin": ""},
    {"source": "league-press", "origin": ""},
]
# By the claimant, by a wire that has it from the claimant, or in the document that makes the claim.
CLAIMANTS = {
    "the claimant": [{"source": "analyst", "origin": ""}],
    "those who pass the claimant on": [{"source": voice["source"], "origin": "analyst"} for voice in OTHERS],
    "the document of the claim": [{**voice, "document": "essay"} for voice in OTHERS],
}


def verdict_after(folder, claim, voices):
    """The verdict on a claim once some voices have said what would turn it over."""
    with (folder / "reports.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with (folder / "reports.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        for nth, voice in enumerate(voices):
            for more, (place, holder, status, day) in enumerate(TURNS[claim]):
                # Said on the day of the claim, or on the day itself where that is later.
                said = {"place": place, "holder": holder, "status": status, "date": day}
                kind, published = ("capture" if status == "takes" else "control"), max(day, "2031-05-10")
                rows.writerow({**said, **voice, "id": f"x{nth}-{more}", "type": kind, "published": published})
    case = open_case(folder)
    assert case.build().rejected == ()
    return only(case.check([claim]))


def only(result):
    (claim,) = result["claims"]
    return claim


@pytest.mark.parametrize("claim", TURNS)
def test_what_would_turn_a_verdict_over_does_so_if_others_say_it(valley, claim):
    before = only(open_case(valley).check([claim]))["verdict"]
    assert verdict_after(valley, claim, OTHERS)["verdict"] != before


@pytest.mark.parametrize("voices", CLAIMANTS)
@pytest.mark.parametrize("claim", TURNS)
def test_the_same_said_by_the_claimant_moves_nothing(valley, claim, voices):
    before = only(open_case(valley).check([claim]))
    after = verdict_after(valley, claim, CLAIMANTS[voices])
    for told in ("verdict", "found", "for", "against"):
        assert after[told] == before[told]


@pytest.mark.parametrize("claim", TURNS)
def test_what_the_claimant_said_is_listed_apart(valley, claim):
    before = set(only(open_case(valley).check([claim]))["claimant_only"])
    after = set(verdict_after(valley, claim, CLAIMANTS["the claimant"])["claimant_only"])
    assert before <= after
    assert claim == "V04" or after - before  # a share counts strikes; what is said of holders is not one
