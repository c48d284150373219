"""Documents made to harm: each is refused or read as harmless text, in time, and nothing of it runs."""

import io
import json
import random
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zenobia
from tests.sources.documents.originals import ARTICLE, BODY, docx, packed, pdf
from zenobia.sources import documents
from zenobia.sources.documents import LIMITS, Limits
from zenobia.sources.documents.worker import draft_of
from zenobia.terms import InputError

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + BODY % "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + BODY % "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
)


@pytest.mark.parametrize("xml", [ENTITIES, OUTSIDE])
def test_xml_that_declares_entities_is_refused(xml):
    with pytest.raises(InputError, match="declares a document type or an entity"):
        documents.read("docx", packed({"word/document.xml": xml.encode()}))


def test_an_archive_that_unpacks_without_end_is_refused():
    bomb = packed({"word/document.xml": (BODY % ("<w:p/>" * 8_000_000)).encode()})
    assert len(bomb) < 200_000
    with pytest.raises(InputError, match="unpacks to too much"):
        documents.read("docx", bomb)


def test_an_archive_that_lies_about_its_size_is_still_held_to_it():
    raw = bytearray(packed({"word/document.xml": b"x" * 5_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # where its two headers state the unpacked size
        at = raw.index(mark) + place
        raw[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(InputError):
        documents.read("docx", bytes(raw))


def test_a_name_in_an_archive_that_climbs_out_is_never_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw = docx("Text.", **{"../../escaped.txt": b"x", "/tmp_escaped.txt": b"x"})
    assert documents.read("docx", raw).text == "Text."
    assert list(tmp_path.iterdir()) == []


def test_elements_nested_without_end_are_refused():
    deep = BODY % ("<w:p>" * 100_000 + "</w:p>" * 100_000)
    with pytest.raises(InputError):
        documents.read("docx", packed({"word/document.xml": deep.encode()}))


def test_a_page_nested_without_end_stops_nothing():
    for raw in (b"<div>" * 50_000 + b"Cedar", b"<b><i>" * 20_000 + b"Cedar", b"<table><tr><td>" * 5_000 + b"Cedar"):
        assert documents.read("html", ARTICLE.encode()).text  # the reader lives
        with suppress(InputError):
            documents.read("html", raw, limits=Limits(seconds=20))
    assert documents.read("html", ARTICLE.encode()).text


def test_a_pdf_whose_page_unpacks_without_end_is_refused_or_empty():
    bomb = pdf("x", pack=True).replace(b"/FlateDecode", b"[ /FlateDecode /FlateDecode ]")
    inner = zlib.compress(zlib.compress(b" " * 300_000_000, 9), 9)
    start = bomb.index(b"stream\n") + 7
    end = bomb.index(b"\nendstream")
    bomb = bomb[:start] + inner + bomb[end:]
    started = time.monotonic()
    with suppress(InputError):
        assert documents.read("pdf", bomb, limits=Limits(seconds=20)).text.strip() == ""
    assert time.monotonic() - started < 25


def test_too_many_pages_are_refused():
    with pytest.raises(InputError, match="too many pages"):
        documents.read("pdf", pdf("a", "b", "c"), limits=Limits(pages=2))


def test_too_much_text_is_refused():
    with pytest.raises(InputError, match="too much text"):
        documents.read("txt", b"word " * 100, limits=Limits(characters=400))
    with pytest.raises(InputError, match="too large for a document"):
        documents.read("txt", b"word " * 100, limits=Limits(original=400))


def test_a_locked_pdf_is_refused_in_plain_words():
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Cedar was taken.")))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(InputError, match="locked with a password"):
        documents.read("pdf", locked.getvalue())


def test_a_reader_that_takes_too_long_is_stopped_and_the_next_document_is_read():
    slow = ("[" * 200_000).encode()  # brackets that Markdown tries as links in every way
    started = time.monotonic()
    with pytest.raises(InputError, match="took too long and was stopped"):
        documents.read("md", slow + b"\n" + slow, limits=Limits(seconds=0.05))
    assert time.monotonic() - started < 10
    assert documents.read("md", b"Cedar *fell*.").text == "Cedar fell."


def test_many_threads_read_at_once_and_get_their_own_answers():
    got = {}

    def read(n):
        got[n] = documents.read("txt", f"text {n}".encode()).text

    threads = [threading.Thread(target=read, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {n: f"text {n}" for n in range(20)}


DEEDS = [
    "open('escaped', 'w')",
    "os.open('escaped', os.O_CREAT | os.O_WRONLY)",
    "socket.create_connection(('127.0.0.1', 9))",
    "socket.getaddrinfo('localhost', 80)",
    "subprocess.run(['true'])",
    "os.system('true')",
    "os.remove('kept')",
    "os.rename('kept', 'moved')",
]
PRISON = """
import json, os, socket, subprocess, sys
from zenobia.sources.documents import worker
sys.addaudithook(worker._refuse)
told = []
for deed in json.loads(sys.argv[1]):
    try:
        eval(deed)
        told.append("done")
    except PermissionError as refused:
        told.append(str(refused))
print(json.dumps(told))
"""


def test_the_process_that_reads_may_neither_write_nor_connect_nor_start_a_program(tmp_path):
    (tmp_path / "kept").write_text("x")
    package = str(Path(zenobia.__file__).parent.parent)
    command = [sys.executable, "-c", PRISON, json.dumps(DEEDS)]
    ran = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": package}, capture_output=True, text=True, check=True)
    told = dict(zip(DEEDS, json.loads(ran.stdout), strict=True))
    assert [deed for deed, answer in told.items() if "a reader of documents may not" not in answer] == []
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def test_code_that_lies_in_the_current_folder_is_not_run(tmp_path, monkeypatch):
    from zenobia.sources.documents import reading

    for name in ("yaml.py", "trafilatura.py", "lxml.py", "json.py"):
        (tmp_path / name).write_text("open('ran', 'w').close()")
    monkeypatch.chdir(tmp_path)
    reader = reading._Reader()
    try:
        assert reader.ask("txt", b"Cedar", None, LIMITS).text == "Cedar"
    finally:
        reader.stop()
    assert not (tmp_path / "ran").exists()


# --- whatever the bytes, there is a text or a plain refusal --------------------------------------


def is_read_or_refused(kind, raw):
    try:
        draft = draft_of(kind, raw, None, LIMITS)
    except InputError as refused:
        # A reader of somebody else's may break on such bytes; our own know why they refuse.
        broke = "its reader breaks on" in refused.what
        assert not broke or kind in ("html", "pdf")
    else:
        json.dumps(draft.to_json()).encode()


WORDS = "Cedar تدمر القُرَيتَين <b> ![x](y) | --- \n\n# [a]: \u202e \x00 \\ &lt; <!-- --> ``` - 1. > é\n"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
THOROUGH = settings(max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pieces = st.lists(st.sampled_from(WORDS.split(" ")) | st.text(max_size=8), max_size=40).map(" ".join)
anything = st.binary(max_size=400) | pieces.map(lambda text: text.encode("utf-8", "surrogatepass"))


@QUICK
@given(anything)
def test_any_bytes_are_read_or_refused(raw):
    for kind in documents.KINDS:
        is_read_or_refused(kind, raw)


@pytest.mark.long
@THOROUGH
@given(anything)
def test_any_bytes_are_read_or_refused_at_length(raw):
    for kind in documents.KINDS:
        is_read_or_refused(kind, raw)


HONEST = {
    "html": ARTICLE.encode(),
    "pdf": pdf("Cedar was taken.", "Dorn was not.", title="The spring"),
    "docx": docx("Cedar was taken.", title="The spring"),
    "md": f"---\ntitle: x\n---\n{WORDS}".encode(),
    "txt": WORDS.encode("utf-16"),
}


def damaged(raw, chance):
    """An honest original with a few bytes changed, cut out, doubled or put in."""
    torn = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        at, size = chance.randrange(len(torn) + 1), chance.randint(0, 30)
        deed = chance.randrange(4)
        if deed == 0:
            torn[at : at + size] = b""
        elif deed == 1:
            torn[at:at] = torn[at : at + size] * chance.randint(1, 5)
        elif deed == 2:
            torn[at:at] = chance.choice(
                [b"\x00", b"\xff\xfe", b"<", b"-1", b"99999999", b"/Parent 2 0 R", b"<!DOCTYPE x>"]
            )
        elif at < len(torn):
            torn[at] = chance.randrange(256)
    return bytes(torn)


def repacked(raw, chance):
    """A Word file with damage inside its parts, the archive itself whole."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    return packed({**parts, name: damaged(parts[name], chance)})


def attack(rounds, seed):
    chance = random.Random(seed)
    for _ in range(rounds):
        for kind, raw in HONEST.items():
            is_read_or_refused(kind, damaged(raw, chance))
        is_read_or_refused("docx", repacked(HONEST["docx"], chance))


def test_damaged_originals_are_read_or_refused():
    attack(60, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
def test_damaged_originals_are_read_or_refused_at_length(seed):
    attack(700, seed)
