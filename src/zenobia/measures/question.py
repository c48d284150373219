"""A question: what is asked of the record, in a form that can be checked, kept and asked again.

Every measure is one kind of question (`zenobia.measures.count.Count`, ...) and knows how it is
answered. A question is frozen and has one canonical text, so that an answer can be kept under
(question, key of the view).
"""

from __future__ import annotations

import datetime as dt
import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from zenobia.measures.bearing import EVERYTHING, Kinds
from zenobia.measures.validation import Day, Words, as_words
from zenobia.terms import InputError, read_topics
from zenobia.terms.vocabulary import ReportType, Status

if TYPE_CHECKING:
    from zenobia.measures.answer import Answer
    from zenobia.measures.prepared import Needs, Prepared
    from zenobia.record import View

__all__ = [
    "Apart",
    "Change",
    "Of",
    "Precision",
    "Question",
    "SourcesRule",
    "Taking",
    "Then",
    "Variation",
    "Where",
    "Within",
]

Precision = Literal["exact", "near", "admin2", "admin1", "country"]
Types = Annotated[tuple[ReportType, ...], BeforeValidator(as_words)]
Statuses = Annotated[tuple[Status, ...], BeforeValidator(as_words)]


def _as_topics(topics: tuple[str, ...]) -> tuple[str, ...]:
    """Topics as reports write them: small letters joined by hyphens; a bar joins several as a list does."""
    try:
        return tuple(dict.fromkeys(part for topic in topics for part in read_topics(topic).split("|")))
    except InputError as wrong:
        raise PydanticCustomError(
            "topic", "not a topic", {"wanted": wrong.expected or "", "fix": wrong.fix or ""}
        ) from wrong


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Within(_Asked):
    """A circle: ``km`` kilometres round a place."""

    of: str
    km: Annotated[float, Field(gt=0, lt=20000)]


class Change(_Asked):
    """A change of hands, from one holder to another."""

    before: str = Field(alias="from")
    after: str = Field(alias="to")


class Taking(_Asked):
    """Places coming into other hands: from a holder, or several taken as one side, or anybody, to another."""

    before: Words = Field((), alias="from")
    after: Annotated[Words, Field(min_length=1)] = Field(alias="to")


class Then(_Asked):
    """What came after something else: a change of hands."""

    change: Taking


class Ground(_Asked):
    """Where: places, named areas, first-level districts, a circle; all that are given must hold."""

    place: Words = ()
    area: Words = ()
    admin1: Words = ()
    within_km: Within | None = None

    @property
    def anywhere(self) -> bool:
        """Whether no ground is named at all."""
        return not (self.place or self.area or self.admin1 or self.within_km)

    @property
    def ground(self) -> Ground:
        """The ground alone."""
        return Ground(place=self.place, area=self.area, admin1=self.admin1, within_km=self.within_km)


class Of(Ground):
    """Which reports are asked about; a key that is not given does not narrow.

    An actor is matched with all that is part of it. ``from`` and ``to`` are closed-open.
    """

    type: Types = ()
    actor: Words = ()
    target: Words = ()
    holder: Words = ()
    status: Statuses = ()
    topic: Annotated[Words, AfterValidator(_as_topics)] = ()
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _forwards(self) -> Of:
        in_order(self.start, self.end)
        return self


# Keys of `Of` that may stand at the top of a question about reports.
OF_KEYS = tuple(field.alias or name for name, field in Of.model_fields.items())


_WHERE = ("is", "not", "any_of", "admin1", "area", "place", "within_km")


class Where(Ground):
    """Which of them are counted on top of a share: by who held what was hit, by where it stands, or both.

    ``held_by`` takes the holder of the place that day, as a chance; ``as_stated`` what the source
    says was hit.
    """

    target: Literal["held_by", "as_stated"] = "held_by"
    is_: Words = Field((), alias="is")
    not_: Words = Field((), alias="not")
    any_of: Words = ()

    @model_validator(mode="after")
    def _one_of_three(self) -> Where:
        if sum(map(bool, (self.is_, self.not_, self.any_of))) > 1:
            raise PydanticCustomError(
                "holders", "more than one of is, not, any_of", {"wanted": "one of is, not, any_of", "fix": "keep one"}
            )
        if self.anywhere and not self.names_holders:
            raise PydanticCustomError(
                "empty", "names neither holders nor ground", {"wanted": f"one of {', '.join(_WHERE)}"}
            )
        return self

    @property
    def names_holders(self) -> bool:
        """Whether the share is one of holders (and not of ground alone)."""
        return bool(self.is_ or self.not_ or self.any_of)

    @property
    def holders(self) -> tuple[str, ...]:
        """The holders that are named, whichever way."""
        return self.is_ or self.not_ or self.any_of


class SourcesRule(_Asked):
    """Whose word is heard. A report goes with its source and with its origin."""

    stands_with: Words = ()
    stands_with_not: Words = ()
    only: Words = ()
    without: Words = ()


class Apart(_Asked):
    """The claimant's own word, set apart: its sources, and the document that makes the claim."""

    sources: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variation:
    """The same question asked in another fair way: what is changed, as keys merged over the question."""

    name: str
    patch: Mapping[str, Any]


class Question(_Asked):
    """What every question has; each measure adds its own keys and says how it is answered."""

    measure: str
    sources: SourcesRule = SourcesRule()
    # Set by whoever checks a claim, never written in a file: keys_of() leaves it out.
    apart: Apart = Field(Apart(), exclude=True, validation_alias="(the claimant)")

    # Keys that may be written at the top of a question although they belong one level down.
    shortcuts: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def needs(self, view: View) -> Needs:
        """What must be estimated before the question can be answered."""

    @abstractmethod
    def answer(self, view: View, prepared: Prepared) -> Answer:
        """The answer, with bounds, evidence and what was left out.

        Raises:
            NotMeasurable: the record cannot answer; the message names what would settle it.
        """

    @abstractmethod
    def words(self, view: View) -> str:
        """The question as a person would put it."""

    def variations(self, view: View) -> tuple[Variation, ...]:
        """The same question in other fair ways that make sense for this measure."""
        return ()

    @property
    def kinds(self) -> Kinds:
        """The kinds of reports that can bear on the answer; all there are, where a measure does not say."""
        return EVERYTHING

    def asked(self) -> dict[str, Any]:
        """The question as it would be written in a file, without what was left at its default."""
        return {key: _as_written(value) for key, value in self._written().items()}

    def canonical(self) -> str:
        """One text for one question, whatever the order of its keys."""
        return json.dumps(
            {**self._written(), "apart": self.apart.model_dump(mode="json")}, sort_keys=True, ensure_ascii=False
        )

    def _written(self) -> dict[str, Any]:
        dumped = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {"measure": self.measure, **dumped}


def _as_written(value: Any) -> Any:
    """A list of one word is shown as the word."""
    if isinstance(value, dict):
        return {key: _as_written(inner) for key, inner in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def in_order(start: dt.date | None, end: dt.date | None) -> None:
    """Refuse a period that ends before it begins."""
    if start is not None and end is not None and end <= start:
        raise PydanticCustomError(
            "period",
            "a period that ends before it begins",
            {"wanted": "`to` is the first day after, so later than `from`"},
        )
