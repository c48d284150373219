"""A case as a research object: its tables, verdicts and briefings in one folder or archive that says what it holds.

``ro-crate-metadata.json`` names every file with its size and SHA-256, the record that it was worked out
from, and the runs that made that record, each with its inputs (PROV-O's activities).

Source: RO-Crate Metadata Specification 1.1, w3id.org/ro/crate/1.1; PROV-O, w3.org/TR/prov-o
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zenobia.record import write_whole, written_whole
from zenobia.record.disk import sync_folder
from zenobia.terms import InputError, Run

__all__ = ["Crate", "Part", "write_crate"]

_METADATA = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_TERMS = {"prov": "http://www.w3.org/ns/prov#", "sha256": "https://schema.org/sha256"}
_ZENOBIA = "#zenobia"
# The same bytes every time: an archive keeps the time of each part.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a crate: where it stands, what it is, and what makes its bytes."""

    path: str
    name: str
    media_type: str
    content: Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Crate:
    """What a crate says of itself.

    Attributes:
        id, title: those of the case.
        record: hash of the record that everything in it was worked out from.
        day: the moment of knowledge; it stands as the day of publication, since no clock is read.
        code: the version of the program.
        runs: the steps that made the record, oldest first.
        authors: who answers for it. publisher: who hands it on. Each ``Name`` or ``Name <https://address>``.
    """

    id: str
    title: str
    record: str
    day: dt.date | None
    code: str
    runs: Sequence[Run] = ()
    authors: Sequence[str] = ()
    publisher: str = ""


def write_crate(crate: Crate, parts: Iterable[Part], out: Path) -> int:
    """Write a crate as an archive where ``out`` ends in .zip, else as a folder. Returns how many files it lists.

    Raises:
        InputError: a folder of that name is there already, and something is in it.
    """
    with _packing(out) if out.suffix.casefold() == ".zip" else _laying(out) as put:
        listed = []
        for part in parts:
            content = part.content()
            put(part.path, content)
            listed.append(_file(part, content))
        told = json.dumps(_metadata(crate, listed), ensure_ascii=False, indent=1)
        put(_METADATA, told.encode("utf-8") + b"\n")
    return len(listed)


# --- what stands in the metadata ---------------------------------------------------------------


def _metadata(crate: Crate, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    runs = [_run(run, before) for run, before in zip(crate.runs, (None, *crate.runs), strict=False)]
    return {
        "@context": [f"{_PROFILE}/context", _TERMS],
        "@graph": [
            {
                "@id": _METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _PROFILE},
                "about": {"@id": "./"},
            },
            _root(crate, files),
            *_signed(crate),
            *files,
            _export(crate, files),
            *runs,
            *_inputs(crate.runs),
            {"@id": "#licences", "@type": "CreativeWork", "name": "Each source under its own licence: see sources.csv"},
            *_programs(crate),
        ],
    }


def _root(crate: Crate, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "identifier": crate.id,
        "name": crate.title,
        "description": f"The record of the case {crate.id}: who said what when, what we hold happened, who held each "
        "place, and what published claims come to when tested against it.",
        **({"datePublished": crate.day.isoformat()} if crate.day else {}),
        "version": crate.record,
        "license": {"@id": "#licences"},
        **_signatures(crate),
        "hasPart": [{"@id": file["@id"]} for file in files],
        "mentions": [{"@id": "#export"}, *({"@id": _run_id(run)} for run in crate.runs)],
    }


def _signed(crate: Crate) -> Iterator[dict[str, Any]]:
    """Who answers for the crate: known by their address where they have one, such as an ORCID or a ROR."""
    yield from (_signer(author, "Person", f"author-{n}") for n, author in enumerate(crate.authors, 1))
    yield from (_signer(house, "Organization", "publisher") for house in [crate.publisher] if house)


def _signer(written: str, kind: str, otherwise: str) -> dict[str, Any]:
    name, _, address = written.partition("<")
    address = address.strip().removesuffix(">").strip()
    known = address if address.startswith(("https://", "http://")) else f"#{otherwise}"
    return {"@id": known, "@type": kind, "name": name.strip() or written}


