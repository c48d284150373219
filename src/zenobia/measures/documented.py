"""documented: how many independent voices say that something was so, and of which side they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from zenobia.measures.answer import Answer, Figure
from zenobia.measures.bearing import NONE, Kinds
from zenobia.measures.prepared import NOTHING, Needs, Prepared
from zenobia.measures.question import OF_KEYS, Of, Precision, Question, Variation
from zenobia.measures.selection import Selection, credible, select
from zenobia.measures.sheet import MAYBE
from zenobia.measures.variations import bloc_variations, margins, precision_floor
from zenobia.measures.voices import bloc_of, by_voice, is_listed
from zenobia.measures.wording import about, actor_name, between, kind_asked, listing, number, source_name
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, did_you_mean

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Documented"]

Rows = npt.NDArray[np.intp]


class Documented(Question):
    """How many independent voices tell of such a thing.

    A voice is an origin, however many pass it on; unnamed origins are one together; the claimant is
    none. What is shown is exact for this record; a verdict takes it as "at least": that the record
    holds no second voice denies nothing.
    """

    measure: Literal["documented"] = "documented"
    of: Of
    precision: Precision | None = None

    shortcuts: ClassVar[Mapping[str, str]] = dict.fromkeys(OF_KEYS, "of")

    @property
    def kinds(self) -> Kinds:
        """Reports of the types that are asked about, and all topics, for the nearest to one that nobody speaks of."""
        return replace(NONE, topics=bool(self.of.topic)).and_types(self.of.type)

    def needs(self, view: View) -> Needs:
        """Nothing."""
        return NOTHING

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The voices, each with its side and its reports."""
        selection = select(view, self.of, sources=self.sources, precision=self.precision, apart=self.apart)
        told = by_voice(view, _credible(selection, selection.sure))
        doubtful = by_voice(view, _credible(selection, np.flatnonzero(selection.levels == MAYBE)))
        if not (told or doubtful or selection.claimant_only):
            raise NotMeasurable(
                f"no report says so of {_what(self, view)}{_nearest(self, selection)}, and silence denies nothing;"
                " a document that tells of it would settle it"
            )
        return _answer(self, view, selection, told, {v: rows for v, rows in doubtful.items() if v not in told})

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        when = f" {between(self.of.start, self.of.end)}" if self.of.start or self.of.end else ""
        return f"independent voices that tell of {_what(self, view)}{when}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, exact places only, margins of a circle."""
        exact = () if self.of.anywhere else tuple(precision_floor(self.precision))
        return (*bloc_variations(view, self, self.sources), *exact, *margins(self.of, "of"))


def _nearest(asked: Documented, selection: Selection) -> str:
    """The nearest topic that the record has, for one that nobody speaks of: it may be misspelt."""
    known = {topic for word in selection.sheet.coded("topic")[0] for topic in word.split("|")}
    hints = [did_you_mean(topic, known) for topic in asked.of.topic if topic not in known]
    return f" ({'; '.join(filter(None, hints))})" if any(hints) else ""


def _credible(selection: Selection, rows: Rows) -> Rows:
    """Those that are not said to be doubtful or improbable."""
    return rows[credible(selection.sheet)[rows]]


def _answer(
    asked: Documented,
    view: View,
    selection: Selection,
    told: Mapping[str, list[int]],
    doubtful: Mapping[str, list[int]],
) -> Answer:
    sheet = selection.sheet
    figures = tuple(_figure(view, voice, rows, selection) for voice, rows in told.items())
    reports = tuple(sorted({report for figure in figures for report in figure.reports}))
    may_be = sheet.named(row for rows in doubtful.values() for row in rows)
    return Answer(
        measure="documented",
        asked=asked.asked(),
        frame=None,
        found=_voices(len(told), len(told) + len(doubtful)),
        judged=_voices(len(told), None),
        evidence=tuple(sorted({*reports, *may_be})),
        says=_says(asked, view, figures, bool(selection.claimant_only)),
        for_=reports,
        claimant_only=selection.claimant_only,
        left_out=(*selection.left_out, *_doubted(selection), *((r, "may be about something else") for r in may_be)),
        by_source=figures,
        notes=tuple(_notes(view, told, figures)),
        voices=len(told),
        settle="a document of somebody else who tells of it would settle it",
        known=view.known,
    )


