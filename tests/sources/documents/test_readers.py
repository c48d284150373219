"""What each kind of document is read as."""

import pytest

from tests.sources.documents.originals import ARTICLE, BODY, FIRST, docx, packed, pdf
from zenobia.sources import documents
from zenobia.sources.documents.metadata import day_in, language_of, opening_title, words_or_none
from zenobia.sources.documents.tail import without_tail
from zenobia.sources.documents.text import decode, shown
from zenobia.terms import InputError


@pytest.fixture(scope="module")
def article():
    return documents.read("html", ARTICLE.encode())


# --- web pages ---------------------------------------------------------------------------------


def test_a_page_says_its_title_author_day_and_language(article):
    assert (article.title, article.author, article.published, article.language) == (
        FIRST,
        "Ada Quill",
        "2031-05-09",
        "en",
    )


def test_the_text_of_a_page_is_its_article_from_the_first_word_to_the_last(article):
    assert article.text.startswith(FIRST)
    assert "ending an occupation of ten months" in article.text.replace("\n", " ")
    assert article.text.endswith("Read the map")


@pytest.mark.parametrize(
    "words",
    [
        "Home",  # navigation
        "only a script writes",
        "The Guard holds Alder",  # hidden from a reader of the page
        "is a research fellow",  # biography
        "Birchen College",
        "See more",
        "In the province of Elm",  # another article
        "It was glorious",
        "javascript:",
        "All rights reserved",
    ],
)
def test_what_is_not_the_article_is_left_out(article, words):
    assert words not in article.text


def test_what_was_left_out_behind_an_article_is_told(article):
    (note,) = article.notes
    assert note.startswith("left out of the working copy: ")
    assert "Ada Quill is a research fellow" in note


def test_a_page_that_was_changed_later_says_so():
    page = ARTICLE.replace("</head>", '<meta property="article:modified_time" content="2031-06-01"></head>')
    assert any("changed on 2031-06-01" in note for note in documents.read("html", page.encode()).notes)


def test_a_page_without_a_day_has_none():
    page = ARTICLE.replace('property="article:published_time" content="2031-05-09T08:00:00Z"', "")
    assert documents.read("html", page.encode()).published is None


def test_linked_data_goes_before_other_metadata():
    linked = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Cedar falls",'
        ' "datePublished": "2031-05-08", "author": [{"name": "Ben Reed"}, {"name": "Ada Quill"}]}]}</script></head>'
    )
    read = documents.read("html", ARTICLE.replace("</head>", linked).encode())
    assert (read.published, read.author) == ("2031-05-08", "Ben Reed; Ada Quill")


def test_a_page_in_an_old_arabic_code_page_is_read_as_it_says():
    words = (
        "سيطرت قوات التاج على بلدة الأرز يوم السبت بعد معارك استمرت خمسة أيام مع مقاتلي الرابطة في محيط البلدة. " * 3
    )
    page = f'<html><head><meta charset="windows-1256"><title>الأرز</title></head><body><p>{words}</p></body></html>'
    read = documents.read("html", page.encode("windows-1256"))
    assert "سيطرت قوات التاج" in read.text
    assert (read.title, read.language) == ("الأرز", "ar")


def test_a_page_without_a_main_text_is_read_whole_and_says_so():
    read = documents.read("html", b"<select><option>Cedar</option></select>")
    assert read.text == "Cedar"
    assert read.notes == ("no main text could be told from the rest: the whole page was read",)


def test_control_characters_in_a_page_stop_nothing():
    page = ARTICLE.replace("took Cedar", "took\x1f Cedar&#0;\x0b&#x1f;")
    assert "took Cedar" in " ".join(documents.read("html", page.encode()).text.split())


# --- what stands behind an article -------------------------------------------------------------

BODY_TEXT = "\n".join(f"Paragraph {n} of the article tells of the war in the valley." for n in range(10))


def test_a_plain_text_that_was_copied_from_a_page_loses_its_tail():
    tail = (
        "Ada Quill is a fellow of the Forum.\n\nAda Quill has written two books.\nSee more from this Author\nOther news"
    )
    kept, left_out = without_tail(f"{BODY_TEXT}\n\n{tail}", web_page=False)
    assert kept == BODY_TEXT
    assert left_out.author == "Ada Quill"
    assert left_out.characters == len(tail)


def test_a_sign_in_the_first_half_is_no_tail():
    text = f"See more on this topic\n{BODY_TEXT}"
    assert without_tail(text, web_page=True)[0] == text


