"""Words are found in any spelling and script, ranked, and shown where they stand."""

import datetime as dt
import json

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from zenobia import pipeline
from zenobia.cli import main
from zenobia.sources import documents
from zenobia.sources.documents.words import words_of
from zenobia.terms import InputError

TEXTS = {
    "cedar": "Crown troops took Cedar on 3 May. The Crown's agency told of it. Tiger Forces led the way.",
    "dorn": "The Guard holds Dorn. Forces of the Guard fed a tiger there. Nobody took Cedar that day, it says.",
    "tadmur": "سيطرت قوات النظام على تَدْمُر، ثم انسحبت من القريتين. وفي تدمر قلعة قديمة.",
    "homs": "انسحب المقاتلون إلى حمص، ودخل الجيش بتدمر وبالقريتين معاً، ومعظم السكان نزحوا إلى دمشق.",
    "raqqa": "Fighters left ar-Raqqah for Deir ez-Zor; Tall Rif'at and al-Ḥamah were quiet.",
}


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search") / "case"
    pipeline.new(folder)
    for day, (name, text) in enumerate(TEXTS.items(), 1):
        path = folder.parent / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        documents.add(folder, path, id=name, title=f"On {name}", published=f"2031-05-0{day}")
    return pipeline.open_case(folder)


def found(case, *words, **options):
    return [hit.document.id for hit in case.search(words, **options).hits]


def keys(text):
    return [forms for _, _, forms in words_of(text)]


def test_every_word_must_stand_in_a_document(case):
    assert found(case, "took", "cedar", "crown") == ["cedar"]
    assert sorted(found(case, "took", "cedar")) == ["cedar", "dorn"]


def test_with_any_one_word_is_enough(case):
    assert sorted(found(case, "crown", "guard", any_word=True)) == ["cedar", "dorn"]


def test_a_phrase_is_its_words_in_order(case):
    assert found(case, "tiger forces") == ["cedar"]
    assert found(case, '"tiger forces" crown') == ["cedar"]
    assert sorted(found(case, "tiger", "forces")) == ["cedar", "dorn"]


def test_an_asterisk_stands_for_any_ending(case):
    assert found(case, "fight*") == ["raqqa"]
    assert found(case, "fight") == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("تدمر", ["homs", "tadmur"]),  # with vowel marks, bare, and with "in" written onto it
        ("القريتين", ["homs", "tadmur"]),
        ("قريتين", ["homs", "tadmur"]),
        ("دمشق", ["homs"]),
        ("raqqa", ["raqqa"]),
        ("al-Raqqah", ["raqqa"]),
        ("DEIR EZ-ZOR", ["raqqa"]),
        ("deir-ez-zor", ["raqqa"]),
        ("Hama", ["raqqa"]),
        ("Rifat", ["raqqa"]),
        ("crown's", ["cedar"]),
        ("Palmyra", []),
    ],
)
def test_spellings_of_one_word_are_one_word(case, asked, expected):
    assert sorted(found(case, asked)) == expected


def test_what_is_written_onto_an_arabic_word_is_taken_off_for_the_search():
    assert keys("وبالقريتين") == [("وبالقريتين", "قريتين", "القريتين", "بالقريتين")]
    assert keys("بتدمر") == [("بتدمر", "تدمر")]
    assert keys("في حمص") == [("في",), ("حمص",)]


def test_an_article_is_no_word_and_a_compound_is_its_words():
    assert keys("The al-Raqqah of Deir-ez-Zor") == [("raqqa",), ("of",), ("deir",), ("zor",)]


def test_words_stand_where_the_index_says(case):
    result = case.search(["cedar"])
    for hit in result.hits:
        text = TEXTS[hit.document.id]
        for snippet in hit.snippets:
            assert text[snippet.start : snippet.end] == snippet.text
            assert [text[start:end] for start, end in snippet.matches] == ["Cedar"]


def test_a_snippet_marks_its_words(case):
    (hit,) = case.search(["tiger forces"]).hits
    assert "[Tiger Forces] led the way." in hit.snippets[0].marked()


