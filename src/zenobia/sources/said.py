"""What the user said about a file with ``--map`` and ``--set``, checked and ready for use."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from zenobia.sources.feed import Captured
from zenobia.sources.values import days_in_name
from zenobia.terms import InputError, Source, did_you_mean, parse_published

__all__ = ["ABOUT_FILE", "Chosen", "Said", "id_of", "slug"]

# What --set may say of a file as a whole, whichever feed reads it.
ABOUT_FILE = ("published", "series", "source", "source_name", "licence", "url")

_NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Chosen:
    """The column that a field is read from, by its place (the first is 0), and the forms of its days."""

    index: int
    forms: tuple[str, ...] = ()


class Said:
    """The options of one file.

    Besides ``--set field=value``, ``--set field:VALUE=ours`` says what a value in the file means, as in
    ``--set "type:Airstrike=air-strike"``; ``--set type:*=other`` what all the others mean.

    Args:
        captured: the file with its options.
        settable: what ``--set`` may name, besides `ABOUT_FILE`.
        mappable: what ``--map`` may name.

    Raises:
        InputError: a name that this feed does not know.
    """

    def __init__(self, captured: Captured, settable: Collection[str] = (), mappable: Collection[str] = ()) -> None:
        self.file = captured.name
        self._maps = dict(captured.options.maps)
        self._sets: dict[str, str] = {}
        self._meanings: dict[str, dict[str, str]] = {}
        for word, value in captured.options.sets.items():
            field, colon, theirs = word.partition(":")
            self._check("--set", field, {*settable, *ABOUT_FILE})
            if colon:
                self._meanings.setdefault(field, {})[theirs.strip().casefold()] = value.strip()
            else:
                self._sets[field] = value.strip()
        for field in self._maps:
            self._check("--map", field, mappable)

    def _check(self, option: str, field: str, known: Collection[str]) -> None:
        if field not in known:
            raise InputError(
                f"nothing here reads {option} {field}",
                file=self.file,
                column=field,
                expected=f"one of {', '.join(sorted(known))}" if known else f"no {option} with this kind of file",
                fix=did_you_mean(field, known) or f"leave {option} {field} out",
            )

    def get(self, word: str, default: str = "") -> str:
        """What ``--set`` says of a word."""
        return self._sets.get(word, default)

    def flag(self, word: str) -> bool | None:
        """A yes or no of ``--set``; ``None`` where it was not said."""
        said = self.get(word).casefold()
        if said in ("", "yes", "no", "true", "false", "1", "0"):
            return said in ("yes", "true", "1") if said else None
        raise InputError("neither yes nor no", file=self.file, column=word, value=said, expected="yes or no")

    def constants(self, fields: Iterable[str]) -> dict[str, str]:
        """The fields that have one value for the whole file."""
        return {field: self._sets[field] for field in fields if field in self._sets}

    def meaning(self, field: str, text: str) -> str:
        """What a value means, where the user said so; else the value itself."""
        meanings = self._meanings.get(field)
        if not meanings:
            return text
        return meanings.get(text.casefold(), meanings.get("*", text))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that ``--map`` names."""
        return tuple(self._maps)

    def mapped(self, field: str) -> str:
        """The name that ``--map`` gives for a field."""
        return self._maps[field]

    @property
    def only_numbers(self) -> bool:
        """Whether every column is named by its number, so that the header is not needed."""
        return bool(self._maps) and all(_NUMBER.fullmatch(said.rpartition(":")[2]) for said in self._maps.values())

    def chosen(self, columns: Sequence[str], unnamed: int = 0, also: Sequence[str] = ()) -> dict[str, Chosen]:
        """Where each mapped field is read from.

        Args:
            columns: the names in the header.
            unnamed: how many cells the rows have beyond the header's names.
            also: other names of the same columns, such as HXL tags.

        Raises:
            InputError: no such column, or a name of a header that does not fit its rows.
        """
        return {field: self._chosen(field, said, columns, unnamed, also) for field, said in self._maps.items()}

    def _chosen(self, field: str, said: str, columns: Sequence[str], unnamed: int, also: Sequence[str]) -> Chosen:
        for form, column in _splits(said):
            if found := _NUMBER.fullmatch(column):
                if 1 <= int(found[1]) <= len(columns):
                    return Chosen(int(found[1]) - 1, form)
            elif (index := _place(column, columns)) is not None:
                self._trust_names(field, columns, unnamed)
                return Chosen(index, form)
            elif (index := _place(column, also)) is not None:
                return Chosen(index, form)
        names = [*columns, *also]
        raise InputError(
            "no such column",
            file=self.file,
            column=field,
            value=said,
            expected=f"one of {', '.join(name for name in names if name)}, or a number from #1 to #{len(columns)}",
            fix=did_you_mean(said.rpartition(":")[2], names) or "name one of these columns",
        )

    def _trust_names(self, field: str, columns: Sequence[str], unnamed: int) -> None:
        if unnamed:
            named = len(columns) - unnamed
            raise InputError(
                f"the header names {named} columns, but the rows have {len(columns)} cells",
                file=self.file,
                row=1,
                column=field,
                value=", ".join(columns[:named]),
                expected="a name for every column",
                fix=f"name columns by number, as in --map {field}=#1, or correct the first row",
            )

    # --- the file as a whole ---------------------------------------------------------------------

    def published(self) -> dt.date | None:
        """The day the file came out: as the user says, else the one day in its name."""
        if said := self.get("published"):
            return self._day("published", said)
        return self.day_in_name()

    def day(self) -> dt.date | None:
        """The day a file is about: ``--set date=``, else the one day in its name."""
        return self._day("date", self.get("date")) if self.get("date") else self.day_in_name()

    def day_in_name(self) -> dt.date | None:
        """The day in the file's name, if there is one and only one."""
        days = days_in_name(PurePath(self.file).name)
        return days[0] if len(days) == 1 else None

    def required_day(self) -> dt.date:
        """The day a file is about.

        Raises:
            InputError: neither its name nor the user says.
        """
        day = self.day()
        if day is None:
            raise InputError(
                "nobody says which day this file is about",
                file=self.file,
                column="date",
                value=self.file,
                expected="one day in the file's name, as in 2022-03-01.csv",
                fix="say it with --set date=2022-03-01",
            )
        return day

    def _day(self, word: str, text: str) -> dt.date:
        try:
            return parse_published(text)
        except InputError as wrong:
            raise InputError(
                wrong.what, file=self.file, column=word, value=text, expected=wrong.expected, fix=wrong.fix
            ) from wrong

    def speaker(self, id: str, name: str, **more: str | None) -> Source:
        """The source that speaks in the file: as the user names it, else as the feed knows it."""
        chosen = self.get("source")
        known = {} if chosen and chosen != id else more
        return Source(
            id=chosen or id,
            name=self.get("source_name") or (chosen if chosen and chosen != id else name),
            kind="dataset",
            url=self.get("url") or known.get("url"),
            licence=self.get("licence") or known.get("licence"),
            notes=known.get("notes"),
        )


