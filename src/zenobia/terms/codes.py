"""What a report's type is called in ACLED, UCDP, CAMEO and PLOVER, and what each translation loses.

Every scheme cuts the same war along other lines, so both directions are tables of their own and
neither undoes the other. A row that covers more than the type it is read as says so (``certain`` is
false) and says in ``lost`` what cannot be had back; where nothing nearer is recoverable the type is
``other``, and where a scheme has no code for a type it is ``None``. Nobody's direction is translated:
who is actor and who is target comes only from a source that says it.

Source: ACLED Codebook (2024-10-03); UCDP Georeferenced Event Dataset Codebook 22.1; CAMEO Codebook
1.1b3 (Schrodt 2012); PLOVER manual, draft 0.7b1 (2021), with its own table from CAMEO, and the modes
that later PLOVER coders write (aerial, drone, targeted, seize).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zenobia.terms.errors import InputError
from zenobia.terms.names import did_you_mean
from zenobia.terms.vocabulary import REPORT_TYPES, ReportType, Status

__all__ = [
    "ACLED",
    "CAMEO",
    "PLOVER",
    "UCDP",
    "WRITTEN",
    "Coded",
    "Written",
    "from_acled",
    "from_cameo",
    "from_plover",
    "from_ucdp",
    "to_acled",
    "to_cameo",
    "to_plover",
    "to_ucdp",
]


@dataclass(frozen=True)
class Coded:
    """One code of a scheme, as a report is read from it.

    ``status`` is set where the code says who came to hold a place. ``certain`` is false where the
    code covers more than ``type``; ``lost`` says what.
    """

    code: tuple[str, ...]
    type: ReportType
    status: Status | None = None
    certain: bool = True
    lost: str = ""


@dataclass(frozen=True)
class Written:
    """One report type, as it is written in each scheme; ``None`` where a scheme has no code for it."""

    type: ReportType
    acled: tuple[str, str | None] | None
    ucdp: Literal["by sides", "3"] | None
    cameo: str | None
    plover: tuple[str, str | None] | None
    lost: str = ""


def _unsure(*code: str, type: ReportType, lost: str, status: Status | None = None) -> Coded:
    return Coded(code, type, status, certain=False, lost=lost)


_B, _P, _R = "Battles", "Protests", "Riots"
_E, _V, _S = "Explosions/Remote violence", "Violence against civilians", "Strategic developments"

ACLED: tuple[Coded, ...] = (
    _unsure(_B, type="battle", lost="whether the place changed hands"),
    Coded((_B, "Armed clash"), "battle"),
    Coded((_B, "Government regains territory"), "capture", "takes", lost="which of the two sides took it"),
    Coded(
        (_B, "Non-state actor overtakes territory"),
        "capture",
        "takes",
        lost="which side took it, where both are non-state",
    ),
    _unsure(_E, type="explosion", lost="by what means: from the air, by artillery, by a planted bomb"),
    _unsure(_E, "Chemical weapon", type="explosion", lost="that it was chemical, and how it was delivered"),
    Coded((_E, "Air/drone strike"), "air-strike", lost="whether the craft was manned"),
    Coded((_E, "Suicide bomb"), "explosion", lost="that the attacker died by it"),
    Coded((_E, "Shelling/artillery/missile attack"), "shelling"),
    Coded((_E, "Remote explosive/landmine/IED"), "explosion"),
    Coded((_E, "Grenade"), "explosion"),
    Coded((_V,), "attack-on-civilians"),
    Coded((_V, "Attack"), "attack-on-civilians"),
    Coded((_V, "Sexual violence"), "attack-on-civilians", lost="that it was sexual"),
    Coded((_V, "Abduction/forced disappearance"), "attack-on-civilians", lost="that they were taken, not hurt"),
    Coded((_P,), "other"),
    Coded((_P, "Peaceful protest"), "other"),
    Coded((_P, "Protest with intervention"), "other"),
    Coded((_P, "Excessive force against protesters"), "attack-on-civilians", lost="that it was at a protest"),
    Coded((_R,), "other"),
    Coded((_R, "Violent demonstration"), "other"),
    Coded((_R, "Mob violence"), "other"),
    _unsure(_S, type="other", lost="what kind of development"),
    _unsure(_S, "Agreement", type="other", lost="ceasefires, evacuation deals, surrenders, exchanges: not told apart"),
    Coded((_S, "Arrests"), "other"),
    _unsure(
        _S,
        "Change to group/activity",
        type="other",
        lost="new groups, recruitment, movements of forces, defections: not told apart",
    ),
    Coded((_S, "Disrupted weapons use"), "other"),
    _unsure(
        _S,
        "Headquarters or base established",
        type="control",
        status="holds",
        lost="a base is presence: whether its owner holds the whole place is not said",
    ),
    Coded((_S, "Looting/property destruction"), "other"),
    Coded((_S, "Non-violent transfer of territory"), "capture", "takes", lost="that nobody fought, and who left"),
    _unsure(_S, "Other", type="other", lost="displacement, coups, mass graves: not told apart"),
)

UCDP: tuple[Coded, ...] = (
    _unsure("1", type="battle", lost="the means: air strikes, shelling and bombs between the parties are coded alike"),
    _unsure("2", type="battle", lost="the means, as for 1; that neither party is a state"),
    Coded(("3",), "attack-on-civilians", lost="the means"),
)

_SAYING = "what is asked, promised or threatened is not an event yet"
_PERSONS = "whether they were civilians stands in the target's actor code"

CAMEO: tuple[Coded, ...] = (
    Coded(("01",), "statement"),
    Coded(("02",), "statement", lost=_SAYING),
    Coded(("03",), "statement", lost=_SAYING),
    Coded(("04",), "other"),
    _unsure("05", type="other", lost="057, a signed agreement, may be a ceasefire or an evacuation"),
    Coded(("06",), "other"),
    Coded(("07",), "other"),
    Coded(("08",), "other"),
    Coded(("0871",), "ceasefire", lost="whether it was kept"),
    Coded(("0872",), "other", lost="that a siege was eased"),
    _unsure("0874", type="withdrawal", status="loses", lost="whether they left or surrendered, and which place"),
    Coded(("09",), "other"),
    Coded(("10",), "statement", lost=_SAYING),
    Coded(("11",), "statement"),
    Coded(("12",), "statement"),
    Coded(("13",), "statement", lost=_SAYING),
    Coded(("14",), "other"),
    _unsure("15", type="mobilisation", lost="a show of force or an alert is coded alike"),
    Coded(("151",), "other"),
    Coded(("153",), "other"),
    Coded(("154",), "mobilisation"),
    Coded(("16",), "other"),
    Coded(("17",), "other"),
    _unsure("175", type="attack-on-civilians", lost=_PERSONS),
    _unsure("18", type="attack-on-civilians", lost=_PERSONS),
    Coded(("183",), "explosion"),
    _unsure("19", type="battle", lost="the means; and whether the target fought back"),
    _unsure("191", type="siege", lost="a closed road or checkpoint is coded alike"),
    _unsure("192", type="capture", status="takes", lost="whether it was taken then or held already"),
    _unsure("193", type="battle", lost="whether the target fought back, or was armed"),
    _unsure("194", type="shelling", lost="tank fights in the open are coded alike"),
    Coded(("195",), "air-strike"),
    _unsure("196", type="battle", lost="the means by which the ceasefire was broken"),
    _unsure("20", type="attack-on-civilians", lost=_PERSONS),
    Coded(("201",), "other", lost="that people were driven out"),
    _unsure("204", type="explosion", lost="that it was chemical, biological or nuclear, and how it was delivered"),
)

PLOVER: tuple[Coded, ...] = (
    Coded(("AGREE",), "statement", lost=_SAYING),
    Coded(("CONSULT",), "other"),
    _unsure("SUPPORT", type="statement", lost="signing a treaty is coded alike"),
    _unsure("CONCEDE", type="statement", lost="ceasefires and withdrawals that were declared, not carried out"),
    Coded(("COOPERATE",), "other"),
    Coded(("AID",), "other"),
    Coded(("RETREAT",), "other"),
    Coded(("RETREAT", "withdraw"), "withdrawal", "loses", lost="which place"),
    Coded(("RETREAT", "ceasefire"), "ceasefire"),
    Coded(("DEMAND",), "statement", lost=_SAYING),
    Coded(("REQUEST",), "statement", lost=_SAYING),
    _unsure("ACCUSE", type="statement", lost="investigations are coded alike"),
    Coded(("REJECT",), "statement"),
    Coded(("THREATEN",), "statement", lost=_SAYING),
    Coded(("PROTEST",), "other"),
    Coded(("SANCTION",), "other"),
    _unsure("MOBILIZE", type="mobilisation", lost="police and weapons are coded alike"),
    Coded(("MOBILIZE", "troops"), "mobilisation"),
    Coded(("MOBILIZE", "militia"), "mobilisation"),
    Coded(("MOBILIZE", "police"), "other"),
    Coded(("COERCE",), "other"),
    _unsure("COERCE", "restrict", type="other", lost="sieges and blockades, with every other restriction"),
    _unsure("COERCE", "confiscate", type="other", lost="occupied territory, with every other seizure"),
    _unsure("COERCE", "seize", type="other", lost="occupied territory, with every other seizure"),
    _unsure("ASSAULT", type="other", lost="every kind of violence, against soldiers and civilians"),
    *(
        _unsure("ASSAULT", mode, type="attack-on-civilians", lost=_PERSONS)
        for mode in ("abduct", "assassinate", "beat", "crowd-control", "execute", "sexual", "targeted", "torture")
    ),
    Coded(("ASSAULT", "destroy"), "other"),
    _unsure("ASSAULT", "firearms", type="battle", lost="whether the target fought back, or was armed"),
    Coded(("ASSAULT", "explosives"), "explosion"),
    Coded(("ASSAULT", "suicide-attack"), "explosion"),
    _unsure("ASSAULT", "heavy-weapons", type="shelling", lost="tanks; in the 2021 draft air strikes as well"),
    Coded(("ASSAULT", "aerial"), "air-strike"),
    Coded(("ASSAULT", "drone"), "air-strike"),
    _unsure("ASSAULT", "unconventional", type="explosion", lost="chemical weapons and massacres: not told apart"),
)

WRITTEN: tuple[Written, ...] = (
    Written("battle", (_B, "Armed clash"), "by sides", "190", ("ASSAULT", None)),
    Written("air-strike", (_E, "Air/drone strike"), "by sides", "195", ("ASSAULT", "aerial")),
    Written("shelling", (_E, "Shelling/artillery/missile attack"), "by sides", "194", ("ASSAULT", "heavy-weapons")),
    Written("explosion", (_E, None), "by sides", "183", ("ASSAULT", "explosives"), "the kind of device"),
    Written("attack-on-civilians", (_V, None), "3", "180", ("ASSAULT", None), "whether killed, hurt or taken"),
    Written("capture", (_B, None), None, "192", ("COERCE", "confiscate"), "whether it was fought for"),
    Written("withdrawal", (_S, None), None, "0874", ("RETREAT", "withdraw"), "whether somebody took their place"),
    Written("siege", None, None, "191", ("COERCE", "restrict"), "ACLED codes only the fighting around it"),
    Written("ceasefire", (_S, "Agreement"), None, "0871", ("RETREAT", "ceasefire")),
    Written("evacuation", (_S, None), None, None, None, "ACLED: a deal is an agreement, a flight is other"),
    Written("mobilisation", (_S, "Change to group/activity"), None, "154", ("MOBILIZE", "troops")),
    Written("formation", (_S, "Change to group/activity"), None, None, None),
    Written("statement", None, None, "010", None, "ACLED, UCDP and PLOVER leave statements out"),
    Written("control", None, None, None, None, "a state of things, not an event"),
    Written("other", None, None, None, None),
)


Index = dict[tuple[str, ...], Coded]


def _indexed(table: tuple[Coded, ...]) -> Index:
    return {tuple(part.casefold() for part in row.code): row for row in table}


_ACLED, _UCDP, _CAMEO, _PLOVER = map(_indexed, (ACLED, UCDP, CAMEO, PLOVER))


def to_acled(type: str, *, taker: Literal["state", "non-state"] | None = None) -> tuple[str, str | None] | None:
    """ACLED's event and sub-event type for a report type.

    The sub-event type is ``None`` where the report does not say enough for one. A capture gets it
    from ``taker``, and is put among battles: a report of a capture does not say that nobody fought.

    >>> to_acled("capture", taker="state"), to_acled("explosion"), to_acled("control")
    (('Battles', 'Government regains territory'), ('Explosions/Remote violence', None), None)
    """
    if type == "capture" and taker:
        return _B, {
            "state": "Government regains territory",
            "non-state": "Non-state actor overtakes territory",
        }[taker]
    return _written(type).acled


def from_acled(event_type: str, sub_event_type: str | None = None) -> Coded:
    """The report type for ACLED's event and sub-event type.

    Lost: ACLED merges shelling and strikes during a battle into the battle; agreements and changes to
    groups come back as ``other``, because ceasefires, evacuations, mobilisations and new groups share
    them; the order of actors says nothing, but for violence against civilians.

    Raises:
        InputError: no such pair in the 2024 list.
    """
    # Older files spell it so.
    sub = (sub_event_type or "").strip().replace("protestors", "protesters")
    return _read(_ACLED, (event_type.strip(), sub) if sub else (event_type.strip(),), "sub_event_type")


def to_ucdp(type: str, *, state_party: bool | None = None) -> int | None:
    """UCDP's type_of_violence: 1 state-based, 2 non-state, 3 one-sided.

    ``state_party`` says whether a state is among the sides; without it 1 and 2 cannot be told apart.
    UCDP records only violence between organised parties, or against civilians, in which somebody died:
    a report without deaths has no place there, whatever this returns. Captures, sieges and all that is
    not violence have no code.
    """
    code = _written(type).ucdp
    if code == "by sides":
        return None if state_party is None else 1 if state_party else 2
    return int(code) if code else None


def from_ucdp(type_of_violence: int) -> Coded:
    """The report type for UCDP's type_of_violence.

    Lost: the means. UCDP's state-based and non-state events hold air strikes, shelling and bombs as
    well as ground fighting; they come back as ``battle``, UCDP's own word for the deaths in them, and
    never as certain.
    """
    return _read(_UCDP, (str(type_of_violence),), "type_of_violence")


def to_cameo(type: str) -> str | None:
    """The CAMEO code for a report type: the most general one that says it.

    An attack on civilians gets 180, unconventional violence: CAMEO says who was attacked in the
    target's actor code, not in the event's.
    """
    return _written(type).cameo


def from_cameo(code: str) -> Coded:
    """The report type for a CAMEO code, by the nearest code above it that the table holds.

    So codes that only some coders use (1951, 1834) are read by their parent. The code is text: read as
    a number it loses its leading zero, and 010, a statement, turns into 10, a demand.

    >>> from_cameo("1952").type, from_cameo("0872").lost
    ('air-strike', 'that a siege was eased')
    """
    code = code.strip()
    for length in range(len(code), 1, -1):
        if code.isdigit() and (row := _CAMEO.get((code[:length],))):
            return row
    return _read(_CAMEO, (code,), "EventCode")


def to_plover(type: str) -> tuple[str, str | None] | None:
    """PLOVER's event type and mode for a report type; the mode is ``None`` where none says it."""
    return _written(type).plover