def test_a_rare_word_weighs_more_and_a_short_text_more_than_a_long_one(tmp_path):
    pipeline.new(tmp_path / "case")
    texts = {
        "short": "cedar fell",
        "long": "cedar fell and then nothing else of note was heard for a very long time there",
        "thrice": "cedar cedar cedar",
        "none": "dorn fell",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
        documents.add(tmp_path / "case", tmp_path / f"{name}.txt", id=name)
    case = pipeline.open_case(tmp_path / "case")
    assert found(case, "cedar") == ["thrice", "short", "long"]
    # By hand: 4 texts of 2, 16, 3 and 2 words, 5.75 on average; cedar is in 3 of 4: ln(1 + 1.5/3.5) = .3567.
    # thrice: .3567 * 3 * 2.2 / (3 + 1.2 * (.25 + .75 * 3 / 5.75)) = .6245
    assert case.search(["cedar"]).hits[0].score == pytest.approx(0.6245, abs=1e-4)


def test_only_what_had_been_published_is_found(case):
    told = case.search(["took"], case.known("2031-05-01"))
    assert [hit.document.id for hit in told.hits] == ["cedar"]
    # Nothing that was published later weighs on the answer: 1 text, 1 holds it: ln(1 + .5/1.5) * 1 * 2.2 / 2.2 = .2877
    assert told.hits[0].score == pytest.approx(0.2877, abs=1e-4)
    assert (told.searched, told.holding) == (1, {"took": 1})


def test_looking_back_takes_the_same_index(case):
    case.search(["took"])
    (index,) = (case.root / ".zenobia" / "search").glob("*.parquet")
    case.search(["took"], case.known("2031-05-01"))
    assert list((case.root / ".zenobia" / "search").glob("*.parquet")) == [index]


def test_a_document_without_a_day_is_left_out_of_a_past_view_and_counted(case, tmp_path):
    pipeline.new(tmp_path / "case")
    (tmp_path / "a.txt").write_text("Cedar fell.")
    documents.add(tmp_path / "case", tmp_path / "a.txt", id="a")
    opened = pipeline.open_case(tmp_path / "case")
    told = opened.search(["cedar"], opened.known("2031-05-01"))
    assert (told.total, told.undated, told.known) == (0, ("a",), dt.date(2031, 5, 1))


def test_a_new_document_is_found_and_what_was_indexed_is_taken_over(case, tmp_path):
    assert found(case, "sequoia") == []
    (tmp_path / "new.txt").write_text("A sequoia stood in Cedar.")
    documents.add(case.root, tmp_path / "new.txt", id="new", published="2031-06-01")
    again = pipeline.open_case(case.root)
    assert found(again, "sequoia") == ["new"]
    assert "cedar" in found(again, "cedar")
    (index,) = (case.root / ".zenobia" / "search").glob("*.parquet")
    # A pure function of the texts: made from nothing, it is the same.
    before = pq.read_table(index)
    index.unlink()
    assert found(pipeline.open_case(case.root), "sequoia") == ["new"]
    assert pq.read_table(index).equals(before)


def test_a_damaged_index_is_made_anew(case):
    case.search(["cedar"])
    (index,) = (case.root / ".zenobia" / "search").glob("*.parquet")
    index.write_bytes(b"PAR1 and nothing else")
    assert "cedar" in found(case, "cedar")


def test_an_original_that_was_listed_by_hand_is_searched_too(valley):
    case = pipeline.open_case(valley)
    told = case.search(["market", "cedar"])
    assert [hit.document.id for hit in told.hits] == ["wire-note"]
    assert told.without_text == ("essay",)


def test_nothing_to_search_for_is_refused(case):
    with pytest.raises(InputError, match="no word to search for"):
        case.search(["...", "the"])


def test_the_verb_prints_hits_and_what_stands_in_none(case):
    told = CliRunner().invoke(main, ["search", "tiger forces", "--case", str(case.root)])
    assert told.exit_code == 0, told.output
    assert "On cedar" in told.output
    assert "[Tiger Forces]" in told.output
    none = CliRunner().invoke(main, ["search", "tiger", "palmyra", "--case", str(case.root)])
    assert "palmyra: in 0 of them" in none.output


def test_the_json_of_search(case):
    told = json.loads(
        CliRunner().invoke(main, ["search", "القريتين", "--json", "--limit", "1", "--case", str(case.root)]).stdout
    )
    assert {"asked", "known", "found", "searched", "holding", "documents", "without_text", "undated"} == set(told)
    assert (told["asked"], told["found"], told["holding"]) == (["القريتين"], 2, {"القريتين": 2})
    (document,) = told["documents"]
    assert {"id", "title", "published", "score", "hits", "snippets"} <= set(document)
    assert {"text", "start", "end", "page", "matches"} == set(document["snippets"][0])
