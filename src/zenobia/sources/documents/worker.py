"""The process that reads originals, apart from the one that keeps the record.

A document may be made to harm whoever opens it. So it is read by a process of its own that is given
the bytes and nothing else: it is stopped when it takes too long, held to a size where the system
allows, and may neither write files, nor open a connection, nor start a program. It answers in plain
values; nothing that it says is run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from zenobia.sources.documents.docx import read_docx
from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.html import read_html
from zenobia.sources.documents.limits import Limits
from zenobia.sources.documents.markdown import read_markdown
from zenobia.sources.documents.pdf import read_pdf
from zenobia.sources.documents.text import read_text
from zenobia.terms import InputError

__all__ = ["draft_of", "main"]

_READERS: Mapping[str, Callable[[bytes, str | None, Limits], Draft]] = {
    "html": lambda raw, charset, limits: read_html(raw, charset),
    "pdf": read_pdf,
    "docx": read_docx,
    "txt": lambda raw, charset, limits: read_text(raw, charset),
    "md": lambda raw, charset, limits: read_markdown(raw, charset),
}

_SHUT = (
    *("socket.", "subprocess.", "shutil.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
    *("os.startfile", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"),
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def draft_of(kind: str, raw: bytes, charset: str | None, limits: Limits) -> Draft:
    """Read an original in this very process.

    Raises:
        InputError: it cannot be read, or goes beyond a limit.
    """
    try:
        return _READERS[kind](raw, charset, limits)
    except InputError:
        raise
    except (MemoryError, RecursionError) as wrong:
        raise InputError(
            "a document too large or too deeply nested to be read",
            value=type(wrong).__name__,
            expected=f"a document that is read within {limits.memory:,} bytes of memory",
            fix="save the part that matters as text",
        ) from None
    # What a reader of somebody else's breaks on is not known beforehand; none of it may stop the rest.
    except Exception as wrong:
        raise InputError(
            "a document that its reader breaks on",
            value=f"{type(wrong).__name__}: {wrong}"[:200],
            expected="a whole file",
            fix="open it and save it again, or save it as text",
        ) from wrong


def main() -> None:
    """Read originals from standard input, one after another, until it ends."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a reader prints must not stand among the answers
    shut = False
    while header := asked.readline():
        told = json.loads(header)
        limits = Limits(**told["limits"])
        raw = _exactly(asked, told["size"])
        if not shut:
            _hold_to(limits.memory)
            sys.addaudithook(_refuse)
            shut = True
        answers.write(json.dumps(_answer(told["kind"], raw, told["charset"], limits)).encode() + b"\n")
        answers.flush()


def _answer(kind: str, raw: bytes, charset: str | None, limits: Limits) -> dict[str, Any]:
    try:
        return {"draft": draft_of(kind, raw, charset, limits).to_json()}
    except InputError as wrong:
        value = None if wrong.value is None else str(wrong.value)
        return {"refused": {"what": wrong.what, "value": value, "expected": wrong.expected, "fix": wrong.fix}}


def _exactly(stream: BinaryIO, size: int) -> bytes:
    raw = stream.read(size)
    if len(raw) != size:
        raise SystemExit(0)
    return raw


def _hold_to(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    with suppress(ValueError, OSError):  # a system that will not hold it to a size still holds it to a time
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        _, mode, flags = (*args, None, None, None)[:3]
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITES):
            raise PermissionError("a reader of documents may not write")
    elif event.startswith(_SHUT):
        raise PermissionError(f"a reader of documents may not do this: {event}")


if __name__ == "__main__":
    main()
