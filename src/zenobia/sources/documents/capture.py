"""Taking a document into a case: the original untouched, a working copy of its text beside it, a row in the list.

    documents/<sha256>.<ext>         the original, byte for byte
    documents/text/<sha256>.txt      its text in one form: what is searched, read and quoted
    documents/documents.csv          one row for each document

They are written in this order, each in one step: whatever stops the machine leaves at most an
original that is not listed yet, and adding the document again completes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zenobia.record import write_whole
from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.fetching import fetch, is_url
from zenobia.sources.documents.limits import LIMITS, Limits
from zenobia.sources.documents.listing import COLUMNS, Listing
from zenobia.sources.documents.reading import KINDS, kind_of, read
from zenobia.terms import Document, InputError, NotFound, did_you_mean, parse_day, parse_published

__all__ = ["Added", "add", "add_all", "text_path"]

# What the program knows better than anybody.
_OWN = ("path", "media_type")
_SAYABLE = tuple(name for name in COLUMNS if name not in _OWN)


@dataclass(frozen=True, kw_only=True)
class Added:
    """What adding a document did.

    Attributes:
        outcome: ``added``, ``updated`` (its row or its text changed) or ``unchanged``.
        kind: html, pdf, docx, md or txt.
        row: its row in documents.csv, without empty cells.
        guessed: the columns that the document said of itself and nobody else confirmed.
        notes: what was left out, could not be read, or had to be guessed.
    """

    id: str
    sha256: str
    kind: str
    outcome: str
    row: Mapping[str, str]
    characters: int
    pages: int | None = None
    guessed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The shape of `add`, with the document beside the counts."""
        counts = {name: int(self.outcome == name) for name in ("added", "updated", "unchanged")}
        document = {
            **self.row,
            "sha256": self.sha256,
            "characters": self.characters,
            "pages": self.pages,
            "guessed": list(self.guessed),
            "notes": list(self.notes),
        }
        return {"kind": self.kind, **counts, "withdrawn": 0, "rejected": 0, "rejects": [], "document": document}


def add(
    folder: Path,
    what: str | Path,
    *,
    captured: dt.date | None = None,
    keep_unreadable: bool = False,
    dry_run: bool = False,
    limits: Limits = LIMITS,
    **said: object,
) -> Added:
    """Add a document to a case, or bring what is known of it up to date.

    What is said of it here goes before what its row says, and that before what it says of itself;
    where nothing is said, the cell stays empty. The same file twice is one document.

    The caller holds the write lock of the record.

    Args:
        folder: the case folder.
        what: a file, or an address on the web.
        captured: the day on which it was taken in.
        keep_unreadable: keep the original without a text where it cannot be read.
        dry_run: say what would be done and do nothing.
        limits: what an honest document stays under.
        said: any column of documents.csv but ``path`` and ``media_type``; an empty text empties the cell.

    Raises:
        InputError: it is no document, cannot be read, goes beyond a limit, or what is said of it
            cannot be. Nothing was written.
    """
    stated = _stated(said)
    original = _original(what, limits)
    listing = Listing.read(folder)
    held = _held(listing, original, stated.get("id"))
    paths = _Paths.of(folder, original)
    draft = _draft(original, paths, held, limits, keep_unreadable)
    row, guessed = _row(original, draft, held, stated, captured)
    _check(row, listing)
    added = _told(original, draft, row, guessed, held, paths)
    if not dry_run and added.outcome != "unchanged":
        _keep(paths, original, draft, listing.with_row(row))
    return added


def add_all(folder: Path, papers: Sequence[str], **options: Any) -> list[dict[str, Any]]:
    """Add documents one after another, and tell of each in the shape of `add`.

    One that cannot be taken in does not stop the others: it is told as rejected, with the reason.
    One alone is refused.

    Args:
        folder: the case folder.
        papers: files, or addresses on the web.
        options: as for `add`, the same for all of them.

    Raises:
        InputError: there is but one, and it is refused.
    """
    told = []
    for paper in papers:
        try:
            told.append({"file": paper, **add(folder, paper, **options).to_json()})
        except InputError as wrong:
            if len(papers) == 1:
                raise
            told.append({"file": paper, **_refused(wrong)})
    return told


def text_path(folder: Path, path: str) -> Path:
    """Where the working copy of an original stands, by the ``path`` of its row."""
    return folder / "documents" / "text" / f"{Path(path).stem}.txt"


