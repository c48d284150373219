"""Writes docs/codes.md from the tables in zenobia.terms.codes, so that the page cannot drift from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from zenobia.terms import codes
from zenobia.terms.codes import Coded, Written

PAGE = Path(__file__).resolve().parent.parent / "docs" / "codes.md"

_OPENING = """\
# Codes

<!-- Written by tools/codes.py from zenobia.terms.codes; a test compares. Change the tables there. -->

What a report's `type` is called in ACLED, UCDP, CAMEO and PLOVER, both ways. Every scheme cuts a war
along other lines, so neither direction undoes the other: *lost* says what cannot be had back. A code
marked **?** covers more than the type that it is read as. No translation says who was actor and who was
target: the sides of ACLED and UCDP have no direction.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_OPENING, *_written(), *_acled(), *_ucdp(), *_cameo(), *_plover()]) + "\n"


def _written() -> Iterable[str]:
    yield "## From a report\n"
    yield "An empty cell: the scheme has no code for it. *comes back as* is what its code is read as.\n"
    yield _row("type", "ACLED", "UCDP", "CAMEO", "PLOVER", "comes back as", "lost")
    yield _row(*["---"] * 7)
    for row in codes.WRITTEN:
        yield _row(
            f"`{row.type}`",
            _joined(row.acled, " / "),
            {"by sides": "1 or 2", "3": "3", None: ""}[row.ucdp],
            row.cameo or "",
            _joined(row.plover, "/"),
            _returns(row),
            row.lost,
        )
    yield "\nA capture gets its ACLED sub-event type from who took the place: a state or not. UCDP's 1 and 2"
    yield "are told apart by whether a state is among the sides, and hold only events in which somebody died.\n"


def _returns(row: Written) -> str:
    """What the codes of a row are read as, scheme by scheme, where that is not the type itself."""
    back: dict[str, str] = {}
    if row.acled:
        back["ACLED"] = codes.from_acled(*row.acled).type
    if row.ucdp:
        back["UCDP"] = codes.from_ucdp(3 if row.ucdp == "3" else 1).type
    if row.cameo:
        back["CAMEO"] = codes.from_cameo(row.cameo).type
    if row.plover:
        back["PLOVER"] = codes.from_plover(*row.plover).type
    changed = [f"{scheme}: {type}" for scheme, type in back.items() if type != row.type]
    return ", ".join(changed) or ("itself" if back else "")


def _acled() -> Iterable[str]:
    yield "## From ACLED\n"
    yield "The 2024 list: 6 event types, 25 sub-event types. An event type alone is read by its own row.\n"
    yield from _table("event / sub-event type", codes.ACLED, lambda row: " / ".join(row.code))


def _ucdp() -> Iterable[str]:
    yield "## From UCDP\n"
    yield "`type_of_violence`: 1 state-based, 2 non-state, 3 one-sided.\n"
    yield from _table("code", codes.UCDP, lambda row: row.code[0])


def _cameo() -> Iterable[str]:
    yield "## From CAMEO\n"
    yield "A code is read by the nearest one above it that is listed: 1952 by 195, 0356 by 03. Keep codes as"
    yield "text: as numbers they lose the zero that tells 010, a statement, from 10, a demand.\n"
    yield from _table("code", codes.CAMEO, lambda row: row.code[0])


def _plover() -> Iterable[str]:
    yield "## From PLOVER\n"
    yield "A mode that is not listed is read by its event type.\n"
    yield from _table("event type / mode", codes.PLOVER, lambda row: "/".join(row.code))


def _table(heading: str, rows: Iterable[Coded], shown: Callable[[Coded], str]) -> Iterable[str]:
    yield _row(heading, "type", "status", "lost")
    yield _row(*["---"] * 4)
    for row in rows:
        yield _row(shown(row), f"`{row.type}`{'' if row.certain else ' **?**'}", row.status or "", row.lost)
    yield ""


def _joined(code: tuple[str, str | None] | None, by: str) -> str:
    return by.join(part for part in code or () if part)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
