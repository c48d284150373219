"""Control in a terminal, beyond one table of places: warnings, two days beside each other, totals, fronts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from zenobia.publish.terminal import plain

__all__ = ["compared_table", "fronts_shown", "totals_shown", "warned_in_all", "warning_lines"]

# Changes of hands that are less likely than this are told as one number.
_LIKELY = 0.1
_COUNTED = {
    "one voice": "{} with fewer than two voices",
    "silence": "{} silent for more than 60 days",
    "contradiction": "{} with voices that contradict each other",
}


def warning_lines(row: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """The warnings of one estimate of control, a line each."""
    for warning in row["warnings"]:
        sides = (_side(holder, voices, names) for holder, voices in warning["voices"].items())
        told = f"{warning['says'].partition(':')[0]}: {'; '.join(sides)}" if warning["voices"] else warning["says"]
        yield f"warning: {told}"


def warned_in_all(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many places have which warning."""
    kinds = Counter(warning["kind"] for row in rows for warning in row["warnings"])
    told = [words.format(kinds[kind]) for kind, words in _COUNTED.items() if kinds[kind]]
    return f"warnings: {', '.join(told) or 'none'}"


def compared_table(told: Mapping[str, Any], names: Mapping[str, str]) -> RenderableType:
    """What each holder gained, lost and held between two days, and the places that may have changed hands."""
    first, last = told["compare"]
    sums = _table("holder", "gained", "lost", "held")
    for row in told["holders"]:
        sums.add_row(_name(row["holder"], names), *(_figure(row[key]) for key in ("gained", "lost", "held")))
    places = _table("place", first, last, "changed")
    likely = sorted((r for r in told["places"] if r["changed"] >= _LIKELY), key=lambda r: (-r["changed"], r["place"]))
    for row in likely:
        sides = (_leader(row[key], names) for key in ("before", "after"))
        places.add_row(_name(row["place"], names), *sides, f"{row['changed']:.2f}")
    rest = len(told["places"]) - len(likely)
    note = f"{rest} other places: a chance of less than {_LIKELY} each that they changed hands. {_behind(told)}"
    return Group(sums, places, Text(note, style="dim"))


def totals_shown(told: Mapping[str, Any], names: Mapping[str, str]) -> RenderableType:
    """How many places, people and square kilometres each holder had through time."""
    table = _table("date", "holder", "places", "people", "km2", "voices changed")
    day = None
    for row in told["totals"]:
        ground = row["km2"]
        if row["places"]["high"] or (ground and ground["high"]):
            date = row["date"] if row["date"] != day else ""
            day = row["date"]
            people = _figure(row["people"]) if row["people"] else "not known"
            changed = str(row["voices_changed"] or "")
            km2 = _figure(ground) if ground else "not known"
            table.add_row(date, _name(row["holder"], names), _figure(row["places"]), people, km2, changed)
    return Group(table, Text(f"{_behind(told)} {_ground(told)}".strip(), style="dim"))


def fronts_shown(told: Mapping[str, Any], names: Mapping[str, str]) -> RenderableType:
    """Who faced whom, on a day or through time, and when that changed."""
    table = _table("date", "who", "faces whom", "chance", "km", "band, km2", "voices changed")
    day = None
    for row in told["fronts"]:
        date, day = ("" if row["date"] == day else row["date"]), row["date"]
        sides = (_name(row[side], names) for side in ("one", "other"))
        figures = f"{row['chance']:.2f}", _figure(row["length"]), f"{row['band_km2']:,}"
        table.add_row(date, *sides, *figures, str(row["voices_changed"] or ""))
    shown: list[RenderableType] = [table if told["fronts"] else Text("Nobody faces anybody here, as far as is known.")]
    if "events" in told:
        none = Text("No change of who faces whom was found.")
        shown.append(_turns(told["events"], names) if told["events"] else none)
    return Group(*shown, Text(_ground(told), style="dim"))


def _turns(events: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> RenderableType:
    table = _table("where", "date", "", "chance", "voices changed at")
    for event in events:
        sides = " and ".join(_name(event[side], names) for side in ("one", "other"))
        on = event["date"]
        date = on["best"] if on["low"] == on["high"] else f"{on['best']} ({on['low']} to {on['high']})"
        where = _name(event["in"], names) if event["in"] else "the whole case"
        switched = len(event["voices_changed"])
        table.add_row(where, date, f"{sides} {event['what']}", f"{event['chance']:.2f}", str(switched or ""))
    return table


def _ground(told: Mapping[str, Any]) -> str:
    ground = told["ground"]
    if ground is None:
        return ""
    where = f"Ground: {ground['km2']:,} km2 in {ground['cells']:,} cells (H3, resolution {ground['resolution']})."
    rest = [row["km2"]["best"] for row in told.get("no_recent_evidence", ())]
    if any(rest):
        span = f"{min(rest):,} to {max(rest):,}" if min(rest) < max(rest) else f"{rest[0]:,}"
        where += f" Of it {span} km2 lie more than {ground['reach_km']:g} km from any place of"
        where += f" which somebody had spoken in {ground['evidence_days']} days: nobody's."
    return where


def _behind(told: Mapping[str, Any]) -> str:
    return (
        f"Counted: {told['counted']} places that reports speak of, {told['without_population']} of them without a"
        f" known population; {told['not_counted']} places of the case are not counted. Figures: best (low to high, nine"
        " in ten)."
    )


def _leader(held: Mapping[str, float], names: Mapping[str, str]) -> str:
    state = max(held, key=lambda state: held[state])
    return f"{_name(state, names)} {held[state]:.2f}"


def _figure(bounds: Mapping[str, Any]) -> str:
    if bounds["low"] == bounds["high"]:
        return f"{bounds['best']:,}"
    return f"{bounds['best']:,} ({bounds['low']:,} to {bounds['high']:,})"


def _side(holder: str, voices: Sequence[str], names: Mapping[str, str]) -> str:
    return f"{_name(holder, names)} ({', '.join(_name(voice, names) for voice in voices)})"


def _name(word: str, names: Mapping[str, str]) -> str:
    return plain(names.get(word, word))


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for nth, column in enumerate(columns):
        table.add_column(column, justify="left" if nth == 0 else "right", overflow="fold")
    return table
