"""claims.yaml: what may be written, and what is said where it is wrong."""

import pytest

from zenobia import claims
from zenobia.terms import InputError

WHOLE = """
- id: C12
  says: Most targets were not the Guard's.
  by: writer
  on: 2031-05-10
  document: essay
  at: paragraph 6
  ask:
    measure: share
    of: {type: air-strike, actor: empire, from: 2031-02-01, to: 2031-03-01}
    where: {target: held_by, not: guard}
    unit: location
  expect: "> 0.5"
  also:
    - {unit: incident}
    - {target: as_stated, sources: {stands_with_not: [crown]}}
    - name: February's first half
      of: {to: 2031-02-15}
  parts:
    - {says: In the north., where: {admin1: [North]}, expect: "> 0.6"}
"""


def test_a_claim_is_read_with_its_parts_and_variations():
    (claim,) = claims.load(WHOLE)
    main, part = claim.posed()
    assert main.question.asked()["where"] == {"not": "guard"}
    assert part.question.asked()["where"] == {"not": "guard", "admin1": "North"}
    assert (main.expect.text, part.expect.text) == ("> 0.5", "> 0.6")
    names = [variation.name for variation in claim.declared()]
    assert names == ["unit=incident", "target=as_stated, sources.stands_with_not=crown", "February's first half"]


def test_a_variation_is_laid_over_the_question_and_a_part_over_both():
    (claim,) = claims.load(WHOLE)
    main, part = claim.posed(claim.declared()[1].patch)
    for posed in (main, part):
        assert posed.question.where.target == "as_stated"
    assert part.question.where.admin1 == ("North",)


def test_of_a_variation_a_part_that_measures_something_else_takes_what_its_measure_knows():
    held = "measure: held, of: null, where: null, unit: null, place: ford, holder: crown, on: 2031-02-01"
    (claim,) = claims.load(WHOLE + f'    - {{{held}, expect: "> 0.9"}}\n')
    asked = claim.posed({"precision": "exact", "sources": {"stands_with_not": ["crown"]}})[2].question.asked()
    assert asked["measure"] == "held"
    assert "precision" not in asked
    assert asked["sources"] == {"stands_with_not": "crown"}


def test_a_part_without_its_own_expectation_has_that_of_the_claim():
    (claim,) = claims.load(WHOLE.replace(', expect: "> 0.6"', ""))
    assert claim.posed()[1].expect.text == "> 0.5"


def test_what_no_record_can_test_says_what_would_settle_it():
    (claim,) = claims.load("- id: C22\n  says: Peace is remote.\n  ask: null\n  settles: Minutes of the talks.\n")
    assert not claim.testable
    assert claim.posed() == ()


@pytest.mark.parametrize(
    ("change", "said", "fix"),
    [
        (("measure: share", "measure: shares"), "no such measure", "share"),
        (("actor: empire", "actr: empire"), "unknown key `of.actr`", "actor"),
        (("unit: location", "unit: locations"), "unknown word", "location"),
        (("says: Most", "say: Most"), "unknown key `say`", "says"),
        (('expect: "> 0.5"\n  also', "also"), "`expect` is missing", "expect"),
        (('expect: "> 0.5"\n  also', "expect: most\n  also"), "not an expectation", "> 0.5"),
        (("{unit: incident}", "{unit: incidents}"), "unknown word", "incident"),
        (("{admin1: [North]}", "{admin: [North]}"), "unknown key `where.admin`", "admin1"),
        (("on: 2031-05-10", "on: in May"), "not a date", ""),
        (("to: 2031-03-01", "to: 2030-03-01"), "ends before it begins", ""),
        (("  id: C12", "  id: C12\n  surprise: 1"), "unknown key `surprise`", "take the key out"),
    ],
)
def test_what_is_wrong_is_said_with_file_claim_line_and_cure(change, said, fix):
    text = WHOLE.replace("- id", "-\n  id") if change[0].startswith("  id") else WHOLE
    assert change[0] in text
    with pytest.raises(InputError) as wrong:
        claims.load(text.replace(*change), "claims/two.yaml")
    assert "claims/two.yaml" in str(wrong.value)
    assert "claim C12" in str(wrong.value)
    assert said in str(wrong.value)
    assert fix in (wrong.value.fix or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- id: A\n  says: x\n", "`ask` is missing"),
        ("- id: A\n  says: x\n  ask: null\n", "nothing is asked"),
        ("- id: A\n  says: x\n  ask: null\n  settles: y\n  expect: '> 1'\n", "nothing is asked"),
        ("id: A\n", "not a list of claims"),
        ("- just words\n", "not a list of claims"),
        ("- says: x\n  ask: null\n  settles: y\n", "`id` is missing"),
    ],
)
def test_a_claim_that_is_no_claim_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        claims.load(text)


def test_two_claims_of_one_id_are_refused_within_and_across_files():
    one = "- {id: A, says: x, ask: null, settles: y}\n"
    with pytest.raises(InputError, match="two claims with one id"):
        claims.load(one + one)
    with pytest.raises(InputError, match="two claims with one id"):
        claims.load_all({"claims.yaml": one, "claims/more.yaml": one})
    assert [c.id for c in claims.load_all({"claims.yaml": one, "b.yaml": one.replace("A", "B")})] == ["A", "B"]


def test_an_empty_file_has_no_claims():
    assert claims.load("") == ()