def slug(text: str) -> str:
    """A text as an id: small letters, digits and hyphens.

    >>> slug("Syrian Archive (2017) é")
    'syrian-archive-2017-e'
    """
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def id_of(name: str, kind: str) -> str:
    """The id of somebody whom nobody has named before: the same for the same name, whatever stands beside it.

    What a slug cannot hold (letters that are not Latin) is kept as a hash, so that two names never become one.

    >>> id_of("Al-Manar TV", "source"), id_of("قناة RT", "source"), id_of("قناة", "source")
    ('al-manar-tv', 'rt-ce8c99', 'source-14425a')
    """
    bare = slug(name)
    if bare and all(slug(letter) for letter in name if letter.isalpha()):
        return bare
    return f"{bare or kind}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:6]}"


def _splits(said: str) -> Iterable[tuple[tuple[str, ...], str]]:
    """The ways to read ``%d/%m/%Y:column``: a form before a colon, or a column that holds a colon itself."""
    yield (), said
    for found in re.finditer(":", said):
        form, column = said[: found.start()], said[found.end() :]
        if "%" in form:
            yield tuple(form.split("|")), column


def _place(column: str, columns: Sequence[str]) -> int | None:
    if column in columns:
        return columns.index(column)
    folded = [name.casefold().strip() for name in columns]
    return folded.index(column.casefold().strip()) if column.casefold().strip() in folded else None
