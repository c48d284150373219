"""From a file on somebody's disk to a release on the case's list: recognised, read, captured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from zenobia.sources.capture import Copy, found, see_untouched
from zenobia.sources.collect import Collected
from zenobia.sources.feed import Captured, Feed, Look, Options, Sql
from zenobia.sources.recognise import feed_for, look_at
from zenobia.sources.shelf import Shelf, merged
from zenobia.sources.telling import told_again, told_of
from zenobia.sources.versions import Release

__all__ = ["Intake", "Listed", "Saved", "Seen", "entries_of", "told_of_each"]


class Listed(Protocol):
    """A captured file as the case lists it."""

    @property
    def id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def series(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def options(self) -> str: ...
    @property
    def maps(self) -> Mapping[str, str]: ...
    @property
    def sets(self) -> Mapping[str, str]: ...


One = TypeVar("One", bound=Listed)


class Saved(Protocol):
    """How tables with some columns were read before."""

    @property
    def kind(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def maps(self) -> Mapping[str, str]: ...
    @property
    def sets(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A file where it lies, with what it is, what its columns are, and what it was read as."""

    captured: Captured
    feed: Feed
    columns: tuple[str, ...]
    release: Release
    copy: Copy | None


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes files in.

    Attributes:
        feeds: every kind of file that is known.
        place: where the case keeps a captured file, by its hash and name.
        shelf: where readings are kept.
        sql: answers a query over tables.
    """

    feeds: Sequence[Feed]
    place: Callable[[str, str], Path]
    shelf: Shelf
    sql: Sql

    def look_all(
        self, paths: Iterable[Path], kind: str, options: Options, saved: Sequence[Saved], *, keep: bool
    ) -> list[Seen]:
        """Recognise and read files; if one of them is refused, nothing is left of the others (see `look`)."""
        seen: list[Seen] = []
        try:
            for path in paths:
                seen.append(self.look(path, kind, options, saved, keep=keep))
        except BaseException:
            self.drop(seen)
            raise
        return seen

    def look(self, path: Path, kind: str, options: Options, saved: Sequence[Saved], *, keep: bool) -> Seen:
        """Recognise a file and read it; it is captured when `capture` says so, and not before.

        Args:
            path: where it lies.
            kind: what the user says that it is, if anything.
            options: what the user says of it.
            saved: mappings of earlier files; used where the columns are the same and the user maps nothing.
            keep: put the reading on the shelf, which only who holds the write lock may do.

        Raises:
            InputError: no such file, no such kind, or it cannot be read as what it should be.
        """
        seen = look_at(path)
        before = next((s for s in saved if s.columns == seen.columns), None) if not options.maps else None
        if before:
            options = Options(maps=before.maps, sets={**before.sets, **options.sets})
        captured = found(path, options)
        feed = feed_for(seen, self.feeds, kind or (before.kind if before else ""))
        copy = Copy(captured, self.place(captured.sha256, captured.name)) if keep else None
        try:
            release = self._read(captured, feed, 0, keep=keep)
        except BaseException:
            if copy:
                copy.drop()
            raise
        return Seen(captured=captured, feed=feed, columns=seen.columns, release=release, copy=copy)

    def capture(self, seen: Seen) -> None:
        """Keep a file whole, under its hash."""
        if seen.copy:
            seen.copy.keep()

    def drop(self, seen: Sequence[Seen]) -> None:
        """Leave nothing behind of files that were seen and not captured."""
        for one in seen:
            if one.copy:
                one.copy.drop()

    def releases(
        self,
        datasets: Sequence[One],
        seen: Mapping[str, Release],
        *,
        keep: bool,
        each: Callable[[Sequence[One]], Iterable[One]] = iter,
    ) -> list[Release]:
        """What the listed files come to, in the order of the list.

        Args:
            datasets: the listed files.
            seen: those that were just read, by id; they are not read again.
            keep: put readings on the shelf, which only who holds the write lock may do.
            each: goes through the files one by one; whoever wants to know how far it is hands in another way.
        """
        made = []
        for number, dataset in enumerate(each(datasets)):
            held = seen.get(dataset.id)
            release = held or self._read(*self._kept(dataset), number, keep=keep, untouched=True)
            made.append(Release(number=number, prefix=release.prefix, reading=release.reading))
        if keep:
            self.shelf.keep_only([self._kept(dataset) for dataset in datasets])
        return made

    def _kept(self, dataset: Listed) -> tuple[Captured, Feed]:
        path = self.place(dataset.sha256, dataset.name)
        options = Options(maps=dataset.maps, sets=dataset.sets)
        captured = Captured(path=path, name=dataset.name, sha256=dataset.sha256, options=options)
        return captured, feed_for(Look(path=path, name=dataset.name, head=b""), self.feeds, dataset.kind)

    def _read(self, captured: Captured, feed: Feed, number: int, *, keep: bool, untouched: bool = False) -> Release:
        reading = self.shelf.get(captured, feed)
        if reading is None and untouched:
            see_untouched(captured)
        if reading is None and keep:
            reading = self.shelf.put(captured, feed, feed.read(captured, self.sql))
        elif reading is None:
            reading = merged(feed.read(captured, self.sql), captured.name)
        return Release(number=number, prefix=feed.prefix, reading=reading)


def told_of_each(
    collected: Collected, datasets: Sequence[Listed], wanted: Sequence[Listed], held: set[str], *, rows: bool
) -> list[dict[str, Any]]:
    """What `add` says of each file.

    Args:
        collected: what all files of the case came to.
        datasets: all files of the case.
        wanted: those that were to be added.
        held: ids of those that were there before, which change nothing.
        rows: every row as well.
    """
    number = {dataset.id: n for n, dataset in enumerate(datasets)}
    told = []
    for dataset in wanted:
        counts = told_of(collected, number[dataset.id], rows=rows)
        about = {"file": dataset.name, "kind": dataset.kind, "published": dataset.published or None}
        told.append({**about, **(told_again(counts) if dataset.id in held else counts)})
    return told


_IN_HISTORY = ("added", "updated", "unchanged", "withdrawn", "rejected", "cited", "reference")


def entries_of(collected: Collected, datasets: Sequence[Listed]) -> list[dict[str, Any]]:
    """What the history keeps of each captured file: its hash, how it was read, and what its rows came to."""
    made = []
    for number, dataset in enumerate(datasets):
        counts = told_of(collected, number)
        about = {"id": dataset.id, "sha256": dataset.sha256, "name": dataset.name, "dataset": dataset.kind}
        read = {"series": dataset.series, "options": dataset.options}
        made.append({**about, **read, "rows": {name: counts[name] for name in _IN_HISTORY}})
    return made
