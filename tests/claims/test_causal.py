"""What a record shows is an order; a claim of cause is never more than partly supported."""

import pytest

from tests.claims.test_check import RAIDS, SHARE, believing, claim, nothing, raids
from tests.measures.by_hand import STRIKE_FRAME, held, strike, view_of
from zenobia import claims
from zenobia.claims import check
from zenobia.terms import InputError

REACHED = (raids("a", 950), raids("b", 920, "monitor"))


def told(*reports, **keys):
    return check(claim(RAIDS, ">= 900", **keys), view_of(*reports), None, nothing).to_json()


def test_a_causal_claim_whose_every_figure_meets_it_holds_in_part_only():
    assert told(*REACHED)["verdict"] == "supported"
    assert told(*REACHED, causal=True)["verdict"] == "partly"


def test_it_says_that_order_is_not_cause():
    assert "which is met; order is not cause" in told(*REACHED, causal=True)["because"]


def test_a_causal_claim_that_fails_fails():
    assert told(*REACHED, causal=True, parts=[{"expect": ">= 5000"}])["verdict"] == "cannot tell"
    assert "order is not cause" not in told(raids("a", 10), causal=True)["because"]


def test_all_that_is_said_in_one_breath_is_capped_once():
    verdict = told(*REACHED, causal=True, parts=[{"says": "At least 800.", "expect": ">= 800"}])
    assert verdict["verdict"] == "partly"
    assert [part["verdict"] for part in verdict["parts"]] == ["supported"]
    assert verdict["because"].startswith("Both things said hold")


def test_no_variation_of_a_causal_claim_flips_it_to_supported():
    verdict = told(*REACHED, causal=True, also=[{"of": {"place": None}}])
    assert all(flip["verdict"] != "supported" for flip in verdict["flips"])


def test_whether_it_is_causal_stands_in_the_answer():
    assert (told(*REACHED)["causal"], told(*REACHED, causal=True)["causal"]) == (False, True)


def test_causal_is_true_or_false_and_no_word():
    with pytest.raises(InputError, match="key `causal`"):
        claim(RAIDS, ">= 900", causal="maybe")


TWO = """
- {id: C1, says: It was so., ask: null, settles: More., beside_claims: [C2]}
- {id: C2, says: It was not., ask: null, settles: More.}
"""


def test_claims_about_one_thing_name_each_other():
    first, second = claims.load_all({"claims.yaml": TWO})
    assert (first.beside_claims, second.beside_claims) == (("C2",), ())


def test_claims_of_two_files_may_stand_side_by_side():
    one, other = (f"- {line}" for line in TWO.strip().split("- ")[1:])
    assert len(claims.load_all({"a.yaml": one, "b.yaml": other})) == 2


@pytest.mark.parametrize(
    ("named", "message"),
    [("second-clam", "no such claim.*did you mean .second-claim."), ("C1", "itself")],
)
def test_a_claim_beside_one_that_there_is_not_is_refused(named, message):
    with pytest.raises(InputError, match=f"(?s)claim C1, key `beside_claims`: {message}"):
        claims.load_all({"claims.yaml": TWO.replace("[C2]", f"[{named}]").replace("id: C2", "id: second-claim")})


def test_what_else_must_be_known_stands_in_the_reason_of_a_causal_claim():
    # The list's rule is such a thing: what it misses stands beside every share of it.
    strikes = [strike(f"s{n}", f"2031-02-0{n}", source="strikes") for n in (1, 2, 3)]
    view = view_of(*strikes, frames=(STRIKE_FRAME,))
    verdict = check(claim(SHARE, "> 0.5", causal=True), view, None, believing(held(alder={"crown": 1.0}))).to_json()
    note, *_ = verdict["method"]["notes"]
    assert "order is not cause, and beside it stands: " in verdict["because"]
    assert note.rstrip(".")[1:] in verdict["because"]
