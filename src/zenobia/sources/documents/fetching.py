"""Pages from the web: asked for plainly, taken as they come, held to a size, a time and a few redirections."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from zenobia.sources.documents.limits import Limits
from zenobia.terms import InputError

__all__ = ["Fetched", "fetch", "is_url"]

_MOST_REDIRECTIONS = 5
_PIECE = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a server sent: the bytes, what it called them, where they came from in the end."""

    raw: bytes
    url: str
    name: str
    media_type: str
    charset: str | None


def is_url(text: str) -> bool:
    """Whether this is an address on the web rather than a file."""
    return re.match(r"https?://", text, re.I) is not None


def fetch(url: str, limits: Limits) -> Fetched:
    """Fetch one page or file; nothing that it names is fetched with it.

    Only http and https are spoken, whatever a server redirects to, and a public address is never
    followed to one inside the network that one sits in.

    Raises:
        InputError: the server cannot be reached, refuses, sends too much or takes too long.
    """
    asked = urllib.request.Request(
        url, headers={"User-Agent": "Zenobia/0.1 (a research record)", "Accept-Encoding": "identity"}
    )
    until = time.monotonic() + limits.seconds
    try:
        with _opener(url).open(asked, timeout=min(30.0, limits.seconds)) as answer:
            raw = _body(answer, limits, until, url)
            return _fetched(answer.headers, answer.geturl(), raw)
    except urllib.error.HTTPError as wrong:
        with wrong:
            raise _failed(url, f"the server answered {wrong.code} {wrong.reason}") from wrong
    except (OSError, HTTPException, ValueError) as wrong:
        raise _failed(url, str(getattr(wrong, "reason", wrong)) or type(wrong).__name__) from wrong


def _fetched(headers: Message, url: str, raw: bytes) -> Fetched:
    if headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
        raise _failed(url, f"the server sent it packed ({headers['Content-Encoding']}) though asked not to")
    stated = headers.get_content_type() if "Content-Type" in headers else ""
    charset = headers.get_content_charset()
    return Fetched(
        raw=raw, url=url, name=unquote(urlsplit(url).path).rpartition("/")[2], media_type=stated, charset=charset
    )


def _body(answer: IO[bytes], limits: Limits, until: float, url: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limits.original:
            raise _failed(url, f"it is larger than {limits.original:,} bytes")
        if time.monotonic() > until:
            raise _failed(url, f"it took longer than {limits.seconds:g} seconds")
    return b"".join(pieces)


def _opener(url: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirections(outside=not _is_inside(url)),
    ):
        opener.add_handler(handler)
    return opener


class _Redirections(urllib.request.HTTPRedirectHandler):
    """Follows a few, to the web only, and never from outside to inside."""

    max_redirections = _MOST_REDIRECTIONS
    max_repeats = 2

    def __init__(self, *, outside: bool) -> None:
        self._outside = outside

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if not is_url(newurl):
            raise ValueError(f"it redirects to something that is not on the web: {newurl[:80]}")
        if self._outside and _is_inside(newurl):
            raise ValueError(f"it redirects into the network that this machine sits in: {newurl[:80]}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_inside(url: str) -> bool:
    """Whether an address leads to this machine or its own network."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False  # the request itself will say that there is no such host
    return any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


def _failed(url: str, why: str) -> InputError:
    return InputError(
        f"the page could not be fetched: {why}",
        value=url,
        expected="an address that answers with a page or a file",
        fix="try again later, or save the page in a browser and add the file with --set url=ADDRESS",
    )
