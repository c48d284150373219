"""What was kept back and why: told to the publisher, and to nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Withheld", "told_in_lines"]

_NAMED = 5


@dataclass(frozen=True, order=True)
class Withheld:
    """A row that does not leave, or does not leave as it stands.

    Attributes:
        table: where it stands: reports, documents, sources, actors, places, claims, coverage, briefs.
        id: which.
        why: in a few words.
        whole: whether all of it was kept back; otherwise a part of it, as ``why`` says.
    """

    table: str
    id: str
    why: str
    whole: bool = True


def told_in_lines(withheld: Iterable[Withheld]) -> Iterator[str]:
    """How many of each table were kept back for each reason, with the first few ids."""
    rows = sorted(set(withheld), key=lambda row: (row.table, not row.whole, row.why, row.id))
    counts = Counter((row.table, row.whole, row.why) for row in rows)
    for (table, whole, why), many in counts.items():
        ids = [row.id for row in rows if (row.table, row.whole, row.why) == (table, whole, why)]
        more = f" and {many - _NAMED} more" if many > _NAMED else ""
        yield f"{'withheld' if whole else 'changed'}  {many} of {table}: {why} ({', '.join(ids[:_NAMED])}{more})"
