"""Areas with their whole history in one cell, as the Carter Center kept them for Syria.

*Controlled By (Previous)* packs ``date;controller,date;controller,...``: on that date the area was
seen in that hand. *Controlled By* is the hand on the day of the table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from zenobia.sources.feed import Captured, Look, Reading, Sql
from zenobia.sources.findings import Findings
from zenobia.sources.reference import read_holder, reference_table
from zenobia.sources.rows import Batch, batches
from zenobia.sources.said import Said, slug
from zenobia.sources.values import plain, read_day, read_point, says_nothing
from zenobia.terms import InputError

__all__ = ["Carter", "unpack"]

_NOW, _BEFORE = "controlled by", "controlled by (previous)"
_POINT = ("lat long / mgrs grid", "lat long", "lat/long", "latitude longitude", "coordinates", "mgrs grid", "mgrs")
_NAME = ("name", "place", "community", "area", "location", "settlement", "town")


class Carter:
    """Reads areas with packed histories as dated spells of a reference series."""

    kind = "carter"
    version = 1
    prefix = "carter"

    def recognises(self, look: Look) -> float:
        """By the column that packs the history."""
        batch = Batch(look.columns, ())
        return 0.98 if batch.place(_BEFORE) is not None and batch.place(_NOW) is not None else 0.0

    def read(self, captured: Captured, sql: Sql) -> Iterator[Reading]:
        """Read the areas; the day of the table is in its name, or ``--set date=`` says it.

        Raises:
            InputError: a column is missing.
        """
        findings, said = Findings(), Said(captured, settable=("date", "holder"))
        source = said.speaker("carter", "The Carter Center, Syria conflict mapping")
        series = said.get("series") or f"carter/{source.id}"
        day = said.day()
        shared = {"series": series, "source": source.id, "url": said.get("url") or None}
        if day is None:
            says = "neither the name nor --set date= says the table's day; who holds an area now has no date"
            findings.doubt(1, "no day", "doubt", captured.name, says)
        for batch in batches(captured, findings):
            columns = _columns(batch, captured.name)
            rows = [
                row for number, cells in batch.rows for row in _area(number, cells, batch, columns, day, said, findings)
            ]
            rejected, doubts = findings.take()
            yield Reading(
                series=series,
                source=source.id,
                published=said.published() or day,
                reference=reference_table({**shared, **row} for row in rows),
                sources=(source,),
                rejected=rejected,
                doubts=doubts,
            )


def unpack(text: str) -> list[tuple[dt.date, str]]:
    """The dates and controllers of a packed cell, in order of date.

    A date may hold a comma itself: ``January 1, 2015;Opposition,March 3, 2015;Government``.

    Raises:
        InputError: a part of it is no ``date;controller``.
    """
    head, *parts = [part.strip() for part in text.strip().strip(",").split(";")]
    if not parts:
        raise _not_packed(text)
    found, when = [], head
    for part in parts[:-1]:
        controller, following = _cut(part, text)
        found.append((read_day(when), controller))
        when = following
    found.append((read_day(when), parts[-1].strip().rstrip(",")))
    return sorted(found, key=lambda spell: spell[0])


def _cut(part: str, text: str) -> tuple[str, str]:
    """A controller and the date behind it: at the first comma that leaves a whole date."""
    pieces = part.split(",")
    for cut in range(1, len(pieces)):
        following = ",".join(pieces[cut:]).strip()
        try:
            read_day(following)
        except InputError:
            continue
        return ",".join(pieces[:cut]).strip(), following
    raise _not_packed(text, part)


def _columns(batch: Batch, file: str) -> dict[str, int | None]:
    return {
        "now": batch.required(file, _NOW),
        "before": batch.required(file, _BEFORE),
        "point": batch.required(file, *_POINT),
        "name": batch.place(*_NAME),
    }


def _area(
    number: int,
    cells: tuple[str, ...],
    batch: Batch,
    columns: Mapping[str, int | None],
    day: dt.date | None,
    said: Said,
    findings: Findings,
) -> list[dict[str, Any]]:
    """The spells of one area: each hand from its day until the next is seen."""
    texts = {key: cells[at] if at is not None else "" for key, at in columns.items()}
    try:
        position = None if says_nothing(texts["point"]) else read_point(texts["point"])
        before = [] if says_nothing(texts["before"]) else unpack(texts["before"])
        spells = list(_spells(number, before, texts["now"], day, findings))
        hands = [(*read_holder(controller, said), begin, end) for begin, end, controller in spells]
        if position is None and not texts["name"]:
            raise InputError("neither a name nor a position", column="name", expected="one of them", fix="fill one in")
    except InputError as wrong:
        findings.reject(number, wrong, batch.named(cells))
        return []
    where = slug(texts["name"]) or plain(texts["name"])
    at = f"{position[0]:.4f},{position[1]:.4f}" if position else ""
    return [
        {
            "date": begin,
            "date_to": end,
            "place": plain(texts["name"]) or None,
            "lat": position[0] if position else None,
            "lon": position[1] if position else None,
            "holder": holder,
            "status": status,
            "key": f"{where}@{at}/{begin or 'now'}",
            "row": number,
        }
        for holder, status, begin, end in hands
    ]


def _spells(
    number: int, before: list[tuple[dt.date, str]], now: str, day: dt.date | None, findings: Findings
) -> Iterator[tuple[dt.date | None, dt.date | None, str]]:
    """Closed-open spells; the hand on the day of the table is known for that day alone."""
    for (begin, _), (following, _) in pairwise(before):
        if begin == following:
            findings.doubt(number, "the same day twice", "fault", begin, "two hands on one day; both are kept")
    if day is not None and before and before[-1][0] >= day:
        says = f"seen in a hand on {before[-1][0]}, not before the table's own day, {day}"
        findings.doubt(number, "seen later", "fault", before[-1][0], says)
    ends: list[dt.date | None] = [*(begin for begin, _ in before[1:]), day]
    for (begin, controller), end in zip(before, ends, strict=False):
        # A spell lasts a day at least, whatever stands behind it.
        yield begin, max(end, _after(begin)) if end else None, controller
    # An empty cell says that it is not known who holds the area now, which is a row too.
    yield day, _after(day) if day else None, now


def _after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=1)


def _not_packed(text: str, part: str = "") -> InputError:
    return InputError(
        "not a packed history",
        column="Controlled By (Previous)",
        value=part or text,
        expected="date;controller,date;controller,...",
        fix="put a semicolon between date and controller, and a comma behind the controller",
    )
