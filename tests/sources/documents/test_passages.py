"""Words of a document are found again, by quote and by position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.sources.documents import find
from zenobia.sources.documents.text import shown
from zenobia.terms import NotFound

TEXT = "Crown troops took\nCedar on  3 May.\fThe League “melted away”, wrote the wire. Crown troops took Dorn."


def test_a_quote_is_found_letter_for_letter():
    passage = find(TEXT, "3 May", document="wire")
    assert (passage.document, passage.start, passage.end, passage.quote) == ("wire", 28, 33, "3 May")
    assert passage.prefix == TEXT[:28]
    assert passage.suffix == TEXT[33:65]
    assert passage.page == 1


def test_a_quote_is_found_whatever_white_space_parts_its_words():
    passage = find(TEXT, "took Cedar  on 3 May. The League")
    assert passage.quote == "took\nCedar on  3 May.\fThe League"
    assert TEXT[passage.start : passage.end] == passage.quote


def test_a_quote_is_found_with_other_quotation_marks():
    assert find(TEXT, 'League "melted away"').quote == "League “melted away”"


def test_words_that_stand_twice_are_told_apart_by_their_surroundings():
    first, second = TEXT.index("Crown"), TEXT.rindex("Crown")
    assert find(TEXT, "Crown troops took").start == first
    assert find(TEXT, "Crown troops took", suffix=" Dorn").start == second
    assert find(TEXT, "Crown troops took", prefix="the wire. ").start == second
    assert find(TEXT, "Crown troops took", near=80).start == second


def test_a_quote_after_a_page_end_is_on_the_next_page():
    assert find(TEXT, "melted").page == 2
    assert find("no pages", "pages").page is None


@pytest.mark.parametrize("quote", ["Elm", "", "  ", "crown troops"])
def test_words_that_do_not_stand_there_are_not_found(quote):
    with pytest.raises(NotFound, match="do not stand in the document"):
        find(TEXT, quote)


@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 60))
def test_any_stretch_of_a_working_copy_is_found_in_it(raw, start, length):
    text, _ = shown(raw)
    quote = text[start : start + length]
    if quote.strip():
        passage = find(text, quote, near=start)
        assert text[passage.start : passage.end] == passage.quote
        assert passage.quote == quote


@given(st.text(max_size=200))
def test_a_working_copy_is_in_its_final_form(raw):
    once, _ = shown(raw)
    assert shown(once) == (once, ())
