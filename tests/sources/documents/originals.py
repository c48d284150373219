"""Originals made by hand for tests: a page, a PDF, a Word file. Nobody in them exists."""

from __future__ import annotations

import io
import zipfile
import zlib

ARTICLE = """<!doctype html>
<html lang="en"><head><title>Loss of Cedar shows the League's weakness | Valley Forum</title>
<meta property="og:title" content="Loss of Cedar shows the League's weakness">
<meta property="article:published_time" content="2031-05-09T08:00:00Z">
<meta name="author" content="Ada Quill">
<script>document.write("a sentence that only a script writes")</script></head><body>
<nav><a href="/">Home</a> <a href="/topics">Topics</a> <a href="/about">About the Forum</a></nav>
<article><h1>Loss of Cedar shows the League's weakness</h1>
<p>Crown troops, backed by allied air strikes, took Cedar from the League on 3 May, ending an occupation of ten
months. The town lies on the only road across the plain, and the market had been closed since the winter.</p>
<p>Fighting near the town had gone on ever since the League took it in a swift offensive last year, in which the
garrison melted away without much of a fight, and the only road across the plain was closed to everybody.</p>
<p style="display: none">The Guard holds Alder, says a sentence that no reader of the page can see at all.</p>
<p>The loss of Cedar suggests that the League has passed the peak of its power in the valley; the likeliest next
targets are the towns to the north-east. <a href="javascript:steal()">Read the map</a></p>
<p>Ada Quill is a research fellow at the Valley Forum.</p>
<div class="author-bio"><p>Ada Quill is an independent translator, editor and analyst. A graduate of Birchen College,
she has written widely on the League and the Guard, and is quoted by many papers of the valley and beyond.</p></div>
<a href="/quill">See more from this Author</a>
<h4>In the province of Elm, protests against the Guard continue to be held on a regular basis</h4>
<p>An interview that touches on local perceptions about the possibility of a war on this front, information about the
general situation in the area, and much more besides for the patient reader of the valley.</p>
<p>See more on this Topic</p>
<p>I recently witnessed something I had not seen in a long time. On Friday a group of people packed up their signs and
went home in the face of a spirited crowd. It was glorious to see, and worth a long drive to the coast.</p>
</article><footer>Copyright 2031 Valley Forum. All rights reserved. Subscribe to our newsletter.</footer></body></html>
"""

FIRST = "Loss of Cedar shows the League's weakness"


def pdf(*pages: str, title: str | None = None, made: str = "20310509080000Z", pack: bool = False) -> bytes:
    """A PDF with one line of Latin text on each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for words in pages:
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        stream = f"BT /F1 12 Tf 72 720 Td ({escaped}) Tj ET".encode("latin-1")
        coded = b""
        if pack:
            stream, coded = zlib.compress(stream), b" /Filter /FlateDecode"
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(stream), coded, stream))
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % content
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    says = b"/CreationDate (D:%s)" % made.encode()
    if title:
        says += b" /Title (%s)" % title.encode("latin-1")
    objects.append(b"<< %s >>" % says)
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects)))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = f'<w:document xmlns:w="{WORD}"><w:body>%s</w:body></w:document>'


def docx(*paragraphs: str, body: str = "", title: str = "", **parts: bytes) -> bytes:
    """A Word file of some paragraphs; ``body`` is XML put after them, ``parts`` other parts by name."""
    words = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        "<dc:creator>Ada Quill</dc:creator></cp:coreProperties>"
    )
    return packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": (BODY % (words + body)).encode(),
            "docProps/core.xml": core.encode(),
            **{name.replace("__", "/"): content for name, content in parts.items()},
        }
    )


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
