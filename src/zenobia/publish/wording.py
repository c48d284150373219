"""How data becomes words on a page: hostile characters, dates, figures, anchors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

__all__ = [
    "anchor",
    "calendar",
    "chance",
    "counted",
    "expected",
    "figure",
    "listed",
    "number",
    "plain",
    "short_hash",
    "with_unit",
]

# Embeddings, overrides and isolates can make a sentence read as another one; C0, C1, line separators,
# noncharacters and tags can hide text or break the markup. Marks that a script needs (LRM, RLM, ZWJ,
# ZWNJ) stay.
HOSTILE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\uffff\U000e0000-\U000e007f]"
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plain(text: str) -> str:
    """The text with every character that could mislead a reader or break the page made visible."""
    return HOSTILE.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)


def anchor(kind: str, id: str) -> str:
    """A fragment name for an id: one to one, and safe inside an attribute whatever the id holds."""
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.-]", lambda c: f"_{ord(c.group()):x}_", id)


def calendar(day: date | str | None) -> str:
    """A day as a reader says it: 27 March 2016. What is not a full day is shown as it came."""
    if day is None:
        return "not stated"
    try:
        whole = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    return f"{whole.day} {MONTHS[whole.month - 1]} {whole.year}"


def short_hash(record: str) -> str:
    """The first twelve characters of a hash, its scheme kept: sha256:0123456789ab."""
    scheme, _, digits = record.rpartition(":")
    return f"{scheme}:{digits[:12]}" if scheme else digits[:12]


def counted(many: int, what: str) -> str:
    """A number with what it counts: 1 place, 3 places."""
    return f"{many:,} {what}" if many == 1 else f"{many:,} {what}s"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names in a sentence; past the fourth only how many more there are."""
    shown, more = list(names[:most]), len(names) - most
    shown += [f"{more} more"] if more > 0 else []
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def number(value: float | str | None, unit: str = "") -> str:
    """One figure without its unit: 4,408; 0.79; 9.9; a day in words where the unit is a date."""
    if value is None:
        return "not known"
    if isinstance(value, str) or unit == "date":
        return calendar(value if isinstance(value, str) else date.fromordinal(round(value)))
    if unit.startswith(("chance", "share")):
        return chance(value)
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


def chance(value: float) -> str:
    """A chance or share; one that is not quite certain is never rounded to 0 or 1."""
    if 0.995 <= value < 1:
        return "over 0.99"
    return "under 0.01" if 0 < value < 0.005 else f"{value:.2f}".removesuffix(".00")


def figure(found: Mapping[str, Any] | None) -> str:
    """Bounds in words, with the unit: `10 months (9.9 to 10.3)`, `0.31 of locations`, `at least 900 raids`."""
    if found is None or all(found.get(side) is None for side in ("low", "best", "high")):
        return "nothing to measure"
    unit = str(found["unit"])
    low, best, high = found.get("low"), found.get("best"), found.get("high")
    if best is None:
        return with_unit(between(low, high, unit), unit, high if low is None else low)
    main = with_unit(number(best, unit), unit, best)
    if low == best == high or (low is None and high is None):
        return main
    return f"{main} ({between(low, high, unit)})"


def between(low: Any, high: Any, unit: str) -> str:
    """Two limits in words, or the one that is known."""
    floor, ceiling = ("not before", "not after") if unit == "date" else ("at least", "at most")
    if low is None:
        return f"{ceiling} {number(high, unit)}"
    if high is None:
        return f"{floor} {number(low, unit)}"
    return number(low, unit) if low == high else f"{number(low, unit)} to {number(high, unit)}"


def with_unit(words: str, unit: str, counted: Any) -> str:
    """A figure and what it counts, in the plural where English wants it."""
    if unit == "date":
        return words
    if unit == "chance":
        return f"chance {words}"
    if unit.startswith("share"):
        return f"{words} {unit.removeprefix('share')}".replace("  ", " ").strip()
    if unit == "rank":
        return f"number {words}"
    plural = {"person": "people", "km2": "km²"}.get(unit, unit if unit.endswith("s") else f"{unit}s")
    return f"{words} {unit if counted == 1 else plural}"


COMPARISONS = {">=": "at least", "<=": "at most", ">": "over", "<": "under", "=": "exactly"}


def expected(threshold: object) -> str:
    """What a claim expects, in words: `> 0.5` is over 0.5, `2016-03-26..2016-03-28` is two days in words."""
    text = str(threshold).strip()
    low, dots, high = text.partition("..")
    if dots:
        return f"{calendar(low.strip())} to {calendar(high.strip())}"
    sign = next((sign for sign in COMPARISONS if text.startswith(sign)), "")
    rest = text.removeprefix(sign).strip()
    dated = {"at least": "on or after", "at most": "on or before", "over": "after", "under": "before", "exactly": "on"}
    is_day = calendar(rest) != rest
    word = COMPARISONS.get(sign, "")
    return f"{dated[word] if is_day and word else word} {calendar(rest)}".strip()
