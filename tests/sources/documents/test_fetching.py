"""Pages from the web: kept as they came, and nothing followed where it should not lead."""

import http.server
import threading

import pytest

from tests.sources.documents.originals import ARTICLE
from zenobia import pipeline
from zenobia.sources import documents
from zenobia.sources.documents import Limits, fetching
from zenobia.terms import InputError

ARABIC = (
    "<html><title>الأرز</title><body><p>" + "سيطرت القوات على البلدة يوم السبت بعد معارك طويلة. " * 9 + "</p>"
).encode("cp1256")


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {
            "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, ARTICLE.encode()),
            "/arabic": (200, {"Content-Type": "text/html; charset=windows-1256"}, ARABIC),
            "/moved": (302, {"Location": "/page"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/round": (302, {"Location": "/round"}, b""),
            "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"\x1f\x8b"),
            "/gone": (404, {}, b"nothing"),
        }
        status, headers, body = answers[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def case(tmp_path):
    pipeline.new(tmp_path / "case")
    return tmp_path / "case"


def test_a_page_is_kept_as_it_came_with_its_address(site, case):
    added = documents.add(case, f"{site}/moved")
    assert (case / "documents" / added.row["path"]).read_bytes() == ARTICLE.encode()
    assert (added.kind, added.row["url"], added.row["media_type"]) == (
        "html",
        f"{site}/page",
        "text/html; charset=utf-8",
    )


def test_the_encoding_that_a_server_names_is_kept_since_the_text_depends_on_it(site, case):
    added = documents.add(case, f"{site}/arabic")
    assert added.row["media_type"] == "text/html; charset=windows-1256"
    assert "سيطرت القوات" in documents.text_path(case, added.row["path"]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/gone", "the server answered 404"),
        ("/file", "could not be fetched"),
        ("/round", "could not be fetched"),
        ("/packed", "though asked not to"),
    ],
)
def test_what_does_not_answer_with_a_page_is_refused(site, case, path, message):
    with pytest.raises(InputError, match=message):
        documents.add(case, f"{site}{path}")
    assert list((case / "documents").glob("*.*")) == [case / "documents" / "documents.csv"]


def test_a_page_that_is_too_large_is_not_read_to_its_end(site, case):
    with pytest.raises(InputError, match="larger than 100 bytes"):
        documents.add(case, f"{site}/page", limits=Limits(original=100))


def test_a_public_address_does_not_lead_into_one_s_own_network(site, case, monkeypatch):
    monkeypatch.setattr(fetching, "_is_inside", lambda url: url.endswith("/page"))
    with pytest.raises(InputError, match="into the network that this machine sits in"):
        documents.add(case, f"{site}/moved")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/"]
)
def test_addresses_inside_are_known_as_such(address):
    assert fetching._is_inside(address)