def from_plover(event_type: str, mode: str | None = None) -> Coded:
    """The report type for a PLOVER event type and mode.

    A mode that the table does not hold adds nothing, and the event type alone is read. Lost: ASSAULT
    without a mode is any violence at all; DEMAND is REQUEST in later data and is read alike.
    """
    event_type, mode = event_type.strip().upper(), (mode or "").strip().lower()
    if row := _PLOVER.get((event_type.casefold(), mode)):
        return row
    return _read(_PLOVER, (event_type,), "event_type")


def _written(type: str) -> Written:
    row = next((row for row in WRITTEN if row.type == type), None)
    if row is not None:
        return row
    raise InputError(
        "unknown type",
        column="type",
        value=type,
        expected=f"one of {', '.join(REPORT_TYPES)}",
        fix=did_you_mean(type, REPORT_TYPES) or "use one of these words",
    )


def _read(rows: Index, code: tuple[str, ...], column: str) -> Coded:
    asked = tuple(part.casefold() for part in code)
    if asked in rows:
        return rows[asked]
    raise InputError(
        "unknown code",
        column=column,
        value=" / ".join(code),
        expected="a code that the page Codes of the documentation lists",
        fix=did_you_mean(" / ".join(code), [" / ".join(row.code) for row in rows.values() if not code[0].isdigit()])
        or "check the column that it was read from",
    )
