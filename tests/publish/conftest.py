"""A small made-up war for the pages: three towns, two sides, five reports, four claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from zenobia.publish import Course, Evidence, Held, Holder, Passing, Run, Saying, Spell, Stamp, Tallies, Tally, Turn
from zenobia.terms import Bounds, ControlEstimate, NotFound, Place

RECORD = "sha256:" + "0123456789abcdef" * 4

PLACES = (
    Place(id="palmyra", name="Palmyra", name_ar="تدمر", kind="city", lat=34.56, lon=38.28, population=51_323),
    Place(id="qaryatayn", name="al-Qaryatayn", name_ar="القريتين", kind="town", lat=34.23, lon=37.24),
    Place(id="tiyas", name="Tiyas", name_ar="التياس", kind="village", lat=34.56, lon=37.68),
    Place(id="sukhnah", name="al-Sukhnah", name_ar="السخنة", kind="town", lat=34.89, lon=38.87),
    Place(id="nowhere", name="Nowhere"),
)

REPORTS = (
    Evidence(
        id="r1",
        source="Monitor",
        kind="monitor",
        says="holder of Palmyra: isis",
        published=date(2016, 3, 18),
        date="2016-03-18",
        locator="bulletin 12, line 3",
        url="https://example.org/b12",
    ),
    Evidence(
        id="r2",
        source="State agency",
        kind="outlet",
        stands_with="Government",
        camp="government",
        says="government takes Palmyra",
        published=date(2016, 3, 27),
        quote="full control over the city",
    ),
    Evidence(id="r3", source="Monitor", says="government takes Palmyra", published=date(2016, 3, 27)),
    Evidence(
        id="r4", source="Analyst", says="government takes Palmyra", published=date(2016, 3, 29), locator="paragraph 1"
    ),
    Evidence(id="r 5/é", source="State agency", camp="government", says="holds Tiyas", published=date(2016, 1, 2)),
)


def bounds(low: Any, best: Any, high: Any, unit: str, meaning: str = "reported") -> dict[str, Any]:
    return {"low": low, "best": best, "high": high, "unit": unit, "meaning": meaning}


CLAIMS: tuple[dict[str, Any], ...] = (
    {
        "id": "C01",
        "verdict": "supported",
        "says": "The government took Palmyra from ISIS on 27 March 2016.",
        "by": "analyst",
        "on": "2016-03-29",
        "asked": "held: palmyra, isis to government",
        "found": bounds("2016-03-26", "2016-03-27", "2016-03-28", "date", "credible90"),
        "because": "Both sides of the front name 27 March.",
        "for": ["r2", "r3"],
        "against": ["r1"],
        "claimant_only": ["r4"],
        "parts": [{"says": "ISIS held it before", "verdict": "supported", "found": bounds(0.97, 0.99, 1, "chance")}],
        "then": {
            "known": "2016-03-29",
            "verdict": "partly",
            "found": bounds("2016-03-25", "2016-03-27", "2016-03-30", "date", "credible90"),
        },
        "tried": 4,
        "flips": [{"change": "sources=government only", "verdict": "cannot tell", "found": None}],
        "method": {"threshold": "2016-03-26..2016-03-28", "draws": 2000, "seed": 1},
    },
    {
        "id": "C12",
        "verdict": "contradicted",
        "says": "Most targets were not held by ISIS.",
        "by": "analyst",
        "on": "2016-03-29",
        "found": bounds(0.2, 0.31, 0.4, "share of locations"),
        "because": "Fewer than half were.",
        "for": [],
        "against": ["r1"],
        "claimant_only": [],
        "parts": [],
        "then": {"known": "2016-03-29", "verdict": "cannot tell", "found": None},
        "tried": 3,
        "flips": [],
        "method": {"threshold": "> 0.5"},
    },
    {
        "id": "C22",
        "verdict": "cannot tell",
        "says": "A settlement is remote.",
        "by": "analyst",
        "on": "2016-03-29",
        "found": None,
        "because": "Nothing in the record can test it.",
        "settles": "the minutes of the talks",
        "for": [],
        "against": [],
        "claimant_only": [],
        "parts": [],
        "then": None,
        "tried": 0,
        "flips": [],
        "method": {},
    },
)


SAYINGS = (
    Saying(report="r 5/é", day=date(2016, 1, 2), state="government", how="holds", own=True),
    Saying(report="r1", day=date(2016, 3, 18), state="isis", how="holds"),
    Saying(report="r2", day=date(2016, 3, 27), state="government", how="takes", own=True),
    Saying(report="r3", day=date(2016, 3, 27), state="government", how="takes"),
)

TURNS = (
    Turn(
        place=PLACES[0],
        before="isis",
        after="government",
        day=date(2016, 3, 27),
        low=date(2016, 3, 26),
        high=date(2016, 3, 28),
        chance=0.98,
        evidence=("r2", "r3"),
    ),
    Turn(
        place=PLACES[2],
        before="government",
        after="isis",
        day=date(2016, 5, 2),
        low=date(2016, 5, 2),
        high=date(2016, 5, 2),
        chance=0.6,
        evidence=("r1",),
    ),
)


def tally(unit: str, month: int, low: float, high: float | None, **changes: Any) -> Tally:
    made: dict[str, Any] = {
        "voice": "Monitor",
        "side": None,
        "unit": unit,
        "start": date(2016, month, 1),
        "end": date(2016, month + 1, 1),
        "found": Bounds(low=low, best=low if low == high else None, high=high, unit=unit, meaning="reported"),
        "evidence": ("r1",),
    }
    return Tally(**(made | changes))


TALLIES = Tallies(
    monthly=(
        tally("raid", 2, 40, None),
        tally("raid", 3, 900, None, voice="State agency", side="Government", evidence=("r2",)),
        tally("sortie", 3, 41, 41, voice="State agency", side="Government", evidence=("r2",)),
    ),
    longer=(tally("raid", 1, 64, 64, end=date(2016, 3, 20), evidence=("r3",)),),
)


class PaperNumbers:
    """Numbers made by hand: what a pipeline gives, without one."""

    def __init__(self, known: date | None = None) -> None:
        self.stamp = Stamp(
            case="valley",
            title="The valley",
            record=RECORD,
            known=known,
            newest=date(2016, 3, 29),
            start=date(2015, 1, 1),
            end=date(2016, 12, 31),
        )
        self.holders: Sequence[Holder] = (
            Holder(id="government", name="Syrian government", name_ar="الحكومة السورية"),
            Holder(id="isis", name="Islamic State", name_ar="الدولة الإسلامية"),
        )
        self.places: Sequence[Place] = PLACES
        self.reports: Sequence[Evidence] = REPORTS
        self.claims: Sequence[Mapping[str, Any]] = CLAIMS
        self.sayings: tuple[Saying, ...] = SAYINGS
        self.turned: Sequence[Turn] = TURNS
        self.counted: Tallies = TALLIES

    def check(self) -> Mapping[str, Any]:
        return {"case": "valley", "known": None, "record": RECORD, "claims": list(self.claims)}

    def control_on(self, day: date) -> Sequence[tuple[Place, ControlEstimate]]:
        held: dict[str, dict[str, Any]] = {
            "palmyra": {
                "held_by": {"isis": 0.97, "government": 0.02, "contested": 0.01},
                "last_evidence": date(2016, 3, 18),
                "voices": 1,
                "evidence": ("r1",),
            },
            "qaryatayn": {"held_by": {"contested": 0.6, "isis": 0.4}, "last_evidence": date(2015, 8, 6), "voices": 1}
            | {"evidence": ("r1",)},
            "tiyas": {
                "held_by": {"government": 0.99, "isis": 0.01},
                "besieged_by": "isis",
                "last_evidence": date(2016, 1, 2),
                "voices": 1,
                "evidence": ("r 5/é",),
            },
        }
        return [
            (place, ControlEstimate(place=place.id, on=day, basis="reports", **held[place.id]))
            if place.id in held
            else (place, ControlEstimate(place=place.id, on=day, held_by={}, basis="none"))
            for place in self.places
        ]

    def control_of(self, place: str) -> tuple[Place, Sequence[Spell]]:
        found = next((p for p in self.places if p.id == place), None)
        if found is None:
            raise NotFound("no such place", value=place)
        took, lost = date(2015, 5, 21), date(2016, 3, 27)
        return found, (
            Spell(start=date(2015, 1, 1), end=took, holder="government", chance=0.91, evidence=("r 5/é",)),
            Spell(start=took, end=lost, holder="isis", chance=0.95, last_evidence=date(2016, 3, 18), evidence=("r1",)),
            Spell(start=lost, end=date(2016, 12, 31), holder="government", chance=0.9, evidence=("r2", "r3")),
        )

    def all_places(self) -> Sequence[Place]:
        return list(self.places)

    def through(self, days: Sequence[date]) -> Sequence[Passing]:
        """Palmyra alone: taken by ISIS on 21 May 2015, lost on 27 March 2016; besieged never."""
        place, spells = self.control_of("palmyra")
        led = [next(spell for spell in spells if day < spell.end) for day in days]
        ends = [n for n in range(len(days)) if n + 1 == len(days) or led[n + 1] is not led[n]]
        return [
            Passing(
                place=next(p for p in self.places if p.id == place.id),
                leaders=tuple(spell.holder for spell in led),
                chances=tuple(spell.chance for spell in led),
                besieged_by=(None,) * len(days),
                heard=(date(2016, 1, 2), date(2016, 3, 18)),
                runs=tuple(Run(last=n, evidence=led[n].evidence) for n in ends),
            )
        ]

    def claimed_only(self, estimate: ControlEstimate) -> bool:
        told = [row for row in self.reports if row.id in estimate.evidence]
        return bool(told) and all(row.camp == estimate.leader for row in told)

    def course(self, place: str, start: date, end: date) -> Course:
        found, _ = self.control_of(place)
        lost = date(2016, 3, 27)
        days = [date.fromordinal(n) for n in range(start.toordinal(), end.toordinal())]
        chances = [[0.02, 0.97, 0.01] if day < lost else [0.95, 0.04, 0.01] for day in days]
        known = found.id != "nowhere"
        return Course(
            place=found,
            start=start,
            end=end,
            states=("government", "isis", "contested") if known else (),
            chances=chances if known else (),
            sayings=self.sayings if known else (),
        )

    def turns(self, start: date, end: date) -> Sequence[Turn]:
        return [turn for turn in self.turned if start <= turn.day < end]

    def tallies(self, of: Mapping[str, str], units: Sequence[str], start: date, end: date) -> Tallies:
        told = self.counted
        return Tallies(
            monthly=tuple(t for t in told.monthly if t.unit in units),
            longer=tuple(t for t in told.longer if t.unit in units),
        )

    def held(self, holder: str, place: str, start: date | None, end: date | None) -> Held:
        # 304.375 days are ten months of 30.4375 days
        return Held(
            days=Bounds(low=300, best=304.375, high=312, unit="day", meaning="credible90"), evidence=("r1", "r2")
        )

    def evidence(self, reports: Iterable[str]) -> Sequence[Evidence]:
        wanted = set(reports)
        return [row for row in self.reports if row.id in wanted]

    def name(self, id: str) -> str:
        return {"analyst": "A. N. Analyst"}.get(id, id)


@pytest.fixture
def numbers() -> PaperNumbers:
    return PaperNumbers()
