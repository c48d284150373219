"""Which actor or place a name means.

A name is looked up in widening circles: as an id, as written, without what carries no meaning
(`normalise`), by its consonants (`skeleton`). The first circle that holds it decides. Homonyms are
never guessed between: where they stand, their province, their kind or the day may decide, and the
match says which did; otherwise it is ambiguous and lists them. Names that merely look alike are
suggested to the reader, never taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import inf
from typing import Literal

from rapidfuzz import fuzz, process

from zenobia.terms.errors import InputError, NotFound
from zenobia.terms.homonyms import SITES, Hints, choose, confirmed, province_key
from zenobia.terms.nouns import Actor, Affiliation, Area, Place, Source
from zenobia.terms.spelling import Reading, did_you_mean, normalise, readings, skeleton, vowelled

__all__ = ["Match", "Named", "Names", "Outcome", "Suggestion", "did_you_mean", "normalise", "skeleton"]

Outcome = Literal["exact", "alias", "normalised", "skeleton", "ambiguous", "unknown"]

# How many consonants a skeleton must hold to be a match: fewer where the vowels are the same and not only
# in the same places, and one fewer where the position or the province speaks for it. No list of places is
# complete, so a short skeleton that one listed place has belongs as likely to a village that is not
# listed. Of GED's Syrian names with three consonants like one of 308 places, 4 of 6 were right where the
# vowels were the same, 5 of 16 where they stood in the same places (5 of 6 if the province agreed), 2 of
# 60 elsewhere; with two consonants and the same vowels 3 of 7 (3 of 4). See docs/names.md.
_SAME_VOWELS, _VOWELS_IN_PLACE = 3, 4


@dataclass(frozen=True, kw_only=True)
class Named:
    """A thing that has names: an actor, a place, a source, an area.

    ``names`` are its names by language; ``aliases`` any other spelling. It is valid from ``start``
    until the day before ``end``.
    """

    id: str
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    lat: float | None = None
    lon: float | None = None
    start: date | None = None
    end: date | None = None

    @classmethod
    def of(cls, noun: Actor | Area | Place | Source) -> Named:
        """The names of a noun, with what helps to tell homonyms apart."""
        own = {"en": noun.name, "ar": getattr(noun, "name_ar", None)}
        extra = ("aliases", "kind", "admin1", "admin2", "lat", "lon", "start", "end")
        return cls(
            id=noun.id,
            names={language: name for language, name in own.items() if name},
            **{name: getattr(noun, name) for name in extra if hasattr(noun, name)},
        )

    @property
    def name(self) -> str:
        """The name to show: the first one given."""
        return next(iter(self.names.values()), self.id)

    def spellings(self) -> Iterator[tuple[str, Outcome]]:
        """Every name as written, with what a match on it is called."""
        yield self.id, "exact"
        yield from ((name, "exact") for name in self.names.values())
        yield from ((alias, "alias") for alias in self.aliases)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Something that looks like what was asked for; ``score`` is 0 to 100. Never a match."""

    id: str
    name: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a name was found to mean, and by which rule.

    ``id`` is set only where one thing is meant. ``decided_by`` names the hint that chose between
    homonyms; ``why`` says what stood in the way where there is no id. An ambiguous name may have a
    single candidate: one that a hint speaks against.
    """

    text: str
    outcome: Outcome
    id: str | None = None
    candidates: tuple[str, ...] = ()
    decided_by: str | None = None
    why: str = ""
    _suggest: Callable[[str], tuple[Suggestion, ...]] = field(default=lambda _: (), repr=False, compare=False)

    @cached_property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What the reader may have meant; worked out when asked, and only where nothing was found."""
        return self._suggest(self.text) if self.outcome == "unknown" else ()

    def required(
        self,
        what: str = "name",
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> str:
        """The id, for a caller that cannot go on without one.

        Raises:
            NotFound: the name is unknown or ambiguous; says where it stood and what may be meant.
        """
        if self.id is not None:
            return self.id
        options = self.candidates or tuple(suggestion.id for suggestion in self.suggestions)
        raise NotFound(
            f"{self.outcome} {what}",
            file=file,
            row=row,
            column=column,
            value=self.text,
            expected=f"an id, or the name of one known thing; but {self.why}",
            fix=f"write the id that is meant: {', '.join(options)}"
            if options
            else "add it, or add this spelling to the aliases of the one that is meant",
        )


class Names:
    """All the names of a list of things, and the things they mean.

    Args:
        things: what has names; ids are unique.
        ties: affiliations between them, of which ``part_of`` makes the hierarchy.
    """

    def __init__(self, things: Iterable[Named], ties: Iterable[Affiliation] = ()) -> None:
        self._things: dict[str, Named] = {}
        self._written: dict[str, dict[str, Outcome]] = defaultdict(dict)
        self._normal: dict[str, dict[str, Outcome]] = defaultdict(dict)
        self._skeletons: dict[str, dict[str, _Vowels]] = defaultdict(dict)
        for thing in things:
            if thing.id in self._things:
                raise InputError("two things with one id", column="id", value=thing.id, expected="unique ids")
            self._add(thing)
        self._ties = tuple(tie for tie in ties if tie.role == "part_of")
        self._provinces = {province_key(thing.admin1) for thing in self if thing.admin1}
        self._answers: dict[tuple[str, Hints], Match] = {}

    @classmethod
    def of(cls, nouns: Iterable[Actor | Area | Place | Source], ties: Iterable[Affiliation] = ()) -> Names:
        """The names of the record's own nouns.

        >>> places = Names.of([Place(id="palmyra", name="Palmyra", name_ar="تدمر", aliases=("Tadmur",))])
        >>> places.resolve("Tadmor").id, places.resolve("تَدْمُر").outcome, places.resolve("Tadmir town").outcome
        ('palmyra', 'normalised', 'skeleton')
        """
        return cls((Named.of(noun) for noun in nouns), ties)

    def __getitem__(self, id: str) -> Named:
        return self._things[id]

    def __contains__(self, id: object) -> bool:
        return id in self._things

    def __iter__(self) -> Iterator[Named]:
        return iter(self._things.values())

    def __len__(self) -> int:
        return len(self._things)

    def _add(self, thing: Named) -> None:
        self._things[thing.id] = thing
        for spelling, outcome in thing.spellings():
            self._written[_as_written(spelling)].setdefault(thing.id, outcome)
            key = normalise(spelling)
            if not key:
                continue
            self._normal[key].setdefault(thing.id, "normalised")
            vowels = self._skeletons[skeleton(key)].setdefault(thing.id, {})
            vowels[vowelled(key)] = vowels.get(vowelled(key), False) or outcome == "exact"

    # --- looking up --------------------------------------------------------------------------

    def resolve(
        self,
        text: str,
        *,
        near: tuple[float, float] | None = None,
        admin1: str | None = None,
        day: date | None = None,
        kind: str | None = None,
    ) -> Match:
        """Which thing a name means.

        Args:
            text: an id, or a name as a source writes it: ``Tadmur/Palmyra town``, ``مدينة تدمر``.
            near: (lat, lon) in degrees where the text says it is.
            admin1: the province the text gives, in any usual spelling.
            day: the day the text speaks of; things that were not valid then are not meant.
            kind: what the text calls it; city, town, village and suburb are one kind.

        Returns:
            A match by the first circle that holds the name. Hints choose between homonyms; a hint that
            speaks against every bearer of the name makes the match ambiguous, never silently wrong.
        """
        hints = Hints(near=near, admin1=admin1, day=day, kind=kind)
        asked = (text, hints)
        if asked not in self._answers:
            self._answers[asked] = self._resolve(text, hints)
        return self._answers[asked]

    def resolve_either(self, text: str, **hints: object) -> tuple[Match, ...]:
        """The matches of alternatives such as ``russia|government``: one of these, not known which."""
        return tuple(self.resolve(part.strip(), **hints) for part in text.split("|"))  # type: ignore[arg-type]

    def _resolve(self, text: str, hints: Hints) -> Match:
        if text in self._things:
            return Match(text=text, outcome="exact", id=text)
        bearers = self._bearers(text, hints)
        if bearers:
            return self._settle(text, bearers, hints)
        return Match(text=text, outcome="unknown", why="nothing known bears this name", _suggest=self.suggestions)

    def _bearers(self, text: str, hints: Hints) -> dict[str, Outcome]:
        """The things that bear the name, by the first circle that holds it under any reading."""
        ways = list(readings(text))
        for circle in (self._as_written, self._normalised):
            for reading in ways:
                if found := self._all_mean(reading, circle):
                    # A name found only after words were taken off the text was not found as written.
                    return found if reading is ways[0] else dict.fromkeys(found, "normalised")
        return self._all_mean(ways[-1], lambda name: self._by_skeleton(name, hints))

    def _all_mean(self, reading: Reading, circle: Callable[[str], dict[str, Outcome]]) -> dict[str, Outcome]:
        """What every name of a reading means: "A/B" is A only where B is known and is A too."""
        first, *others = [circle(name) for name in reading.names]
        return {
            id: outcome
            for id, outcome in first.items()
            if all(id in other for other in others)
            # "Shaer village" is not the gas field of that name.
            and not (reading.settlement and self._things[id].kind in SITES)
        }

    def _as_written(self, name: str) -> dict[str, Outcome]:
        return self._written.get(_as_written(name), {})

    def _normalised(self, name: str) -> dict[str, Outcome]:
        return self._normal.get(normalise(name), {})

    def _by_skeleton(self, name: str, hints: Hints) -> dict[str, Outcome]:
        key, vowels = skeleton(name), vowelled(name)
        return {
            id: "skeleton"
            for id, spelled in self._skeletons.get(key, {}).items()
            if len(key) >= _consonants_needed(vowels, spelled) - confirmed(self[id], hints, self._provinces)
        }

    def _settle(self, text: str, bearers: Mapping[str, Outcome], hints: Hints) -> Match:
        choice = choose([self._things[id] for id in sorted(bearers)], hints, self._provinces)
        # One bearer that a hint speaks against is left over too, but not chosen: then why is given.
        if choice.why:
            return Match(text=text, outcome="ambiguous", candidates=choice.left, why=choice.why)
        id = choice.left[0]
        return Match(text=text, outcome=bearers[id], id=id, decided_by=choice.decided_by)

    # --- suggesting and listing --------------------------------------------------------------

    def suggestions(self, text: str, limit: int = 5, least: float = 70.0) -> tuple[Suggestion, ...]:
        """What looks like the text, best first, by letters and by consonants (so across scripts too)."""
        best: dict[str, float] = {}
        for name in list(readings(text))[-1].names:
            for id, score in self._resembling(name, least):
                best[id] = max(best.get(id, 0.0), score)
        ranked = sorted(best, key=lambda id: (-best[id], id))[:limit]
        return tuple(Suggestion(id=id, name=self[id].name, score=round(best[id], 1)) for id in ranked)

    def _resembling(self, name: str, least: float) -> Iterator[tuple[str, float]]:
        key, sounds, vowels = normalise(name), skeleton(name), vowelled(name)
        # Consonants alone say less than letters do: 5 points less, or 3 where the vowels agree.
        for index, asked, discount in ((self._normal, key, 0), (self._skeletons, sounds, 5)):
            hits = process.extract(asked, index.keys(), scorer=fuzz.ratio, score_cutoff=least, limit=None)
            for found, score, _ in hits:
                yield from ((id, score - discount) for id in index[found])
        yield from ((id, 97.0) for id, spelled in self._skeletons.get(sounds, {}).items() if vowels in spelled)

    def search(self, text: str = "", limit: int | None = None) -> tuple[Named, ...]:
        """The things whose names begin with, hold or look like the text, best first; all, without a text.

        Arabic finds Latin names and the reverse, by consonants, from the second consonant on.
        """
        key, sounds = normalise(text), skeleton(text)
        if not key:
            return tuple(sorted(self, key=lambda thing: (thing.name.casefold(), thing.id)))[:limit]
        ranks: dict[str, int] = {}
        for index, asked, rank in ((self._normal, key, _rank), (self._skeletons, sounds, _rank_by_sound)):
            for name, ids in index.items():
                if (place := rank(name, asked)) is not None:
                    ranks.update({id: min(place, ranks.get(id, place)) for id in ids})
        for suggestion in self.suggestions(text, least=75.0):
            ranks.setdefault(suggestion.id, 5)
        return tuple(self[id] for id in sorted(ranks, key=lambda id: (ranks[id], self[id].name, id)))[:limit]

    # --- hierarchy ---------------------------------------------------------------------------

    def part_of(self, id: str, day: date | None = None) -> tuple[str, ...]:
        """What a thing was part of on a day, nearest first and all the way up; ever, without a day."""
        return self._reach(id, day, lambda tie, at: tie.of if tie.actor == at else None)

    def descendants(self, id: str, day: date | None = None) -> frozenset[str]:
        """All that was part of a thing on a day, directly or through others; ever, without a day."""
        return frozenset(self._reach(id, day, lambda tie, at: tie.actor if tie.of == at else None))

    def _reach(self, id: str, day: date | None, step: Callable[[Affiliation, str], str | None]) -> tuple[str, ...]:
        """Breadth first; what was reached is not reached again, so a circle of ties ends."""
        reached = [id]
        for at in reached:
            for tie in self._ties:
                other = step(tie, at)
                if other is not None and other not in reached and tie.holds_on(day):
                    reached.append(other)
        return tuple(reached[1:])


def _as_written(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


_Vowels = dict[str, bool]  # the vowelled spellings that share a skeleton; whether one is a name, not an alias


def _consonants_needed(vowels: str, spelled: _Vowels) -> float:
    """How long a skeleton must be to count, by how the vowels agree."""
    if vowels and vowels in spelled:
        return _SAME_VOWELS
    # Aliases come in many languages (Bagdado): they count as they are spelled, not for their shape.
    own = {_shape(spelling) for spelling, is_name in spelled.items() if spelling and is_name}
    # Arabic script writes no short vowels: where only that can be compared, nothing disagrees.
    comparable = vowels and (own or "" not in spelled)
    return _VOWELS_IN_PLACE if not comparable or _shape(vowels) in own else inf


def _shape(vowels: str) -> str:
    return re.sub("[AIU]+", "V", vowels)


def _rank(name: str, asked: str) -> int | None:
    """0 the name itself, 1 its beginning, 2 the beginning of a word in it, 3 anywhere in it."""
    if name == asked:
        return 0
    if name.startswith(asked):
        return 1
    if f" {asked}" in name:
        return 2
    return 3 if asked in name else None


def _rank_by_sound(name: str, asked: str) -> int | None:
    return 4 if len(asked) > 1 and name.startswith(asked) else None
