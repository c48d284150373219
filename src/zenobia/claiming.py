"""Claims written down: what can be asked, how a claim would fare, and the file of the case that it goes into."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from zenobia import case, claims, measures
from zenobia.record import CACHE, View, write_whole, writing
from zenobia.terms import InputError

__all__ = ["askable", "doubts", "drafted", "put_down", "would_be"]

_FILE = "claims.yaml"


def askable() -> list[dict[str, Any]]:
    """Every measure: what it answers, the keys that it needs, and those that it may have."""
    return [_askable(name, kind) for name, kind in sorted(measures.MEASURES.items())]


def drafted(about: Mapping[str, Any], measure: str | None, words: Sequence[str]) -> dict[str, Any]:
    """A claim as it would stand in the file, its question asked in words such as ``place=palmyra``.

    Raises:
        InputError: a key is missing, or is not what it should be.
    """
    if measure and about.get("settles"):
        raise InputError(
            "both a question and what would settle it without one",
            value=about["settles"],
            fix="leave out --settles, or --measure and its keys",
        )
    if not measure and not about.get("settles"):
        raise InputError(
            "nothing is asked",
            expected="a measure with its keys, or what would settle the claim where no record can test it",
            fix="give --measure (`zenobia claim measures` lists them) or --settles",
        )
    return claims.drafted(about, measures.ask_from_words(measure, words) if measure else None)


def doubts(claim: claims.Claim, view: View) -> Iterator[str]:
    """What is odd about a claim and yet allowed: no word of somebody unknown to the case can be set apart."""
    if claim.by and claim.by not in view.sources and claim.by not in view.actors:
        yield f"{claim.by} is no source or actor of the case, so no word of theirs can be set apart"
    if claim.document and claim.document not in set(view.table("documents").column("id").to_pylist()):
        yield f"{claim.document} is no document of the case"


def would_be(folder: case.CaseFolder, raw: Mapping[str, Any]) -> tuple[Path, str]:
    """The file of the case that a claim would go into, and the whole of its text with the claim at its end."""
    paths = {folder.name(path): path for path in folder.claims()}
    name = next((n for n in (_FILE, "claims.yml") if n in paths), _FILE)
    texts = {n: _text(path, n) for n, path in paths.items()}
    return folder.root / name, claims.appended(texts, name, raw)


def put_down(folder: case.CaseFolder, raw: Mapping[str, Any]) -> Path:
    """Put a claim at the end of the case's claims, in one step and while nobody else writes. Returns the file."""
    with writing(folder.root / CACHE):
        path, text = would_be(folder, raw)
        marked = path.exists() and path.read_bytes().startswith(codecs.BOM_UTF8)
        write_whole(path, (codecs.BOM_UTF8 if marked else b"") + text.encode("utf-8"))
    return path


def _text(path: Path, name: str) -> str:
    """A file with its own ends of lines, so that what stands in it stays as it is."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputError("not UTF-8", file=name, fix="save the file as UTF-8") from wrong


def _askable(name: str, kind: type[measures.Question]) -> dict[str, Any]:
    needed = [field.alias or key for key, field in kind.model_fields.items() if field.is_required()]
    other = [key for key in measures.keys_of(kind) if key not in needed and key != "measure"]
    within = {key: list(inner) for key in (*needed, *other) if (inner := measures.keys_below(kind, key))}
    return {"measure": name, "answers": _first_words(kind), "needs": needed, "may_have": other, "keys_of": within}


def _first_words(kind: type[measures.Question]) -> str:
    """The first paragraph of what a measure says of itself, on one line."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")
