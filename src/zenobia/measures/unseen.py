"""What a list cannot see: on the ground of those whom it misses, an unknown number of what is asked is not on it.

That number is zero or more. So what a list holds is a floor, and of a share that limit stays valid which the
missing ones can only move further away from: of "on places held by X" the low, of "not held by X" the high.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from zenobia.measures.question import Where
from zenobia.measures.wording import actor_name, listing
from zenobia.terms import Bounds, Frame

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = [
    "Missing",
    "deciding",
    "hidden_changes",
    "missed_by",
    "missing_from",
    "opened",
    "share_words",
    "unseen_words",
]


One = TypeVar("One")


class Missing(NamedTuple):
    """Whether some of what a list misses may lie inside what a share counts, and whether some may lie outside."""

    inside: bool
    outside: bool


def missed_by(view: View, frames: Iterable[Frame]) -> tuple[str, ...]:
    """The holders on whose ground some frames say that they cannot see, in the order of the case."""
    missed = {actor for frame in frames for actor in frame.misses}
    found = {h for actor in missed for h in view.sides.holders_of(actor) or view.sides.holders_under(actor) or {actor}}
    order = view.setting.holders
    return tuple(sorted(found, key=lambda h: (order.index(h) if h in order else len(order), h)))


def missing_from(where: Where, missed: Sequence[str]) -> Missing:
    """Where the units that a list misses may lie, by what a share counts as inside.

    By holder of the place they lie on their holder's side of it; outside of named ground as well. Where they
    stand, and what was said to be hit there, nobody knows: then they may lie on either side.
    """
    if not missed:
        return Missing(inside=False, outside=False)
    if not where.names_holders or where.target == "as_stated":
        return Missing(inside=True, outside=True)
    named = [holder in where.holders for holder in missed]
    inside, outside = (any(not n for n in named), any(named)) if where.not_ else (any(named), not all(named))
    return Missing(inside=inside, outside=outside or not where.anywhere)


def opened(seen: Bounds, hidden: Missing) -> Bounds:
    """The share of all, from that of what a list holds: what it misses may bring it up to 1, or down to 0."""
    if not any(hidden):
        return seen
    low, high = 0.0 if hidden.outside else seen.low, 1.0 if hidden.inside else seen.high
    return replace(seen, low=low, best=None, high=high)


def deciding(each: Iterable[tuple[One, Bounds, bool]]) -> tuple[One, ...]:
    """The lists that decide: beside one that sees all, one that does not only where the two cannot both be right.

    Args:
        each: a list, what it comes to, whether it sees all of what is asked.

    >>> # 5 on a list that sees all, at least 3 on one that does not: the first alone. At least 7: both.
    """
    told = tuple(each)
    whole = [bounds for _, bounds, sees in told if sees]
    return tuple(one for one, bounds, sees in told if sees or not any(_meet(bounds, other) for other in whole))


def _meet(one: Bounds, other: Bounds) -> bool:
    """Whether some figure lies within both; an empty limit is open."""
    return all(a.low is None or b.high is None or a.low <= b.high for a, b in ((one, other), (other, one)))


def share_words(view: View, name: str, missed: Sequence[str], hidden: Missing, units: str) -> str:
    """Which way the share of all may differ from that of what a list holds, and why; empty where it may not."""
    if not any(hidden):
        return ""
    so = "larger or smaller" if all(hidden) else "larger" if hidden.inside else "smaller"
    return unseen_words(view, name, missed, f"of all {units} the share may be {so}")


def hidden_changes(missed: Collection[str], parties: Collection[str]) -> bool:
    """Whether a list misses changes of hands between some parties; nobody named is anybody."""
    return bool(missed) and (not parties or not set(missed).isdisjoint(parties))


def unseen_words(view: View, name: str, missed: Sequence[str], so: str) -> str:
    """One plain sentence: which list, what it misses, what follows."""
    ground = listing(actor_name(view, holder) for holder in missed)
    return f"by its own words {name} mostly cannot see what happened on ground of {ground}, so {so}"