def test_a_heading_of_the_author_s_own_is_no_tail_of_a_plain_text():
    text = f"{BODY_TEXT}\nLatest news\nCedar fell on 3 May."
    assert without_tail(text, web_page=False)[0] == text
    assert without_tail(text, web_page=True)[0] == BODY_TEXT


def test_a_last_paragraph_about_somebody_else_stays():
    text = f"{BODY_TEXT}\nBen Reed is the governor of Cedar."
    assert without_tail(text, web_page=True, author="Ada Quill")[0] == text


def test_an_arabic_page_loses_what_else_there_is_to_read():
    text = "\n".join(["سيطرت القوات على البلدة."] * 5)
    assert without_tail(f"{text}\nمواضيع ذات صلة\nخبر آخر", web_page=True)[0] == text


# --- PDF ---------------------------------------------------------------------------------------


def test_a_pdf_keeps_its_pages():
    read = documents.read("pdf", pdf("Cedar was taken.", "Dorn was not.", title="The spring"))
    assert read.text == "Cedar was taken.\fDorn was not.\f"
    assert (read.pages, read.title) == (2, "The spring")
    assert [documents.page_of(read.text, read.text.index(word)) for word in ("Cedar", "Dorn")] == [1, 2]


def test_the_day_a_pdf_was_made_is_told_and_is_no_day_of_publication():
    read = documents.read("pdf", pdf("Cedar was taken."))
    assert read.published is None
    assert read.notes == ("the file was made on 2031-05-09, by its own properties",)


def test_a_pdf_without_text_says_that_it_may_be_pictures():
    read = documents.read("pdf", pdf("", ""))
    assert any("no page has text" in note for note in read.notes)


# --- Word --------------------------------------------------------------------------------------


def test_a_word_file_is_read_paragraph_by_paragraph():
    read = documents.read("docx", docx("Cedar was taken.", "Dorn &amp; Elm were not.", title="The spring"))
    assert read.text == "Cedar was taken.\nDorn & Elm were not."
    assert (read.title, read.author, read.published) == ("The spring", "Ada Quill", None)


def test_a_table_has_a_line_for_each_row():
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(f"<w:tr>{''.join(map(cell.format, row))}</w:tr>" for row in (("Alder", "3"), ("Birchen", "4")))
    assert documents.read("docx", docx("Deaths", body=f"<w:tbl>{rows}</w:tbl>")).text == "Deaths\nAlder\t3\nBirchen\t4"


def test_struck_words_and_field_codes_are_no_text():
    body = (
        "<w:p><w:r><w:t>Held </w:t></w:r><w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        "<w:r><w:instrText>INCLUDETEXT /etc/passwd</w:instrText></w:r>"
        "<w:ins><w:r><w:t>since May</w:t></w:r></w:ins></w:p>"
    )
    assert documents.read("docx", docx(body=body)).text == "Held since May"


def test_footnotes_stand_at_the_end():
    note = (BODY % "<w:p><w:r><w:t>A footnote.</w:t></w:r></w:p>").replace("document", "footnotes")
    assert documents.read("docx", docx("Text.", word__footnotes__xml=b"")).text == "Text."
    parts = {"word/document.xml": (BODY % "<w:p><w:r><w:t>Text.</w:t></w:r></w:p>").encode()}
    assert documents.read("docx", packed({**parts, "word/footnotes.xml": note.encode()})).text == "Text.\nA footnote."


# --- Markdown and text -------------------------------------------------------------------------


def test_front_matter_tells_of_a_markdown_file_and_is_no_part_of_it():
    front = b"---\nsubject: The spring\nauthor: Ada Quill\npubDate: 2031-05-09 22:06\ntags: [a, b]\n---\n"
    raw = front + b"\nCedar **was** taken.\n"
    read = documents.read("md", raw)
    assert (read.text, read.title, read.author, read.published) == (
        "Cedar was taken.",
        "The spring",
        "Ada Quill",
        "2031-05-09",
    )


def test_markdown_is_read_without_its_markup():
    line = "Cedar ([map](javascript:x)) ![flag](x.png) fell.<script>x()</script>"
    raw = f"# The spring\n\n{line}\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n"
    read = documents.read("md", raw.encode())
    assert read.title == "The spring"
    assert read.text == "The spring\n\nCedar (map)  fell.\n\none\ntwo\n\na\tb\t\n1\t2\t"


