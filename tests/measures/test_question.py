"""Questions: what people write, checked and put in one form."""

import pytest

from zenobia import measures
from zenobia.terms import InputError

SHARE = {"measure": "share", "of": {"type": "air-strike", "actor": "empire"}, "where": {"not": "guard"}}


def test_a_question_is_shown_as_it_was_written():
    asked = measures.question({**SHARE, "unit": "location"}).asked()
    assert asked == {**SHARE, "unit": "location"}


def test_two_questions_that_ask_the_same_are_one_whatever_the_order_of_their_keys():
    one = measures.question(SHARE)
    other = measures.question(dict(reversed(SHARE.items())))
    assert one == other
    assert hash(one) == hash(other)
    assert one.canonical() == other.canonical()


def test_a_word_and_a_list_of_that_word_are_the_same():
    listed = {**SHARE, "of": {"type": ["air-strike"], "actor": ["empire"]}}
    assert measures.question(listed) == measures.question(SHARE)


def test_a_question_with_the_claimant_set_apart_is_another_question():
    asked = measures.question(SHARE)
    apart = asked.model_copy(update={"apart": measures.Apart(sources=("writer",))})
    assert apart.canonical() != asked.canonical()
    assert apart.asked() == asked.asked()


@pytest.mark.parametrize(
    ("raw", "said", "fix"),
    [
        ({**SHARE, "of": {"tipe": "air-strike"}}, "unknown key `of.tipe`", "type"),
        ({**SHARE, "of": {"type": "airstrike"}}, "unknown word", "air-strike"),
        ({**SHARE, "unit": "raids"}, "unknown word", "raid"),
        ({**SHARE, "where": {"not": "guard", "is": "crown"}}, "more than one of is, not, any_of", "keep one"),
        ({**SHARE, "where": {"target": "held_by"}}, "names neither holders nor ground", ""),
        ({"measure": "share", "of": {"type": "air-strike"}}, "`where` is missing", "where"),
        ({"measure": "shar"}, "no such measure", "share"),
        ({}, "missing", "name one of these measures"),
        ({"measure": "held", "place": "alder"}, "neither one form of the question", "keep the keys of one form"),
        (
            {"measure": "duration", "place": "a", "holder": "b", "from": "2031-02-01", "to": "2031-01-01"},
            "ends before it begins",
            "",
        ),
        ({"measure": "held", "place": "a", "holder": "b", "on": "27 March"}, "not a date", ""),
        ({**SHARE, "apart": {"sources": ["writer"]}}, "unknown key `apart`", ""),
    ],
)
def test_what_is_wrong_is_said_plainly(raw, said, fix):
    with pytest.raises(InputError) as wrong:
        measures.question(raw, file="claims.yaml", of="claim C1")
    assert "claims.yaml" in str(wrong.value)
    assert "claim C1" in str(wrong.value)
    assert said in str(wrong.value)
    assert fix in (wrong.value.fix or "")


def test_an_unknown_measure_is_answered_with_those_that_exist():
    with pytest.raises(InputError, match=", ".join(sorted(measures.MEASURES))):
        measures.question({"measure": "average"})


def test_keys_that_belong_one_level_down_may_stand_at_the_top():
    short = {"measure": "share", "type": "air-strike", "actor": "empire", "not": "guard", "target": "as_stated"}
    long = {**SHARE, "where": {"not": "guard", "target": "as_stated"}}
    assert measures.question(short) == measures.question(long)


def test_a_variation_replaces_what_it_names_and_null_drops():
    patched = measures.merged({**SHARE, "unit": "location"}, {"unit": None, "of": {"actor": None, "from": "2031-02"}})
    assert patched == {**SHARE, "of": {"type": "air-strike", "from": "2031-02"}}


def test_naming_the_holders_anew_drops_how_they_were_named():
    assert measures.merged(SHARE, {"where": {"any_of": ["crown"]}})["where"] == {"any_of": ["crown"]}


def test_ground_beside_holders_keeps_the_holders():
    patched = measures.merged(SHARE, {"where": {"admin1": ["North"]}})
    assert patched["where"] == {"not": "guard", "admin1": ["North"]}


def test_the_command_line_asks_in_words():
    words = ["of.type=air-strike", "of.actor=empire", "where.any_of=crown,league", "where.target=as_stated"]
    asked = measures.ask_from_words("share", words)
    assert asked.asked()["where"] == {"target": "as_stated", "any_of": ["crown", "league"]}


@pytest.mark.parametrize("word", ["place", "=alder", "place="])
def test_a_word_that_is_not_key_and_value_is_refused(word):
    with pytest.raises(InputError, match="not key=value"):
        measures.ask_from_words("held", [word])


def test_a_key_cannot_hold_a_value_and_keys():
    with pytest.raises(InputError, match="both a value and keys"):
        measures.ask_from_words("count", ["of=x", "of.type=battle"])
