"""front: of all neighbouring places with different holders, the share that lies between two sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.answer import Answer
from zenobia.measures.bearing import OF_CONTROL, Kinds
from zenobia.measures.contacts import Contacts, Side, contacts
from zenobia.measures.holding import control_needs
from zenobia.measures.joint import one_side
from zenobia.measures.prepared import Needs, Prepared
from zenobia.measures.question import Ground, Question, Variation
from zenobia.measures.sheet import Sheet
from zenobia.measures.validation import Day, Words
from zenobia.measures.variations import bloc_variations, margins
from zenobia.measures.voices import by_voice
from zenobia.measures.wording import actor_name, chance, day, figure, listing, number, place_name, plural
from zenobia.measures.wording import ground as ground_words
from zenobia.terms import Bounds, NotMeasurable, day_number

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["Front"]

Floats = npt.NDArray[np.float64]

_ONE, _OTHER = 0, 1
# Without a contact in this many of the draws there is no front to speak of.
_SELDOM = 0.5


class Front(Question, Ground):
    """Who faces whom: of the pairs of neighbouring places with different holders on a day, the share between two.

    Neighbours are at most ``km`` apart, at least one of them on the ground. Holders written ``a|b`` are
    one side, and places of one side do not face each other. A contested place faces nobody.
    """

    measure: Literal["front"] = "front"
    on: Day
    between: Annotated[Words, Field(min_length=2, max_length=2)]
    km: Annotated[float, Field(gt=0, le=200)] = 15.0

    shortcuts: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _two_sides(self) -> Front:
        if set(self.sides[0]) & set(self.sides[1]):
            raise PydanticCustomError("sides", "a front with itself", {"wanted": "two different sides"})
        return self

    @property
    def sides(self) -> tuple[Side, Side]:
        """The two sides, each one holder or several."""
        one, other = (tuple(word.strip() for word in side.split("|")) for side in self.between)
        return one, other

    @property
    def kinds(self) -> Kinds:
        """Reports that speak of control."""
        return OF_CONTROL

    def needs(self, view: View) -> Needs:
        """An estimate of control without the claimant's word."""
        return control_needs(view, self.sources, self.apart)

    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The share in each draw; a pair in which a holder is only its own word counts against it and for it."""
        for side in self.sides:
            one_side(view, side)
        when = day_number(self.on)
        met = contacts(view, prepared, self.ground, self.sides, self.km, when, sources=self.sources, apart=self.apart)
        often = met.facing.any(axis=1).mean() if len(met.pairs) else 0.0
        if often < _SELDOM:
            raise NotMeasurable(
                f"no places within {self.km:g} km of each other{ground_words(view, self.ground)} had different"
                f" holders on {day(self.on)} by this record; dated reports of who held the places there would settle it"
            )
        return _answer(self, view, met, prepared)

    def words(self, view: View) -> str:
        """The question as a person would put it."""
        where = ground_words(view, self.ground)
        sides = listing(side_name(view, side) for side in self.sides)
        return f"share of the contacts{where} on {day(self.on)} that are between {sides}"

    def variations(self, view: View) -> tuple[Variation, ...]:
        """Blocs left out, neighbours a fifth nearer and farther, a circle's margins."""
        reach = (round(self.km * factor, 3) for factor in (0.8, 1.2))
        return (
            *bloc_variations(view, self, self.sources),
            *(Variation(f"neighbours within {km:g} km", {"km": km}) for km in reach),
            *(Variation(v.name, v.patch["of"]) for v in margins(self.ground, "of")),
        )


def side_name(view: View, side: Side) -> str:
    """What a side is called: its holder, or its holders."""
    return listing((actor_name(view, holder) for holder in side), "or")


