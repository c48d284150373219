"""235 real articles: all are read, once, and found again in both scripts."""

import pytest

from zenobia import pipeline
from zenobia.sources import documents


@pytest.fixture(scope="module")
def articles(real_data):
    return sorted((real_data / "wikipedia_syria").glob("*.md"))


@pytest.fixture(scope="module")
def added(articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wikipedia") / "case"
    pipeline.new(folder)
    return folder, [documents.add(folder, path) for path in articles]


def test_every_article_is_read(added, articles):
    _, told = added
    assert len(articles) == 235
    assert [a.outcome for a in told] == ["added"] * 235
    assert all("title" in a.row and a.row["author"] == "Wikipedia" for a in told)
    assert all(a.characters > 400 for a in told)
    # Counted in the files themselves: `grep -L '^pubDate'` lists 85.
    assert sum("published" not in a.row for a in told) == 85
    assert sum(a.row.get("language") == "en" for a in told) >= 230


def test_no_article_is_added_twice(added, articles):
    folder, _ = added
    assert {documents.add(folder, path).outcome for path in articles[:20]} == {"unchanged"}


def test_words_are_found_in_both_scripts(added):
    folder, _ = added
    case = pipeline.open_case(folder)
    (coup,) = case.search(["الثامن من آذار"]).hits
    assert coup.document.title == "1963 Syrian coup d'état"
    castle = case.search(["palmyra castle"])
    assert castle.hits[0].document.title == "Palmyra offensive (March 2016)"
    text = documents.text_path(folder, castle.hits[0].document.path).read_text(encoding="utf-8")
    for snippet in castle.hits[0].snippets:
        assert text[snippet.start : snippet.end] == snippet.text
    assert case.build().rejected == ()
    assert [f.what for f in case.verify() if f.broken] == []


def test_every_word_in_arabic_script_is_found_again(added):
    folder, told = added
    case = pipeline.open_case(folder)
    words = set()
    for a in told:
        text = documents.text_path(folder, a.row["path"]).read_text(encoding="utf-8")
        words |= {
            w.strip("،.()") for w in text.split() if w and all("\u0621" <= c <= "\u064a" for c in w) and len(w) > 3
        }
    assert len(words) > 50
    assert [w for w in sorted(words)[::10] if not case.search([w], limit=1).total] == []
