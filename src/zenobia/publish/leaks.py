"""The last look before anything leaves: no word, place, id or hash of what was withheld in any byte."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from zenobia.publish.programs import without_programs
from zenobia.terms import InputError

__all__ = ["Leak", "Secrets", "refuse_leaks"]

_GRAM = 8  # bytes: a longer text is looked for anywhere, a shorter one only where it stands as a word
_SHORTEST = 3
_WORD = re.compile(r"[\w-]+")
# What our pages write before an id, in the names of files and parts of pages.
_KIND = re.compile(r"(?:a|actor|brief|c|claim|control|course|front|map|place|r)-(?:\d+-)?")
_NEAR = 5e-4  # degrees: some fifty metres
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,3}\.\d{3,}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ](?!00:00:00(?:Z|\+00:00))\d\d:\d\d")


@dataclass(frozen=True, order=True)
class Leak:
    """Something withheld that stands in a file."""

    file: str
    what: str


@dataclass(frozen=True)
class Secrets:
    """What may not be told: texts with what they belong to, and points (latitude, longitude).

    Args:
        texts: by the text; the value says whose it is.
        ids: those of the texts that are ids, which are looked for as words of their own.
        spots: exact positions, with whose they are.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    spots: Mapping[tuple[float, float], str] = field(default_factory=dict)

    def found(self, text: str) -> list[str]:
        """Whose secrets a text tells, in whatever way it is written: escaped, encoded, in capitals."""
        forms = "\n".join(_forms(text))
        told = {self._long[folded] for folded in self._standing_in(forms)} | self._ids_in(forms)
        if self._short is not None:
            told |= {self._words[match.group()] for match in self._short.finditer(forms)}
        return sorted(told | set(self._spots_in(text)))

    def names(self, text: str) -> bool:
        """Whether a text tells any secret."""
        return bool(self.found(text))

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        folded = {_folded(text): whose for text, whose in sorted(self.texts.items())}
        return {text: whose for text, whose in folded.items() if len(text) >= _SHORTEST and not _is_any_number(text)}

    @cached_property
    def _long(self) -> Mapping[str, str]:
        long = {text: whose for text, whose in self._folded.items() if len(text.encode()) >= _GRAM}
        return {text: whose for text, whose in long.items() if text not in self._long_ids}

    @cached_property
    def _long_ids(self) -> Mapping[str, str]:
        """Ids that are words: "kiln-7" is not told by "kiln-77"."""
        ids = {folded for folded in map(_folded, self.ids) if _WORD.fullmatch(folded)}
        return {text: whose for text, whose in self._folded.items() if text in ids and len(text.encode()) >= _GRAM}

    @cached_property
    def _words(self) -> Mapping[str, str]:
        held = self._long.keys() | self._long_ids.keys()
        return {text: whose for text, whose in self._folded.items() if text not in held}

    @cached_property
    def _short(self) -> re.Pattern[str] | None:
        words = "|".join(re.escape(word) for word in sorted(self._words, key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") if words else None

    @cached_property
    def _starts(self) -> tuple[npt.NDArray[np.uint64], list[list[str]]]:
        """The first eight bytes of every long text, in order, and the texts that begin so."""
        begun: dict[int, list[str]] = {}
        for text in self._long:
            begun.setdefault(int(_grams(text.encode()[:_GRAM])[0]), []).append(text)
        order = sorted(begun)
        return np.array(order, dtype=np.uint64), [begun[start] for start in order]

    def _standing_in(self, forms: str) -> Iterator[str]:
        starts, texts = self._starts
        if not len(starts):
            return
        for at in np.flatnonzero(np.isin(starts, _grams(forms.encode("utf-8", "replace")))):
            yield from (text for text in texts[at] if text in forms)

    def _ids_in(self, forms: str) -> set[str]:
        """Whose ids stand in a text as words of their own, or behind the name of a kind: place-kiln-7."""
        if not self._long_ids:
            return set()
        words = set(_WORD.findall(forms))
        words |= {word[kind.end() :] for word in words if (kind := _KIND.match(word))}
        return {whose for text, whose in self._long_ids.items() if text in words}

    def _spots_in(self, text: str) -> Iterator[str]:
        """Whose points stand in a text: a latitude and a longitude within a few numbers of each other."""
        if not self.spots:
            return
        numbers = np.array([float(found) for found in _NUMBER.findall(text)])
        if not len(numbers):
            return
        for (lat, lon), whose in self.spots.items():
            lats, lons = (np.flatnonzero(np.abs(numbers - side) < _NEAR) for side in (lat, lon))
            if len(lats) and len(lons) and np.abs(lats[:, None] - lons[None, :]).min() <= 3:
                yield whose


def refuse_leaks(files: Mapping[str, bytes], secrets: Secrets) -> None:
    """Look through every byte that is about to leave, names of files too.

    Raises:
        InputError: something withheld stands in it; it says where, and nothing is written.
    """
    told = without_programs(files)
    leaks = sorted(leak for name, content in told.items() for leak in _leaks(name, content, secrets))
    if leaks:
        shown = "; ".join(f"{leak.file}: {leak.what}" for leak in leaks[:8])
        raise InputError(
            f"{len(leaks)} leaks: the release was not written",
            value=shown,
            expected="no byte that tells of what is withheld",
            fix="mark or reword what tells it, or name a word that is harmless under [publish] harmless",
        )


def _leaks(name: str, content: bytes, secrets: Secrets) -> Iterable[Leak]:
    text = f"{name}\n{content.decode('utf-8', 'replace')}"
    yield from (Leak(name, whose) for whose in secrets.found(text))
    if _MOMENT.search(text):
        yield Leak(name, "a moment at which something was recorded")


def _grams(data: bytes) -> npt.NDArray[np.uint64]:
    """Every eight bytes of a text that follow each other, as one number each."""
    held = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    count = max(0, len(held) - _GRAM + 1)
    grams = np.zeros(count, dtype=np.uint64)
    for place in range(_GRAM):
        grams |= held[place : place + count] << np.uint64(8 * place)
    return grams


def _forms(text: str) -> Iterator[str]:
    """A text as it stands, and as a reader of HTML, JSON, addresses and our anchors has it."""
    seen = set()
    plain = html.unescape(text)
    unquoted = (
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), plain).replace('\\"', '"').replace('""', '"')
    )
    unquoted = re.sub(r"\\[bfnrt]", " ", unquoted)
    anchored = re.sub(r"_([0-9a-f]{1,6})_", _letter, plain)
    for form in (plain, unquoted, unquote(plain, errors="replace"), anchored):
        folded = _folded(form)
        if folded not in seen:
            seen.add(folded)
            yield folded


def _letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def _folded(text: str) -> str:
    """One spelling: composed letters, no capitals, no marks of direction, single spaces."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub("[\u200b-\u200f\u2060\ufeff]", "", whole).split())


def _is_any_number(text: str) -> bool:
    """A short figure stands on every page and tells nothing."""
    return text.replace(".", "").isdigit() and len(text) < 6
