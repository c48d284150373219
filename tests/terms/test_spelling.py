"""Spellings of one name come to one key; names that differ keep different ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.terms.spelling import normalise, readings, skeleton, vowelled

LETTERS = "aeiouklmnrstdhbqwy' -ʿابتدرسشكلمنهويةأىـًُءإ٣\u200f\u202e"
NAMES = st.one_of(st.text(), st.text(alphabet=LETTERS), st.text(alphabet="al es sh"))


@given(NAMES)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(NAMES)
def test_a_name_and_its_normal_form_share_one_skeleton(text: str) -> None:
    assert skeleton(normalise(text)) == skeleton(text)
    assert vowelled(normalise(text)) == vowelled(text)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ar-Raqqah", "al-Raqqah", "AR RAQQAH", "raqqa"),
        ("Tall Rifʿat", "Tall Rif'at", "Tall Rif’at", "Tall Rif‘at", "tall-rifat"),
        ("القُرَيتَين", "القريتين", "قريتين", "القـــريتين"),
        ("إدلب", "أدلب", "ادلب", "ٱدلب"),
        ("حماة", "حماه"),
        ("Hama", "Hamah", "Ḩamāh"),
        ("مستشفى", "مستشفي"),
        ("اللواء ٩٣", "اللوا 93"),
        ("Ḩimş", "Hims", "hims"),
        ("Abu al-Duhur", "Abu ad-Duhur", "Abu Duhur"),
        ("Ra&#39;ai", "Ra'ai", "Raai"),
        ("\u202eTadmur\u202c", "Tadmur", "Tad\u200bmur"),
        ("the Southern Front", "Southern Front"),
    ],
)
def test_what_carries_no_meaning_is_taken_away(spellings: tuple[str, ...]) -> None:
    assert len({normalise(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("name", ["al", "El", "ال", "The the"])
def test_a_name_that_is_nothing_but_an_article_stays(name: str) -> None:
    assert normalise(name)


def test_us_before_an_s_is_a_country_and_not_an_article() -> None:
    assert normalise("US strikes") == "us strikes"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Tadmor", "Tadmur", "Tudmur", "تدمر"),
        ("Qaryatayn", "Qaryatain", "Karyatein", "Quryatayn", "al-Qaryatayn", "القريتين"),
        ("Kweiris", "Kuweires", "Kwairis", "كويرس"),
        ("Deir ez-Zor", "Dayr az-Zawr", "Deir Ezzor", "Deirezzor", "Deir al-Zour", "دير الزور"),
        ("Raqqa", "ar-Raqqah", "Rakka", "الرقة"),
        ("Idlib", "Idleb", "إدلب"),
        ("Hama", "Hamah", "حماة"),
        ("Homs", "Hims", "حمص"),
        ("Maarrat al-Numan", "Ma'arat al-Nu'man", "Maaret al-Numan", "معرة النعمان"),
        ("Abu Kamal", "Albu Kamal", "Al Bukamal", "Albukamal", "البوكمال", "البو كمال"),
        ("Hasakah", "al-Hasakeh", "Hassakeh", "Haseke", "الحسكة"),
        ("Khan Shaykhun", "Khan Sheikhoun", "Khan Shaikhoon", "خان شيخون"),
        ("Ghouta", "al-Ghutah", "Guta", "الغوطة"),
    ],
)
def test_transliterations_and_arabic_share_one_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("left", "right"), [("Hama", "Homs"), ("Aleppo", "Idlib"), ("Sadad", "Suwayda"), ("Arak", "Araq 7")]
)
def test_other_names_have_other_skeletons(left: str, right: str) -> None:
    assert skeleton(left) != skeleton(right)


def test_the_vowelled_key_tells_apart_what_the_skeleton_does_not() -> None:
    assert skeleton("Duma") == skeleton("Dama")
    assert vowelled("Duma") == vowelled("Douma") != vowelled("Dama")


def test_arabic_has_no_vowelled_key_because_it_writes_few_vowels() -> None:
    assert vowelled("تدمر") == ""


def test_a_text_is_read_as_written_then_without_gloss_and_settlement_word_then_as_two_names() -> None:
    assert [reading.names for reading in readings("Tadmur/Palmyra town (Homs)")] == [
        ("Tadmur/Palmyra town (Homs)",),
        ("Tadmur/Palmyra town",),
        ("Tadmur/Palmyra",),
        ("Tadmur", "Palmyra"),
    ]