def _voices(low: int, high: int | None) -> Bounds:
    best = low if high is None or low == high else None
    return Bounds(low=low, best=best, high=high, unit="voice", meaning="reported")


def _figure(view: View, voice: str, rows: list[int], selection: Selection) -> Figure:
    return Figure(
        source=voice,
        name=source_name(view, voice),
        bloc=bloc_of(view, voice, rows),
        found=_voices(1, 1),
        reports=selection.sheet.named(rows),
    )


def _doubted(selection: Selection) -> Iterator[tuple[str, str]]:
    rows = selection.possible
    for row in np.setdiff1d(rows, _credible(selection, rows)):
        yield str(selection.sheet.ids[row]), "said to be doubtful or improbable (credibility 4 or 5)"


def _notes(view: View, told: Mapping[str, list[int]], figures: tuple[Figure, ...]) -> Iterator[str]:
    if figures:
        yield f"of these voices {_sides(view, figures)}"
    blocs = {figure.bloc for figure in figures}
    if len(figures) > 1 and len(blocs) == 1 and None not in blocs:
        yield f"all of them stand with {actor_name(view, next(iter(blocs)) or '')}: they may share an interest"
    strangers = [voice for voice in told if not is_listed(view, voice)]
    if strangers:
        names = listing(source_name(view, voice) for voice in strangers)
        yield f"the record does not list {names}, and nobody knows whose side that takes"


def _sides(view: View, figures: tuple[Figure, ...]) -> str:
    """2 stand with the government and 1 with no side."""
    tally = Counter(figure.bloc for figure in figures)
    ordered = sorted(tally.items(), key=lambda item: (item[0] is None, item[0] or ""))
    sides = [(n, "no side" if bloc is None else actor_name(view, bloc)) for bloc, n in ordered]
    first, *rest = (f"{n} {'stands' if n == 1 else 'stand'} with {side}" for n, side in sides)
    return listing([first, *rest])


def _says(asked: Documented, view: View, figures: tuple[Figure, ...], claimant: bool) -> str:
    what = _what(asked, view)
    if not figures:
        return f"nobody{' but the claimant' if claimant else ''} surely tells of {what}"
    if len(figures) == 1:
        bloc = figures[0].bloc
        side = "no side" if bloc is None else actor_name(view, bloc)
        return f"one independent voice ({figures[0].name}), which stands with {side}, tells of {what}"
    names = listing(figure.name for figure in figures)
    return f"{number(len(figures))} independent voices ({names}) tell of {what}; {_sides(view, figures)}"


def _what(asked: Documented, view: View) -> str:
    of = asked.of
    if of.type == ("statement",):
        # Whom a statement names it is about, whoever makes it.
        named = dict.fromkeys(actor_name(view, actor) for actor in (*of.actor, *of.target, *of.holder))
        return (
            f"statements{about(of.topic)}{f' that concern {listing(named)}' if named else ''}{ground_words(view, of)}"
        )
    if of.type == ("formation",) and of.actor:
        return f"the formation of {listing((actor_name(view, a) for a in of.actor), 'or')}{ground_words(view, of)}"
    told = [kind_asked(of)]
    by_holder = "by" if of.type == ("siege",) else "for"
    for word, actors in (("by", of.actor), ("against", of.target), (by_holder, of.holder)):
        if actors:
            told.append(f"{word} {listing((actor_name(view, actor) for actor in actors), 'or')}")
    return f"{' '.join(told)}{ground_words(view, of)}"