def _signatures(crate: Crate) -> dict[str, Any]:
    """Ties to them; one thing stands there as itself, and not as a list."""
    found: dict[str, list[dict[str, str]]] = {}
    for signer in _signed(crate):
        key = "author" if signer["@type"] == "Person" else "publisher"
        found.setdefault(key, []).append({"@id": signer["@id"]})
    return {key: ties[0] if len(ties) == 1 else ties for key, ties in found.items()}


def _file(part: Part, content: bytes) -> dict[str, Any]:
    return {
        "@id": part.path,
        "@type": "File",
        "name": part.name,
        "encodingFormat": part.media_type,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _export(crate: Crate, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What made the files: the program, from the record that the last run left."""
    return {
        "@id": "#export",
        "@type": ["CreateAction", "prov:Activity"],
        "name": "Tables, verdicts and briefings worked out from the record",
        "description": f"from record {crate.record}",
        "instrument": {"@id": _program_id(crate.code)},
        **_informed_by(crate.runs[-1] if crate.runs else None),
        "result": [{"@id": file["@id"]} for file in files],
    }


def _run(run: Run, before: Run | None) -> dict[str, Any]:
    return {
        "@id": _run_id(run),
        "@type": ["CreateAction", "prov:Activity"],
        "name": f"{run.step} ({run.id})",
        "endTime": _moment(run.started),
        "instrument": {"@id": _program_id(run.code)},
        **_informed_by(before),
        "object": [{"@id": _input_id(name, digest)} for name, digest in sorted(run.inputs.items())],
    }


def _informed_by(run: Run | None) -> dict[str, Any]:
    """A tie to the run before; one thing stands there as itself, and not as a list."""
    return {"prov:wasInformedBy": {"@id": _run_id(run)}} if run else {}


def _inputs(runs: Sequence[Run]) -> Iterator[dict[str, Any]]:
    """The files that runs read, each version once; they are told by their hash and do not lie in the crate."""
    for name, digest in sorted({item for run in runs for item in run.inputs.items()}):
        kind = ["CreativeWork", "prov:Entity"]
        yield {"@id": _input_id(name, digest), "@type": kind, "name": name, "sha256": digest.removeprefix("sha256:")}


def _programs(crate: Crate) -> Iterator[dict[str, Any]]:
    for version in sorted({crate.code, *(run.code for run in crate.runs)}):
        kind = ["SoftwareApplication", "prov:SoftwareAgent"]
        yield {"@id": _program_id(version), "@type": kind, "name": "Zenobia", "version": version}


def _run_id(run: Run) -> str:
    return f"#{run.id}"


def _program_id(version: str) -> str:
    return f"{_ZENOBIA}-{version}"


def _input_id(name: str, digest: str) -> str:
    return f"#input-{hashlib.sha256(f'{name} {digest}'.encode()).hexdigest()[:16]}"


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# --- where it goes -----------------------------------------------------------------------------

_Put = Callable[[str, bytes], None]


@contextmanager
def _packing(out: Path) -> Iterator[_Put]:
    with written_whole(out) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:

        def put(path: str, content: bytes) -> None:
            part = zipfile.ZipInfo(path, _NO_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            packed.writestr(part, content)

        yield put


@contextmanager
def _laying(out: Path) -> Iterator[_Put]:
    """A folder that takes its place when the block ends and not before."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(
            "something is there already",
            file=out,
            expected="a name that is free, or an empty folder",
            fix="name another, or take the old one away first; a name that ends in .zip is overwritten",
        )
    target = out.resolve()
    making = target.with_name(f".{target.name}.{os.getpid()}.part")
    making.mkdir(parents=True)

    def put(path: str, content: bytes) -> None:
        file = making / path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)

    try:
        yield put
        with suppress(FileNotFoundError):
            target.rmdir()
        os.replace(making, target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    sync_folder(target.parent)