@dataclass(frozen=True, kw_only=True)
class _Original:
    """A document as it came."""

    raw: bytes
    name: str
    kind: str
    sha256: str
    url: str | None = None
    charset: str | None = None

    @property
    def path(self) -> str:
        """Its path in documents/."""
        return f"{self.sha256}.{self.kind}"

    @property
    def media_type(self) -> str:
        """What it is, with the encoding that its sender named: the text depends on it."""
        return KINDS[self.kind] + (f"; charset={self.charset}" if self.charset else "")

    @property
    def mismatch(self) -> tuple[str, ...]:
        """A note where the name says another thing than the bytes."""
        suffix = Path(self.name).suffix.lower()
        named = kind_of(self.name, b"\x00") if suffix else None
        return (f"it is called {suffix} and is {self.kind}",) if named and named != self.kind else ()


@dataclass(frozen=True, kw_only=True)
class _Paths:
    """Where a document is kept."""

    original: Path
    text: Path

    @classmethod
    def of(cls, folder: Path, original: _Original) -> _Paths:
        kept = folder / "documents"
        for place in (kept, kept / "text"):
            if not place.resolve().is_relative_to(folder.resolve()):
                raise InputError(
                    "a folder that leads out of the case",
                    file=place,
                    expected="documents/ and documents/text/ inside the case",
                    fix="replace the link by a folder",
                )
        return cls(original=kept / original.path, text=text_path(folder, original.path))

    @property
    def whole(self) -> bool:
        """Whether the original is kept as it should be, and its working copy stands beside it."""
        if not self.original.is_file() or not self.text.is_file():
            return False
        return hashlib.sha256(self.original.read_bytes()).hexdigest() == self.original.stem


def _refused(wrong: InputError) -> dict[str, Any]:
    reject = {
        "row": None,
        "field": wrong.column or "",
        "value": "" if wrong.value is None else str(wrong.value),
        "rule": f"{wrong.what}; expected {wrong.expected}" if wrong.expected else wrong.what,
        "fix": wrong.fix or "look at the file",
    }
    counts = dict.fromkeys(("added", "updated", "unchanged", "withdrawn"), 0)
    return {"kind": "document", **counts, "rejected": 1, "rejects": [reject], "document": None}


def _stated(said: Mapping[str, object]) -> dict[str, str]:
    """What is said of the document, as cells."""
    cells: dict[str, str] = {}
    for name, value in said.items():
        if name not in _SAYABLE:
            raise InputError(
                "nothing of a document is called this",
                value=name,
                expected=f"one of {', '.join(_SAYABLE)}",
                fix=did_you_mean(name, _SAYABLE) or "leave it out",
            )
        if value is not None:
            cells[name] = value.isoformat() if isinstance(value, dt.date) else " ".join(str(value).split())
    if "id" in cells and not cells["id"]:
        raise InputError("an empty id", column="id", expected="a short name", fix="leave it out to use the SHA-256")
    return cells


def _original(what: str | Path, limits: Limits) -> _Original:
    if isinstance(what, str) and is_url(what):
        page = fetch(what, limits)
        raw, name, served, url, charset = page.raw, page.name, page.media_type, page.url, page.charset
    else:
        path = Path(what)
        raw, name, served, url, charset = _bytes_of(path, limits), path.name, "", None, None
    kind = kind_of(name, raw[:8192], served)
    if kind is None:
        raise InputError(
            "not a document that can be read",
            file=str(what),
            value=served or Path(name).suffix or "no suffix",
            expected="a web page (.html), a PDF, a Word document (.docx), Markdown (.md) or text (.txt)",
            fix="save it in one of these forms",
        )
    return _Original(
        raw=raw,
        name=name,
        kind=kind,
        sha256=hashlib.sha256(raw).hexdigest(),
        url=url,
        charset=charset if kind in ("html", "txt", "md") else None,
    )


def _bytes_of(path: Path, limits: Limits) -> bytes:
    if not path.is_file():
        raise InputError("no such file", file=path, expected="a file, or an address that begins with https://")
    with open(path, "rb") as held:
        raw = held.read(limits.original + 1)
    if len(raw) > limits.original:
        raise InputError(
            "a file that is too large for a document",
            file=path,
            value=f"{path.stat().st_size:,} bytes",
            expected=f"at most {limits.original:,} bytes",
            fix="split it, or save the part that matters as text",
        )
    if not raw:
        raise InputError("an empty file", file=path, expected="a document", fix="check what was saved")
    return raw


