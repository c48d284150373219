"""The index of words: in which text each word stands and where; a cache, made anew whenever texts change.

One Parquet file in the cache of the case, sorted by word, so that a search reads the few rows it needs.
Texts are known by the hash of their content: what was indexed once is taken over.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zenobia.record import CACHE, written_whole
from zenobia.sources.documents.words import words_of

__all__ = ["Index"]

# Raised whenever words are cut or normalised otherwise, so that old indexes are not taken over.
_FORMAT = 2

_SCHEMA = pa.schema(
    [("word", pa.string()), ("text", pa.int32()), ("place", pa.int32()), ("start", pa.int32()), ("end", pa.int32())]
)
_ROWS_IN_GROUP = 1 << 16


@dataclass(frozen=True)
class Index:
    """The words of some texts.

    Attributes:
        lengths: how many words each text has, by the hash of its content.
        table: a row for each word and each key it is found under: word, text (its place in ``texts``),
            place (the how-manyeth word), start, end; sorted by word, text, place. ``None`` where it is
            read from ``file``.
    """

    lengths: Mapping[str, int]
    table: pa.Table | None
    file: Path | None

    @property
    def texts(self) -> tuple[str, ...]:
        """The hashes of the texts, in the order that their numbers mean."""
        return tuple(sorted(self.lengths))

    @classmethod
    def of(cls, root: Path, texts: Mapping[str, str]) -> Index:
        """The index of texts, by their hashes: as it was kept, else made and kept.

        Where the cache cannot be written the index is made for this once.
        """
        folder = root / CACHE / "search"
        file = folder / f"{_name_of(texts)}.parquet"
        if file.is_file() and (lengths := _lengths_in(file, set(texts))) is not None:
            return cls(lengths, None, file)
        lengths, table = _made(texts, _kept_before(folder))
        with suppress(OSError):
            _keep(folder, file, lengths, table)
        return cls(lengths, table, None)

    def rows(self, words: Sequence[str], beginnings: Sequence[str] = ()) -> pa.Table:
        """The rows of some words, and of all words with one of some beginnings."""
        wanted = [pc.field("word").isin(list(words))] if words else []
        wanted += [(pc.field("word") >= b) & (pc.field("word") < b + "\U0010ffff") for b in beginnings]
        if not wanted:
            return _SCHEMA.empty_table()
        either = wanted[0]
        for condition in wanted[1:]:
            either = either | condition
        if self.file:
            return pq.read_table(self.file, filters=either)
        assert self.table is not None
        return self.table.filter(either)


def _name_of(texts: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{_FORMAT} {sorted(texts)}".encode()).hexdigest()[:32]


def _made(texts: Mapping[str, str], before: pa.Table | None) -> tuple[dict[str, int], pa.Table]:
    """The rows of every text; those of texts that were indexed before are taken over."""
    numbers = {digest: number for number, digest in enumerate(sorted(texts))}
    lengths, parts = _taken_over(numbers, before)
    for digest, text in texts.items():
        if digest not in lengths:
            lengths[digest], part = _rows_of(numbers[digest], text)
            parts.append(part)
    table = pa.concat_tables(parts) if parts else _SCHEMA.empty_table()
    order = [("word", "ascending"), ("text", "ascending"), ("place", "ascending")]
    return lengths, table.sort_by(order)


def _taken_over(numbers: Mapping[str, int], before: pa.Table | None) -> tuple[dict[str, int], list[pa.Table]]:
    """The rows of an earlier index that are of these texts, under the numbers that the texts have now."""
    if before is None:
        return {}, []
    told: dict[str, int] = json.loads(before.schema.metadata[b"lengths"])
    renumbered = pa.array([numbers.get(digest) for digest in sorted(told)], pa.int32())
    rows = before.replace_schema_metadata().set_column(1, _SCHEMA.field(1), pc.take(renumbered, before.column(1)))
    lengths = {digest: length for digest, length in told.items() if digest in numbers}
    return lengths, [rows.filter(pc.is_valid(rows.column(1)))]


def _rows_of(number: int, text: str) -> tuple[int, pa.Table]:
    words: list[str] = []
    places, starts, ends = array("i"), array("i"), array("i")
    place = -1
    for place, (start, end, keys) in enumerate(words_of(text)):
        for key in keys:
            words.append(key)
            places.append(place)
            starts.append(start)
            ends.append(end)
    columns = [
        pa.array(words, pa.string()),
        pa.repeat(pa.scalar(number, pa.int32()), len(words)),
        *(pa.array(numbers, pa.int32()) for numbers in (places, starts, ends)),
    ]
    return place + 1, pa.Table.from_arrays(columns, schema=_SCHEMA)


def _keep(folder: Path, file: Path, lengths: Mapping[str, int], table: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = table.replace_schema_metadata({"lengths": json.dumps(lengths, sort_keys=True)})
    with written_whole(file) as out:
        pq.write_table(told, out, compression="zstd", row_group_size=_ROWS_IN_GROUP)
    for other in folder.glob("*.parquet"):
        if other != file:
            other.unlink(missing_ok=True)


def _kept_before(folder: Path) -> pa.Table | None:
    """The rows of the last index, if it can be read."""
    for file in sorted(folder.glob("*.parquet")):
        if _lengths_in(file, None) is not None:
            with suppress(OSError, pa.ArrowException):
                return pq.read_table(file)
    return None


def _lengths_in(file: Path, texts: set[str] | None) -> dict[str, int] | None:
    """What a kept index says of its texts; ``None`` where it is damaged or of other texts."""
    try:
        schema = pq.read_schema(file)
        told: dict[str, int] = json.loads(schema.metadata[b"lengths"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
    fits = schema.remove_metadata().equals(_SCHEMA) and (texts is None or set(told) == texts)
    return told if fits else None