def _answer(asked: Front, view: View, met: Contacts, prepared: Prepared) -> Answer:
    found = _bounds(met)
    sheet = Sheet.of(view)
    pro, contra = _rows(met)
    voices = len(by_voice(view, sorted(pro | contra)))
    return Answer(
        measure="front",
        asked=asked.asked(),
        frame=None,
        found=found,
        judged=found,
        evidence=sheet.named(sorted(pro | contra)),
        says=_says(asked, view, met, found, voices),
        for_=sheet.named(sorted(pro)),
        against=sheet.named(sorted(contra - pro)),
        claimant_only=met.claimant_only,
        notes=tuple(_notes(asked, view, met)),
        voices=voices,
        settle="dated reports, by somebody on no side, of who held the places on either side would narrow it",
        known=view.known,
        draws=len(met.held),
        seed=prepared.seed,
    )


def _bounds(met: Contacts) -> Bounds:
    """Over the draws; where none has a contact, nothing is known: none of them, or all."""
    between, all_ = met.between(_ONE, _OTHER), met.facing.sum(axis=1)
    low = _share((between & met.sure).sum(axis=1), all_, 0.0)
    high = _share(met.possible(_ONE, _OTHER).sum(axis=1), all_, 1.0)
    best = _share(between.sum(axis=1), all_, 0.0)[all_ > 0]
    return Bounds(
        low=float(np.quantile(low, 0.05)),
        best=float(np.median(best)),
        high=float(np.quantile(high, 0.95)),
        unit="share of contacts",
        meaning="credible90",
    )


def _share(part: npt.NDArray[np.integer], whole: npt.NDArray[np.integer], empty: float) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), empty)


def _rows(met: Contacts) -> tuple[set[int], set[int]]:
    """Reports of the places on either side of a likely contact: between the two sides, and others."""
    between = met.between(_ONE, _OTHER).mean(axis=0)
    other = met.facing.mean(axis=0) - between

    def of(pairs: npt.NDArray[np.bool_]) -> set[int]:
        places = {met.places[k] for k in np.unique(met.pairs[pairs])}
        return {row for place in places for row in met.rows.get(place, ())}

    return of(between >= _SELDOM), of(other >= _SELDOM)


def _says(asked: Front, view: View, met: Contacts, found: Bounds, voices: int) -> str:
    sides = listing(side_name(view, side) for side in asked.sides)
    many = float(np.median(met.facing.sum(axis=1)))
    where = f"{ground_words(view, asked.ground)} on {day(asked.on)}"
    assert found.best is not None
    heard = "by a single independent voice" if voices == 1 else f"by {number(voices)} independent voices"
    if not voices:
        heard = "though nobody surely tells of either side of any"
    best = f" (best reading {chance(found.best)})" if found.low != found.high else ""
    of = f"of about {number(many)} {plural('contact', many)}{where}"
    return f"{figure(found)}{best} {of} are between {sides}, {heard}"


def _notes(asked: Front, view: View, met: Contacts) -> Iterator[str]:
    yield f"who faces whom: {_who_faces_whom(view, met)}"
    yield (
        f"it speaks of the {number(len(met.places))} places that the record names there and that lie"
        f" at most {asked.km:g} km from another, and of no ground between them"
    )
    own = [place for place, alone in zip(met.places, met.own_word, strict=True) if alone]
    if own:
        names = listing(place_name(view, place) for place in own)
        who = "itself or somebody whose side nobody knows"
        yield f"whose holder nobody names but {who}, so against in the low and for in the high: {names}"
    if met.contested:
        yield f"contested, so on no side: {listing(place_name(view, place) for place in met.contested)}"


def _who_faces_whom(view: View, met: Contacts) -> str:
    """The mean share of each pair of sides, the largest first."""
    total = float(met.facing.sum())
    shares = [
        (float(met.between(a, b).sum()) / total, met.sides[a], met.sides[b])
        for a in range(len(met.sides))
        for b in range(a + 1, len(met.sides))
    ]
    shares.sort(key=lambda item: (-item[0], item[1:]))
    told = (
        f"{side_name(view, one)} and {side_name(view, other)} {chance(share)}"
        for share, one, other in shares
        if share >= 0.005
    )
    return listing(told)
