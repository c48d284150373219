"""From an original to its working copy: read in a process apart, then put into one form."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.limits import LIMITS, Limits
from zenobia.sources.documents.metadata import language_of
from zenobia.sources.documents.text import shown
from zenobia.terms import InputError

__all__ = ["KINDS", "kind_of", "read"]

# Kinds of document, and what each is called elsewhere.
KINDS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "txt": "text/plain",
}

_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".text": "txt",
}


def kind_of(name: str, head: bytes, media_type: str = "") -> str | None:
    """Which kind of document a file is: by its first bytes, then by what it is served as, then by its name.

    Args:
        name: the file's name.
        head: its first few thousand bytes.
        media_type: what a server called it, if one did.

    Returns:
        A key of `KINDS`, or ``None`` for something else.
    """
    suffix = Path(name).suffix.lower()
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return "docx" if suffix == ".docx" or b"word/" in head or media_type == KINDS["docx"] else None
    if opening.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")) and suffix not in (".txt", ".md", ".xml"):
        return "html"
    served = {value: key for key, value in KINDS.items()}.get(media_type.partition(";")[0].strip().lower())
    guessed = served or _SUFFIXES.get(suffix)
    # A name may say anything: bytes that are no PDF and no archive cannot be read as one.
    return "txt" if guessed in ("pdf", "docx") and b"\x00" not in head else guessed


def read(kind: str, raw: bytes, *, charset: str | None = None, limits: Limits = LIMITS) -> Draft:
    """Read an original: its text in one form, and what it says of itself.

    The working copy is a function of the bytes, the kind, the charset and the version of the readers.

    Raises:
        InputError: it cannot be read, or goes beyond a limit; says which.
    """
    if len(raw) > limits.original:
        raise InputError(
            "a file that is too large for a document",
            value=f"{len(raw):,} bytes",
            expected=f"at most {limits.original:,} bytes",
            fix="split it, or save the part that matters as text",
        )
    draft = _READER.ask(kind, raw, charset, limits)
    text, notes = shown(draft.text)
    if len(text) > limits.characters:
        raise InputError(
            "a document with too much text",
            value=f"{len(text):,} characters",
            expected=f"at most {limits.characters:,}",
            fix="split it into parts",
        )
    return replace(
        draft,
        text=text,
        title=_one_line(draft.title),
        author=_one_line(draft.author),
        language=language_of(text) or _one_line(draft.language),
        notes=(*draft.notes, *notes, *(() if text.strip() else ("no text was found in it",))),
    )


def _one_line(said: str | None) -> str | None:
    return " ".join(shown(said)[0].split()) or None if said else None


class _Reader:
    """The process that reads, started when it is first needed and ended when it takes too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._turn = threading.Lock()

    def ask(self, kind: str, raw: bytes, charset: str | None, limits: Limits) -> Draft:
        """Have one original read; a process that was stopped or fell is begun anew for the next."""
        header = {"kind": kind, "size": len(raw), "charset": charset, "limits": asdict(limits)}
        with self._turn:
            process, late = self._started(), threading.Event()

            def stop_it() -> None:
                late.set()
                process.kill()

            alarm = threading.Timer(limits.seconds, stop_it)
            alarm.daemon = True
            alarm.start()
            try:
                answer = _exchange(process, json.dumps(header).encode() + b"\n" + raw)
            finally:
                alarm.cancel()
            if answer is None:
                self.stop()
                raise _stopped(limits, late=late.is_set())
        return _draft_from(answer)

    def stop(self) -> None:
        """End the process, if there is one and it is this process's own."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.stop()
            # -P: the folder that one stands in may be a stranger's case, and holds no code of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "zenobia.sources.documents.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path()},
            )
            self._owner = os.getpid()
        return self._process


def _exchange(process: subprocess.Popen[bytes], asked: bytes) -> bytes | None:
    """Hand over what is asked and wait for the line that answers it; ``None`` where the process ended."""
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(asked)
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        return None
    return answer if answer.endswith(b"\n") else None


def _search_path() -> str:
    """Where the reading process finds this very package, and what else this process was told of."""
    package = Path(__file__).resolve().parents[3]
    told = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join(path for path in (str(package), *told) if path)


def _draft_from(answer: bytes) -> Draft:
    try:
        told: dict[str, Any] = json.loads(answer)
        if "refused" not in told:
            return Draft.from_json(told["draft"])
        refused = {key: told["refused"].get(key) for key in ("value", "expected", "fix")}
        what = str(told["refused"]["what"])
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _stopped(LIMITS, late=False) from wrong
    raise InputError(what, **refused)


def _stopped(limits: Limits, *, late: bool) -> InputError:
    return InputError(
        "reading it took too long and was stopped" if late else "reading it broke the reader, which was stopped",
        value=f"more than {limits.seconds:g} seconds" if late else None,
        expected="a document that is read in that time" if late else "a whole file",
        fix="save the part that matters as text",
    )


_READER = _Reader()
atexit.register(_READER.stop)
