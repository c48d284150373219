"""A claim is put at the end of a file as data: it reads back as it is, and what stood there stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia import claims
from zenobia.claims import appended, claim_text, drafted
from zenobia.measures import question
from zenobia.terms import InputError

HELD = question({"measure": "held", "place": "alder", "holder": "crown", "on": "2031-02-01"})
FIRST = "# By hand.\n- id: V1\n  says: One.   # a remark\n  ask: null\n  settles: More.\n"


def draft(**about):
    return drafted({"id": "V2", "says": "The Crown held Alder.", "expect": "> 0.5", **about}, HELD)


def read_back(text):
    return claims.load(text)[-1]


def test_a_claim_is_written_in_the_order_in_which_people_write_them():
    assert claim_text(draft(by="writer", on="2031-05")) == (
        "- id: V2\n"
        "  says: \"The Crown held Alder.\"\n"
        "  by: writer\n"
        "  on: 2031-05-01\n"
        "  ask: {measure: held, place: alder, holder: crown, on: 2031-02-01}\n"
        '  expect: "> 0.5"\n'
    )  # fmt: skip


def test_a_long_question_stands_on_several_lines():
    wide = question(
        {
            "measure": "share",
            "of": {"type": "air-strike", "actor": ["empire", "crown"], "from": "2031-02-01", "to": "2031-03-01"},
            "where": {"admin1": ["North", "South"], "within_km": {"of": "alder", "km": 12.5}},
            "sources": {"stands_with_not": ["crown", "empire"]},
        }
    )
    raw = drafted({"id": "V2", "says": "Most.", "expect": "> 0.5"}, wide)
    text = claim_text(raw)
    assert max(map(len, text.splitlines())) <= 100
    assert read_back(text).posed()[0].question == wide


def test_what_stood_in_the_file_stays_to_the_letter():
    made = appended({"claims.yaml": FIRST}, "claims.yaml", draft())
    assert made.startswith(FIRST + "\n- id: V2\n")


@pytest.mark.parametrize(
    "before",
    ["", "# nothing yet\n", FIRST.rstrip("\n"), FIRST.replace("\n", "\r\n"), FIRST.replace("\n", "\n  ").rstrip(" ")],
    ids=["no file", "remarks alone", "no last newline", "windows", "entries set in"],
)
def test_a_claim_goes_after_whatever_is_there(before):
    made = appended({"claims.yaml": before} if before else {}, "claims.yaml", draft())
    assert read_back(made).says == "The Crown held Alder."
    assert made.startswith(before)


def test_the_ends_of_lines_are_those_of_the_file():
    made = appended({"claims.yaml": FIRST.replace("\n", "\r\n")}, "claims.yaml", draft())
    assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize("before", ["[{id: V1, says: One, ask: null, settles: More.}]\n", FIRST + "...\n"])
def test_a_file_that_cannot_be_added_to_is_refused_and_left(before):
    with pytest.raises(InputError):
        appended({"claims.yaml": before}, "claims.yaml", draft())


def test_an_id_that_another_file_has_is_refused():
    with pytest.raises(InputError, match="two claims with one id"):
        appended({"claims/a.yaml": FIRST.replace("V1", "V2")}, "claims.yaml", draft())


@pytest.mark.parametrize("key", ["id", "says", "expect"])
def test_a_key_that_is_missing_is_named(key):
    with pytest.raises(InputError, match=f"key `{key}` is missing"):
        draft(**{key: None})


def test_what_no_record_can_test_says_what_would_settle_it():
    raw = drafted({"id": "V2", "says": "Peace is near.", "settles": "Minutes."}, None)
    assert claim_text(raw) == '- id: V2\n  says: "Peace is near."\n  ask: null\n  settles: "Minutes."\n'
    with pytest.raises(InputError, match="nothing is asked"):
        drafted({"id": "V2", "says": "Peace is near."}, None)


HOSTILE = [
    "- id: V9\n  says: injected\n  ask: null",
    'He said "no" and \\ left',
    "a: b, {c: [d]} # e",
    "!!python/object/apply:os.system [ls]",
    "&anchor *alias",
    "~",
    "null",
    "No",
    "2031",
    "1e3",
    "2031-05-01",
    "%YAML 1.1",
    "--- \n...\n",
    "\u202ebackwards\u202c \x1b[31m \x00 \x85 \u2028 \ufeff",
    "تدمر 🏛",
    " both ends ",
    "'",
    "|",
]


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_words(said):
    made = appended({"claims.yaml": FIRST}, "claims.yaml", draft(says=said, note=said))
    assert len(claims.load(made)) == 2
    assert (read_back(made).says, read_back(made).note) == (said, said)


def test_what_is_no_text_is_refused():
    with pytest.raises(InputError, match="half of a character"):
        claim_text(draft(says="\ud800"))


@given(st.text(min_size=1).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_any_text_reads_back_as_it_was(said):
    assert read_back(claim_text(draft(says=said))).says == said
