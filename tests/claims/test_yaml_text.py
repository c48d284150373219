"""Reading YAML: words stay words, lines are known, and nothing clever gets in."""

import pytest

from zenobia.claims.yaml_text import read_yaml
from zenobia.terms import InputError


def read(text):
    return read_yaml(text, "claims.yaml")


def test_words_dates_and_keys_stay_what_they_were_written_as():
    told = read("on: 2016-03-29\nno: yes\nat: 010\nnot: isis\nask: null\nsixty: 1:00\n")
    assert told == {"on": "2016-03-29", "no": "yes", "at": "010", "not": "isis", "ask": None, "sixty": "1:00"}


def test_plain_numbers_are_numbers():
    assert read("[1, -2, 0.5, true, ~]") == [1, -2, 0.5, True, None]


def test_a_mapping_knows_its_line():
    assert [claim.line for claim in read("# a comment\n- id: A\n- id: B\n  says: b\n")] == [2, 3]


def test_an_empty_file_holds_nothing():
    assert read("") is None
    assert read("# nothing yet\n") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "line 1: an anchor or alias"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: a tag"),
        ("a: !include other.yaml\n", "line 1: a tag"),
        ("id: A\nid: B\n", "line 2: the key `id` twice"),
        ("? [1, 2]\n: x\n", "a key that is not a word"),
        ("a: [1, 2\nb: 3\n", "this is not YAML"),
        ("a: 'unclosed\n", "this is not YAML"),
        ("a:\n\t- b\n", "this is not YAML"),
        ("a: 1\n---\nb: 2\n", "this is not YAML"),
        ("[" * 60 + "]" * 60, "more values, or deeper ones"),
    ],
)
def test_what_no_honest_file_needs_is_refused_with_its_line(text, said):
    with pytest.raises(InputError) as wrong:
        read(text)
    assert "claims.yaml" in str(wrong.value)
    assert said in str(wrong.value)


def test_a_bomb_of_aliases_is_refused_at_once():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    with pytest.raises(InputError, match="anchor or alias"):
        read("\n".join(lines))


def test_a_flood_of_values_or_letters_is_refused():
    with pytest.raises(InputError, match="more values"):
        read("[" + "1," * 300_000 + "1]")
    with pytest.raises(InputError, match="too large"):
        read("a: " + "x" * 3_000_000)


def test_depth_beyond_any_stack_is_refused_and_does_not_break_anything():
    with pytest.raises(InputError):
        read("[" * 100_000)
