"""The programs on our pages: our own few scripts, and the map library, if the build brought it (hatch_build.py)."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup

__all__ = ["LIBRARY", "OURS", "hash_of", "library", "packed", "script", "without_programs"]

LIBRARY = "maplibre-gl.js"
OURS = ("keys.js", "slider.js", "timemap.js")


@cache
def script(name: str) -> Markup:
    """One of our own scripts, without remarks and indentation: a page carries it whole."""
    text = (files("zenobia.publish") / "templates" / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return Markup("\n".join(line for line in lines if not line.startswith("//")))


@cache
def _compressed() -> bytes | None:
    found = files("zenobia.publish") / "web" / f"{LIBRARY}.gz"
    return found.read_bytes() if found.is_file() else None


@cache
def library() -> str | None:
    """MapLibre GL JS with its licence, as a script; ``None`` where the installation went without."""
    kept = _compressed()
    return gzip.decompress(kept).decode("utf-8") if kept else None


@cache
def packed() -> str | None:
    """The same for the inside of a page, where size counts: compressed, and written in base 64."""
    kept = _compressed()
    return base64.b64encode(kept).decode("ascii") if kept else None


def hash_of(program: str) -> str:
    """The hash by which a content security policy lets one script run and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(program.encode('utf-8')).digest()).decode()}"


def without_programs(content: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files without the programs in them: they are the same in every release, and no word of theirs is a leak."""
    programs = [text.encode("utf-8") for text in (library(), packed(), *map(script, OURS)) if text]
    return {name: _cut(text, programs) for name, text in content.items()}


def _cut(text: bytes, programs: list[bytes]) -> bytes:
    for program in programs:
        text = text.replace(program, b"")
    return text