def _held(listing: Listing, original: _Original, wanted: str | None) -> dict[str, str]:
    """The row that the document has already; an empty one for a new document.

    Raises:
        InputError: the id that is wanted belongs to another original, or this original has another id.
    """
    same = listing.by_hash(original.sha256)
    named = listing.by_id(wanted or (same or {}).get("id") or original.sha256)
    if named and named.get("path") and Path(named["path"]).stem != original.sha256:
        raise InputError(
            "this id has another original",
            column="id",
            value=wanted or original.sha256,
            expected="an id of its own: an original is never replaced",
            fix="give this document another id",
        )
    if same and named is None:
        raise InputError(
            "this document is here already, under another id",
            file=original.name,
            column="id",
            value=wanted,
            expected=same["id"],
            fix="leave the id out",
        )
    return dict(named or same or {})


def _draft(
    original: _Original, paths: _Paths, held: Mapping[str, str], limits: Limits, keep_unreadable: bool
) -> Draft | None:
    """The text of the document; ``None`` where it was read before and stands as it was left."""
    if held.get("path") and paths.whole:
        return None
    try:
        return read(original.kind, original.raw, charset=original.charset, limits=limits)
    except InputError as wrong:
        if keep_unreadable:
            return Draft(text="", notes=(f"kept without a text: {wrong.what}",))
        raise InputError(
            wrong.what, file=original.name, value=wrong.value, expected=wrong.expected, fix=wrong.fix
        ) from wrong


def _row(
    original: _Original,
    draft: Draft | None,
    held: Mapping[str, str],
    stated: Mapping[str, str],
    captured: dt.date | None,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The row as it is to be, and which of its cells are the document's own word."""
    own = {
        "title": draft.title,
        "author": draft.author,
        "published": draft.published,
        "language": draft.language,
    } if draft and not held.get("path") else {}  # fmt: skip
    row = {
        "id": original.sha256,
        "url": original.url or "",
        "captured": captured.isoformat() if captured else "",
        **{name: value or "" for name, value in own.items()},
        **held,
        **stated,
        "path": original.path,
        "media_type": original.media_type if not held.get("path") else held.get("media_type", original.media_type),
    }
    guessed = tuple(
        name for name, value in own.items() if value and row[name] == value and name not in {**held, **stated}
    )
    return row, guessed


def _check(row: Mapping[str, str], listing: Listing) -> None:
    """That the row is one that a build accepts.

    Raises:
        InputError: a word or a day in it is none.
    """
    days = {
        name: _day(name, row[name], parse) for name, parse in (("published", parse_published), ("captured", parse_day))
        if row.get(name)
    }  # fmt: skip
    Document(**{name: value for name, value in {**row, **days}.items() if value and name in COLUMNS})  # type: ignore[arg-type]
    of = row.get("translation_of")
    if of and (of == row["id"] or of not in listing.ids()):
        raise NotFound(
            "a translation of a document that is not listed",
            column="translation_of",
            value=of,
            expected="the id of another document of this case",
            fix=did_you_mean(of, listing.ids()) or "add the document that was translated first",
        )


def _day(name: str, text: str, parse: Any) -> dt.date:
    try:
        day: dt.date = parse(text)
    except InputError as wrong:
        raise InputError(
            wrong.what, column=name, value=text, expected=wrong.expected, fix="write the day as 2016-03-27"
        ) from wrong
    return day


def _told(
    original: _Original,
    draft: Draft | None,
    row: Mapping[str, str],
    guessed: tuple[str, ...],
    held: Mapping[str, str],
    paths: _Paths,
) -> Added:
    filled = {name: cell for name, cell in row.items() if cell}
    if not held:
        outcome = "added"
    else:
        outcome = "unchanged" if draft is None and filled == {n: c for n, c in held.items() if c} else "updated"
    text = draft.text if draft else paths.text.read_text(encoding="utf-8")
    notes = (*original.mismatch, *(draft.notes if draft else ()))
    if draft and paths.original.is_file() and held.get("path"):
        notes = (*notes, "what is kept of it was not as it was left, and was put back")
    return Added(
        id=row["id"],
        sha256=original.sha256,
        kind=original.kind,
        outcome=outcome,
        row=filled,
        characters=len(text),
        pages=draft.pages if draft else text.count("\f") or None,
        guessed=guessed,
        notes=notes,
    )


def _keep(paths: _Paths, original: _Original, draft: Draft | None, listing: Listing) -> None:
    if draft is not None:
        paths.text.parent.mkdir(parents=True, exist_ok=True)
        write_whole(paths.original, original.raw)
        write_whole(paths.text, draft.text)
    listing.write()
