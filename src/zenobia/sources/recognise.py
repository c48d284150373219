"""What kind of file this is, guessed from its look and said to the user, who may say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zenobia.sources.archives import opened
from zenobia.sources.cells import look_at_table, read_cells
from zenobia.sources.feed import Feed, Look
from zenobia.terms import InputError, did_you_mean

__all__ = ["feed_for", "look_at"]

_HEAD = 64 * 1024
_LEAST_SURE = 0.5


def look_at(path: Path, name: str = "") -> Look:
    """What can be seen of a file without reading it whole.

    Raises:
        InputError: there is no such file, it is empty, or an archive that cannot be opened.
    """
    name = name or path.name
    if not path.is_file():
        raise InputError("no such file", file=path, fix="check the spelling of the path")
    with opened(path, name) as (raw, inner):
        head = raw.read(_HEAD)
    if not head:
        raise InputError("an empty file", file=name, expected="a table", fix="download or export it again")
    if inner.lower().endswith(".xlsx"):
        first = read_cells(path, name)
        rows = first.table.drop_columns(["row"]).slice(0, 7).to_pylist()
        return Look(
            path=path,
            name=name,
            head=head,
            columns=first.columns,
            rows=tuple(tuple(row[column] for column in first.columns) for row in rows),
        )
    columns, under = look_at_table(head)
    return Look(path=path, name=name, head=head, columns=columns, rows=under)


def feed_for(look: Look, feeds: Sequence[Feed], kind: str = "") -> Feed:
    """The feed that reads a file: the one named, or the one that is surest of it.

    Raises:
        InputError: no such kind, or no feed knows the file.
    """
    by_kind = {feed.kind: feed for feed in feeds}
    if kind:
        if kind not in by_kind:
            raise InputError(
                "no such kind of file",
                value=kind,
                expected=f"one of {', '.join(by_kind)}",
                fix=did_you_mean(kind, by_kind) or "leave --as out to have it recognised",
            )
        return by_kind[kind]
    sure = sorted(((feed.recognises(look), -i) for i, feed in enumerate(feeds)), reverse=True)
    if not sure or sure[0][0] < _LEAST_SURE:
        raise InputError(
            "a file of no known kind",
            file=look.name,
            value=", ".join(look.columns[:12]) or look.head[:40],
            expected=f"one of {', '.join(by_kind)}, known by its columns",
            fix="say which with --as KIND, or name its columns: --as reports --map published=ITS_COLUMN --map ...",
        )
    return feeds[-sure[0][1]]
