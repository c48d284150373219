"""Taking a document into a case: untouched, once, completely, and with nothing said that nobody said."""

import csv
import datetime as dt
import hashlib
import os

import pytest

from tests.sources.documents.originals import ARTICLE, FIRST, docx, pdf
from zenobia import pipeline
from zenobia.sources import documents
from zenobia.terms import InputError, NotFound


@pytest.fixture
def case(tmp_path):
    pipeline.new(tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("A note\n\nCedar was taken on 3 May.\n", encoding="utf-8")
    return path


def rows(case):
    with open(case / "documents" / "documents.csv", encoding="utf-8", newline="") as held:
        return list(csv.DictReader(held))


def files(case):
    return {p.relative_to(case).as_posix(): p.read_bytes() for p in case.rglob("*") if p.is_file()}


def test_the_original_is_kept_byte_for_byte_under_its_hash(case, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(ARTICLE.encode() + b"\r\n\x00 \xe2\x80\xae")
    added = documents.add(case, path)
    assert added.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (case / "documents" / f"{added.sha256}.html").read_bytes() == path.read_bytes()
    text = (case / "documents" / "text" / f"{added.sha256}.txt").read_text(encoding="utf-8")
    assert text.startswith(FIRST)
    assert added.characters == len(text)


def test_the_row_says_what_the_document_says_and_marks_it_as_guessed(case, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(ARTICLE, encoding="utf-8")
    added = documents.add(case, path, captured=dt.date(2031, 5, 10), source="analyst")
    (row,) = rows(case)
    assert {name: cell for name, cell in row.items() if cell} == dict(added.row)
    assert (row["id"], row["title"], row["author"]) == (added.sha256, FIRST, "Ada Quill")
    assert (row["published"], row["captured"], row["language"]) == ("2031-05-09", "2031-05-10", "en")
    assert (row["source"], row["media_type"], row["licence"]) == ("analyst", "text/html", "")
    assert added.guessed == ("title", "author", "published", "language")


def test_what_is_said_goes_before_what_the_document_says(case, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(ARTICLE, encoding="utf-8")
    added = documents.add(case, path, published="2031-05", author="", id="quill")
    assert (added.id, added.row["published"], added.row.get("author")) == ("quill", "2031-05", None)
    assert added.guessed == ("title", "language")


def test_adding_a_document_twice_is_adding_it_once(case, note):
    assert documents.add(case, note).outcome == "added"
    before = files(case)
    assert documents.add(case, note).outcome == "unchanged"
    assert files(case) == before


def test_the_same_bytes_under_another_name_are_the_same_document(case, note, tmp_path):
    documents.add(case, note)
    again = tmp_path / "copy.txt"
    again.write_bytes(note.read_bytes())
    assert documents.add(case, again).outcome == "unchanged"
    assert len(rows(case)) == 1


def test_saying_more_of_a_document_updates_its_row_and_keeps_what_was_said(case, note):
    documents.add(case, note, source="wire")
    assert documents.add(case, note, published="2031-05-04").outcome == "updated"
    (row,) = rows(case)
    assert (row["source"], row["published"]) == ("wire", "2031-05-04")


def test_a_cell_that_a_person_emptied_is_not_filled_again(case, note):
    documents.add(case, note)
    listing = case / "documents" / "documents.csv"
    listing.write_text(listing.read_text().replace("A note", ""))
    assert documents.add(case, note).outcome == "unchanged"
    assert rows(case)[0]["title"] == ""


def test_a_document_that_was_only_named_gets_its_original(case, note):
    listing = case / "documents" / "documents.csv"
    listing.write_text("id,title,mine\nwire-note,A wire note,x\nother,Other,y\n")
    added = documents.add(case, note, id="wire-note")
    assert added.outcome == "updated"
    first, second = rows(case)
    assert (first["title"], first["mine"], first["path"]) == ("A wire note", "x", f"{added.sha256}.txt")
    assert (second["id"], second["title"], second["mine"], second["path"]) == ("other", "Other", "y", "")


def test_other_rows_stay_as_they_were_typed(case, note):
    listing = case / "documents" / "documents.csv"
    typed = 'id,path,title,author,published,captured,media_type,language\r\n"old" ,, "a ""b""",x\r\n'
    listing.write_bytes(typed.encode())
    documents.add(case, note)
    assert listing.read_bytes().decode().startswith(typed)
    assert listing.read_bytes().endswith(b"\r\n")


def test_an_original_is_never_replaced_by_another(case, note, tmp_path):
    documents.add(case, note, id="note")
    other = tmp_path / "other.txt"
    other.write_text("Another text.")
    with pytest.raises(InputError, match="this id has another original"):
        documents.add(case, other, id="note")
    with pytest.raises(InputError, match="here already, under another id"):
        documents.add(case, note, id="another")


def test_an_original_that_was_edited_is_put_back_by_adding_it_again(case, note):
    added = documents.add(case, note)
    kept = case / "documents" / added.row["path"]
    kept.write_text("Cedar was never taken.")
    again = documents.add(case, note)
    assert (again.outcome, kept.read_bytes()) == ("updated", note.read_bytes())
    assert any("put back" in told for told in again.notes)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(case, note):
    before = files(case)
    assert documents.add(case, note, dry_run=True).outcome == "added"
    assert files(case) == before


def test_a_translation_names_a_document_that_is_listed(case, note, tmp_path):
    documents.add(case, note, id="note")
    arabic = tmp_path / "note-ar.txt"
    arabic.write_text(
        "ملاحظة\n\nسقطت بلدة الأرز في الثالث من أيار بعد معارك دامت خمسة أيام في محيطها.\n", encoding="utf-8"
    )
    with pytest.raises(NotFound, match="not listed"):
        documents.add(case, arabic, translation_of="nota")
    assert documents.add(case, arabic, id="note-ar", translation_of="note").row["language"] == "ar"
    told = pipeline.open_case(case).why("d:note").to_json()
    assert "note-ar" in str(told)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"publishd": "2031-05-04"}, 'did you mean "published"'),
        ({"path": "../x"}, "nothing of a document is called this"),
        ({"published": "4.5.2031"}, "not a date"),
        ({"sensitivity": "hidden"}, "unknown sensitivity"),
        ({"id": " "}, "an empty id"),
    ],
)
def test_what_cannot_be_said_of_a_document_is_refused_before_anything_is_written(case, note, said, message):
    before = files(case)
    with pytest.raises(InputError, match=message):
        documents.add(case, note, **said)
    assert files(case) == before


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.txt", None, "no such file"),
        ("empty.txt", b"", "an empty file"),
        ("table.xlsx", b"PK\x03\x04", "not a document that can be read"),
        ("broken.pdf", b"%PDF-1.4\n%%EOF", "a PDF that cannot be read"),
        ("broken.docx", b"PK\x03\x04 and no archive", "a Word document that cannot be read"),
    ],
)
def test_what_is_no_document_is_refused_in_plain_words(case, tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = files(case)
    with pytest.raises(InputError, match=message) as refused:
        documents.add(case, path)
    assert name in str(refused.value)
    assert files(case) == before


def test_what_cannot_be_read_is_kept_where_that_is_asked_for(case, tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4\n%%EOF")
    added = documents.add(case, path, keep_unreadable=True)
    assert (added.outcome, added.characters) == ("added", 0)
    assert added.notes == ("kept without a text: a PDF that cannot be read",)


def test_a_name_that_says_another_thing_than_the_bytes_is_told(case, tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(pdf("Cedar was taken."))
    assert documents.add(case, path).notes[0] == "it is called .txt and is pdf"


def test_a_folder_that_leads_out_of_the_case_is_not_written_to(case, note, tmp_path):
    (tmp_path / "outside").mkdir()
    os.symlink(tmp_path / "outside", case / "documents" / "text")
    with pytest.raises(InputError, match="leads out of the case"):
        documents.add(case, note)
    assert list((tmp_path / "outside").iterdir()) == []


def test_the_answer_of_add_has_the_shape_of_the_interface(case, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(docx("Cedar was taken.", title="The spring"))
    told = documents.add(case, path).to_json()
    assert told.pop("document")["title"] == "The spring"
    counts = {"added": 1, "updated": 0, "unchanged": 0, "withdrawn": 0, "rejected": 0}
    assert told == {"kind": "docx", **counts, "rejects": []}


def test_of_many_documents_a_bad_one_is_told_and_stops_nothing(case, note, tmp_path):
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    (tmp_path / "second.txt").write_text("Dorn was not taken.")
    papers = [str(tmp_path / name) for name in ("note.txt", "broken.pdf", "second.txt")]
    told = pipeline.open_case(case).add(papers)
    assert (told["added"], told["rejected"]) == (2, 1)
    (reject,) = told["rejects"]
    assert reject["file"].endswith("broken.pdf")
    assert "a PDF that cannot be read" in reject["rule"]
    assert len(rows(case)) == 2
    with pytest.raises(InputError, match="a PDF that cannot be read"):
        pipeline.open_case(case).add([papers[1]])
    lines = list(pipeline.added_lines(told))
    assert any("rejected the file" in line for line in lines)
    assert any("by its own word: title" in line for line in lines)


def test_a_case_with_documents_builds_and_verifies_and_an_edited_original_is_found(case, note):
    opened = pipeline.open_case(case)
    added = documents.add(case, note)
    assert opened.build().rejected == ()
    assert [f for f in opened.verify() if f.broken] == []
    (case / "documents" / added.row["path"]).write_text("Cedar was never taken.")
    (finding,) = [f for f in opened.verify() if f.broken]
    assert added.sha256 in finding.what
    (case / "documents" / added.row["path"]).unlink()
    assert any("is gone" in f.what for f in opened.verify() if f.broken)


def test_stopping_at_any_write_leaves_a_case_that_adding_again_completes(case, note, monkeypatch):
    from zenobia.sources.documents import capture, listing

    class Stopped(Exception):
        pass

    opened = pipeline.open_case(case)
    real = capture.write_whole
    for last in range(3):  # the original, its text, the list
        wrote = []

        def write(path, text, last=last, wrote=wrote):
            if len(wrote) == last:
                raise Stopped
            wrote.append(path)
            real(path, text)

        monkeypatch.setattr(capture, "write_whole", write)
        monkeypatch.setattr(listing, "write_whole", write)
        with pytest.raises(Stopped):
            documents.add(case, note)
        assert rows(case) == []
        assert opened.build().rejected == ()
        assert [f for f in opened.verify() if f.broken] == []
    monkeypatch.undo()
    assert documents.add(case, note).outcome == "added"
    assert len(rows(case)) == 1


def test_without_the_extra_a_page_is_refused_with_the_way_to_install_it(monkeypatch):
    import sys

    from zenobia.sources.documents.limits import LIMITS
    from zenobia.sources.documents.worker import draft_of

    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    for kind, raw in (("html", ARTICLE.encode()), ("pdf", pdf("x"))):
        with pytest.raises(InputError, match=r"pip install 'zenobia\[read\]'"):
            draft_of(kind, raw, None, LIMITS)
    assert draft_of("docx", docx("Text."), None, LIMITS).text == "Text."
