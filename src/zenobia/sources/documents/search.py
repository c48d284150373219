"""Full-text search over the working copies: which documents hold these words, and where.

A document is found if it holds every word and every phrase that is asked for, in any of their
spellings; the best match comes first (BM25: a word counts for more the rarer it is, and the shorter
the text).

Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zenobia.record import CACHE, write_whole
from zenobia.sources.documents.capture import text_path
from zenobia.sources.documents.index import Index
from zenobia.sources.documents.passages import page_of
from zenobia.sources.documents.reading import kind_of, read
from zenobia.sources.documents.text import shown
from zenobia.sources.documents.words import words_of
from zenobia.terms import Document, InputError

__all__ = ["Found", "Hit", "Snippet", "search"]

_K1, _B = 1.2, 0.75
_SNIPPETS, _REACH, _AROUND = 3, 160, 70

_QUOTED = re.compile('["“”«»„]([^"“”«»„]*)["“”«»„]')


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """A stretch of a working copy with words that were asked for; places are counted in characters of it."""

    start: int
    end: int
    text: str
    page: int | None
    matches: tuple[tuple[int, int], ...]

    def marked(self, left: str = "[", right: str = "]") -> str:
        """The stretch on one line, with the words that match between two marks."""
        pieces, at = [], self.start
        for start, end in self.matches:
            pieces += [
                self.text[at - self.start : start - self.start],
                left,
                self.text[start - self.start : end - self.start],
                right,
            ]
            at = end
        return " ".join("".join([*pieces, self.text[at - self.start :]]).split())


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A document that was found: how well it fits, how often, and the stretches that show it best."""

    document: Document
    score: float
    count: int
    snippets: tuple[Snippet, ...]

    def to_json(self) -> dict[str, Any]:
        """One entry of ``documents`` in `search --json`."""
        shown = {
            name: getattr(self.document, name)
            for name in ("id", "title", "author", "source", "url", "language", "sensitivity", "translation_of")
        }
        published = self.document.published.isoformat() if self.document.published else None
        snippets = [
            {"text": s.text, "start": s.start, "end": s.end, "page": s.page, "matches": [list(m) for m in s.matches]}
            for s in self.snippets
        ]
        return {
            **shown,
            "published": published,
            "score": round(self.score, 4),
            "hits": self.count,
            "snippets": snippets,
        }


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found.

    Attributes:
        asked: the words and phrases, as they were understood.
        hits: the best documents first.
        total: how many documents were found in all.
        holding: in how many documents each word or phrase stands by itself.
        searched: how many texts were looked through.
        without_text: ids of documents that are listed and have no text here.
        undated: ids of documents that were left out because nobody says when they were published.
    """

    asked: tuple[str, ...]
    hits: tuple[Hit, ...]
    total: int
    holding: Mapping[str, int]
    searched: int
    without_text: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    known: dt.date | None = None

    def to_json(self) -> dict[str, Any]:
        """The shape of `search --json`."""
        return {
            "asked": list(self.asked),
            "known": self.known.isoformat() if self.known else None,
            "found": self.total,
            "searched": self.searched,
            "holding": dict(self.holding),
            "documents": [hit.to_json() for hit in self.hits],
            "without_text": list(self.without_text),
            "undated": list(self.undated),
        }

    def lines(self) -> list[str]:
        """The same for a terminal, without characters that would act on it."""
        hits = (line for place, hit in enumerate(self.hits, 1) for line in _hit_lines(place, hit))
        return [shown(line)[0] for line in (*hits, *self._summary())]

    def _summary(self) -> list[str]:
        told = [f"{self.total} of {self.searched} documents with a text hold {' and '.join(self.asked)}."]
        if not self.total:
            told += [f"  {words}: in {count} of them" for words, count in self.holding.items()]
        elif self.total > len(self.hits):
            told.append(f"  the best {len(self.hits)} are shown: --limit N shows more")
        if self.without_text:
            told.append(f"  {len(self.without_text)} listed documents have no text here and were not searched")
        if self.undated:
            told.append(
                f"  {len(self.undated)} documents without a day of publication were left out because of --known"
            )
        return told


def search(
    root: Path,
    words: Sequence[str],
    documents: Iterable[Document],
    *,
    known: dt.date | None = None,
    limit: int = 10,
    any_word: bool = False,
) -> Found:
    """Find documents by words.

    Args:
        root: the case folder.
        words: what is asked for. A text with a blank in it, or in quotation marks, is a phrase; an
            asterisk at its end stands for any ending.
        documents: the documents of the case.
        known: only documents that were published by this day.
        limit: how many hits to show.
        any_word: find documents that hold any of the words, not all of them.

    Raises:
        InputError: there is no word among what is asked for.
    """
    asked = _asked(words)
    listed = {document.id: document for document in sorted(documents, key=lambda document: document.id)}
    # The index holds every text, whatever the day; what was not known by then is left out of what it says.
    held = {d: text for d, document in listed.items() if (text := _text(root, document)) is not None}
    digests = {d: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for d, text in held.items()}
    index = Index.of(root, {digest: held[d] for d, digest in digests.items()})
    then = {d for d, document in listed.items() if not known or (document.published and document.published <= known)}
    texts = sorted(then & set(held))
    lengths = {digests[d]: index.lengths[digests[d]] for d in texts}
    found = [_standing(part, index, lengths) for part in asked]
    scores = _scores(found, lengths, any_word=any_word)
    ranked = sorted((d for d in texts if digests[d] in scores), key=lambda d: (-scores[digests[d]], d))
    standing = zip(asked, found, strict=True)
    return Found(
        asked=tuple(part.words for part in asked),
        hits=tuple(_hit(listed[d], held[d], digests[d], scores, found) for d in ranked[:limit]),
        total=len(ranked),
        holding={part.words: sum(digests[d] in places for d in texts) for part, places in standing},
        searched=len(texts),
        without_text=tuple(d for d in listed if d in then and d not in held),
        undated=tuple(d for d in listed if known and listed[d].published is None),
        known=known,
    )


@dataclass(frozen=True)
class _Part:
    """One word or phrase that is asked for: its keys in order, each whole or a beginning."""

    words: str
    keys: tuple[tuple[str, bool], ...] = field(default=())


# Where a word or phrase stands: by text, the (start, end) of each time it does.
_Places = dict[str, list[tuple[int, int]]]


def _asked(words: Sequence[str]) -> list[_Part]:
    parts = [_part(piece) for text in words for piece in _pieces(text)]
    asked = [part for part in dict.fromkeys(parts) if part.keys]
    if not asked:
        raise InputError(
            "no word to search for",
            value=" ".join(words),
            expected="at least one word of letters or digits",
            fix='write words, or a phrase in quotation marks: zenobia search palmyra "tiger forces"',
        )
    return asked


def _pieces(text: str) -> list[str]:
    """The phrases in quotation marks, and what stands around them; without marks, the text is one piece."""
    quoted = _QUOTED.findall(text)
    if not quoted:
        return [text]
    return [*quoted, *_QUOTED.sub(" ", text).split()]


def _part(text: str) -> _Part:
    words = list(words_of(text))
    keys = tuple((keys[0], text[end : end + 1] == "*") for _, end, keys in words)
    return _Part(" ".join(text.split()), keys)


def _standing(part: _Part, index: Index, texts: Collection[str]) -> _Places:
    """Where a word or a phrase stands in some texts."""
    rows = index.rows([k for k, open_end in part.keys if not open_end], [k for k, open_end in part.keys if open_end])
    places: list[dict[str, dict[int, tuple[int, int]]]] = [defaultdict(dict) for _ in part.keys]
    digests = index.texts
    for word, number, place, start, end in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        for asked, (key, open_end) in zip(places, part.keys, strict=True):
            if word == key or (open_end and word.startswith(key)):
                asked[digests[number]][place] = (start, end)
    first, *others = places
    found: _Places = {}
    for text in sorted(set(first) & set(texts)):
        starts = first[text]
        runs = [
            (span[0], others[-1][text][place + len(others)][1] if others else span[1])
            for place, span in sorted(starts.items())
            if all(place + step in other.get(text, ()) for step, other in enumerate(others, 1))
        ]
        if runs:
            found[text] = runs
    return found


def _scores(found: Sequence[_Places], lengths: Mapping[str, int], *, any_word: bool) -> dict[str, float]:
    """BM25 of every text that holds what is asked for; ``lengths`` are those of all texts, in words."""
    holding = [set(places) for places in found]
    texts = set.union(*holding) if any_word else set.intersection(*holding)
    average = sum(lengths.values()) / max(1, len(lengths)) or 1.0
    scores = dict.fromkeys(texts, 0.0)
    for places in found:
        rarity = math.log(1 + (len(lengths) - len(places) + 0.5) / (len(places) + 0.5))
        for text in texts & set(places):
            times, length = len(places[text]), lengths[text] / average
            scores[text] += rarity * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
    return scores


def _hit(document: Document, text: str, digest: str, scores: Mapping[str, float], found: Sequence[_Places]) -> Hit:
    spans = sorted({(span, part) for part, places in enumerate(found) for span in places.get(digest, ())})
    return Hit(document=document, score=scores[digest], count=len(spans), snippets=_snippets(text, spans))


def _snippets(text: str, spans: Sequence[tuple[tuple[int, int], int]]) -> tuple[Snippet, ...]:
    """The stretches with the most different words, in the order of the text."""
    groups: list[list[tuple[tuple[int, int], int]]] = []
    for span, part in spans:
        if groups and span[1] - groups[-1][0][0][0] <= _REACH:
            groups[-1].append((span, part))
        else:
            groups.append([(span, part)])
    best = sorted(groups, key=lambda group: (-len({part for _, part in group}), -len(group), group[0]))[:_SNIPPETS]
    return tuple(_snippet(text, [span for span, _ in group]) for group in sorted(best))


def _snippet(text: str, spans: Sequence[tuple[int, int]]) -> Snippet:
    first, last = spans[0][0], max(end for _, end in spans)
    start, end = max(0, first - _AROUND), min(len(text), last + _AROUND)
    # Begin and end between words where one is near.
    if start and (blank := re.search(r"\s", text[start:first])):
        start += blank.end()
    if end < len(text) and (blank := re.search(r"\s\S*$", text[last:end])):
        end = last + blank.start()
    apart: list[tuple[int, int]] = []
    for span in spans:
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return Snippet(start=start, end=end, text=text[start:end], page=page_of(text, first), matches=tuple(apart))


def _text(root: Path, document: Document) -> str | None:
    """The working copy of a document; of an original that was listed by hand it is made, and kept in the cache."""
    if not document.path:
        return None
    beside = text_path(root, document.path)
    original = root / "documents" / document.path
    if beside.is_file():
        return _read_text(beside)
    if not original.is_file():
        return None
    raw = original.read_bytes()
    kept = root / CACHE / "search" / "texts" / f"{hashlib.sha256(raw).hexdigest()}.txt"
    if kept.is_file():
        return _read_text(kept)
    try:
        kind = kind_of(original.name, raw[:8192])
        text = read(kind, raw).text if kind else None
    except InputError:
        return None
    if text is not None:
        with suppress(OSError):  # a folder that cannot be written to is searched all the same
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, text)
    return text


def _read_text(path: Path) -> str:
    with open(path, encoding="utf-8", errors="replace", newline="") as held:
        return held.read()


def _hit_lines(place: int, hit: Hit) -> list[str]:
    document = hit.document
    known = [
        document.published.isoformat() if document.published else "no date",
        document.language or "",
        document.id[:12],
    ]
    times = f"{hit.count} {'time' if hit.count == 1 else 'times'}"
    lines = [f"{place}. {document.title or document.path}   ({', '.join(filter(None, known))}; {times})"]
    for snippet in hit.snippets:
        page = f"p. {snippet.page}: " if snippet.page else ""
        lines.append(f"     {page}... {snippet.marked()} ...")
    return lines
