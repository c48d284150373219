"""Who is part of whom, and who stands with whom, on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from zenobia.terms import Affiliation, day_of

__all__ = ["Sides"]


class Sides:
    """Actors roll up, by dated affiliation, to at most one holder of the case on a day.

    Args:
        holders: the actor ids that the case names as holders.
        affiliations: dated ties; ``part_of`` makes a group belong to another, ``backed_by`` and
            ``allied_with`` put it on a side without making it the holder of anything.
        ended: the day from which a holder is none any more; then it belongs where its ties say.
    """

    def __init__(
        self,
        *,
        holders: tuple[str, ...],
        affiliations: Iterable[Affiliation],
        ended: Mapping[str, date] | None = None,
    ) -> None:
        self._holders = frozenset(holders)
        self._ended = dict(ended or {})
        self._ties: dict[str, list[Affiliation]] = {}
        self._friends: dict[str, list[tuple[str, Affiliation]]] = {}
        for tie in affiliations:
            if tie.role == "part_of":
                self._ties.setdefault(tie.actor, []).append(tie)
            else:
                self._friends.setdefault(tie.actor, []).append((tie.of, tie))
                self._friends.setdefault(tie.of, []).append((tie.actor, tie))
        self._held: dict[tuple[str, int | None], frozenset[str]] = {}

    def holders_of(self, actor: str, day: int | None = None) -> frozenset[str]:
        """Every holder that the actor rolls up to on a day; more than one is a fault of the case."""
        known = self._held.get((actor, day))
        if known is None:
            known = self._held[actor, day] = self._climb(actor, None if day is None else day_of(day))
        return known

    def holder_of(self, actor: str, day: int | None = None) -> str | None:
        """The holder that the actor is, or is part of; ``None`` where there is none or no single one.

        Without a day any tie counts, whenever it held.
        """
        found = self.holders_of(actor, day)
        return next(iter(found)) if len(found) == 1 else None

    def side_of(self, actor: str, day: int | None = None) -> str | None:
        """The holder on whose side the actor stands: its own, else that of whom it backs or is allied with.

        An actor that backs two holders stands, for us, on no one's side.
        """
        own = self.holder_of(actor, day)
        if own is not None:
            return own
        when = None if day is None else day_of(day)
        chain = self._above(actor, when)
        friends = {
            holder
            for member in chain
            for friend, tie in self._friends.get(member, ())
            if tie.holds_on(when)
            for holder in self.holders_of(friend, day)
        }
        return next(iter(friends)) if len(friends) == 1 else None

    def _climb(self, actor: str, when: date | None) -> frozenset[str]:
        """Up the ``part_of`` ties, each branch as far as the first holder it meets."""
        found, seen, rising = set(), set(), [actor]
        while rising:
            member = rising.pop()
            if member in seen:
                continue
            seen.add(member)
            if member in self._holders and not self._gone(member, when):
                found.add(member)
            else:
                rising.extend(tie.of for tie in self._ties.get(member, ()) if tie.holds_on(when))
        return frozenset(found)

    def holders_under(self, actor: str, day: int | None = None) -> frozenset[str]:
        """The holders that are part of an actor on a day: those that its name leaves open."""
        when = None if day is None else day_of(day)
        return frozenset(h for h in self._holders if not self._gone(h, when) and actor in self._above(h, when))

    def _gone(self, holder: str, when: date | None) -> bool:
        """Whether a holder had ended by then, with somebody to follow it."""
        end = self._ended.get(holder)
        if end is None or when is None or when < end:
            return False
        return any(tie.holds_on(when) for tie in self._ties.get(holder, ()))

    def _above(self, actor: str, when: date | None) -> list[str]:
        seen, rising = [], [actor]
        while rising:
            member = rising.pop()
            if member not in seen:
                seen.append(member)
                rising.extend(tie.of for tie in self._ties.get(member, ()) if tie.holds_on(when))
        return seen