def test_a_name_in_front_matter_that_refers_to_itself_unfolds_nothing():
    raw = b"---\ntitle: &a The spring\nx: [*a, *a]\ny: *a\n---\nText.\n"
    assert documents.read("md", raw).title == "The spring"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1256"])
def test_text_is_read_in_any_of_the_usual_encodings(name):
    words = "Cedar: سيطرت قوات التاج على بلدة الأرز يوم السبت"
    assert decode(words.encode(name))[0] == words


def test_a_western_code_page_is_told_from_an_arabic_one_and_the_guess_is_said():
    words = "Les forces de la Couronne ont repris Cèdre après des combats acharnés près de la frontière"
    assert decode(words.encode("windows-1252")) == (words, ("not UTF-8: read as windows-1252, which is a guess",))


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(InputError, match="binary content"):
        documents.read("txt", b"\x00\x01\x02" * 100)


def test_a_stray_nul_in_a_text_is_left_out():
    assert documents.read("txt", b"Cedar was taken\x00 on the third of May. " * 9).text.startswith(
        "Cedar was taken on the"
    )


def test_characters_that_hide_or_turn_words_are_taken_out_and_counted():
    text, notes = shown("Ce\u202edar\u200b was\x07 taken\u00ad.\r\nYes\u200f\u2066")
    assert text == "Cedar was taken.\nYes\u200f"
    assert notes == ("4 characters that hide text or turn its direction were left out of the working copy",)


def test_letters_are_put_into_one_form():
    assert shown("Ce\u0301dre") == ("C\u00e9dre", ())


# --- what a document says of itself ------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The town was taken by the army on Saturday, and the road to the north is closed."),
        ("ar", "سيطر الجيش على البلدة يوم السبت وأغلق الطريق المؤدي إلى الشمال"),
        ("fa", "ارتش روز شنبه شهر را گرفت و جاده‌ای که به شمال می‌رود پیش از این چند بار بسته شده بود"),
        ("uk", "Армія взяла місто в суботу, і дорогу на північ перекрито, її вже не відкриють"),
        ("ru", "Армия взяла город в субботу, и дорога на север закрыта, чтобы её объехать, нужны сутки"),
        ("fr", "La ville a été prise par les forces du gouvernement samedi et la route est fermée dans le nord"),
        ("tr", "Ordu cumartesi günü kasabayı aldı ve kuzeye giden yol bir süre için kapandı, daha sonra ise açıldı"),
        (None, "12 3 45 | 7 8 9"),
        (None, "Tadmur"),
    ],
)
def test_a_language_is_told_where_it_is_plain(language, words):
    assert language_of(words) == language


def test_a_text_in_two_scripts_has_no_plain_language():
    assert language_of("The town was taken by the army. " * 3 + "سيطر الجيش على البلدة يوم السبت. " * 3) is None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2031-05-09T08:00:00Z", "2031-05-09"),
        ("2031-05", "2031-05"),
        ("9 May 2031", None),
        ("2031-02-30", None),
        ("", None),
    ],
)
def test_only_a_day_that_is_plainly_one_is_a_day(said, day):
    assert day_in(said) == day


def test_a_title_is_a_line_that_stands_alone():
    assert opening_title("The spring\n\nCedar fell.\n") == "The spring"
    assert opening_title("Cedar fell on 3 May.\n\nDorn did not.\n") is None
    assert opening_title("Cedar fell\non 3 May\n") is None


@pytest.mark.parametrize("filler", ["", "untitled", "Document1", "Administrator", "report.indd"])
def test_a_program_s_filler_is_no_title(filler):
    assert words_or_none(filler) is None


# --- kinds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "media_type", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", "", "pdf"),
        ("a.txt", b"%PDF-1.7", "", "pdf"),
        ("a.docx", b"PK\x03\x04", "", "docx"),
        ("a.zip", b"PK\x03\x04", "", None),
        ("a.htm", b"<p>Cedar", "", "html"),
        ("page", b"\n<!DOCTYPE html>", "", "html"),
        ("page", b"Cedar", "text/html; charset=utf-8", "html"),
        ("a.md", b"# Cedar", "", "md"),
        ("a.txt", b"Cedar", "", "txt"),
        ("a.pdf", b"Cedar", "", "txt"),
        ("a.xlsx", b"PK\x03\x04", "", None),
        ("a.csv", b"id,name", "", None),
        ("a.doc", b"\xd0\xcf\x11\xe0", "", None),
    ],
)
def test_a_kind_is_told_by_bytes_then_by_server_then_by_name(name, head, media_type, kind):
    assert documents.kind_of(name, head, media_type) == kind
