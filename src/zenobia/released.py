"""A case as it may be told outside: asked like the case itself, and answered from the released record alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zenobia import control, measures, publish, releasing
from zenobia.asking import Asking
from zenobia.drawing import DrawnEstimate
from zenobia.numbers import Numbers
from zenobia.record import Record, View
from zenobia.terms import ControlEstimate, InputError, Run, day_number, day_of, parse_day, parse_published
from zenobia.watching import Watching

__all__ = ["ReleasedCase", "Whole"]

# Columns that no release has: when a row was recorded, where an original lies, how it is marked.
_KEPT_IN = ("recorded", "sensitivity", "path", "captured")


class Whole(Protocol):
    """What is asked of the case that is released (`zenobia.pipeline.OpenCase`)."""

    root: Path
    watching: Watching
    code: str

    @property
    def record(self) -> Record: ...
    def ledger_head(self) -> str: ...


class _Told:
    """Control of the days before one; of that day and of all after it nothing is answered.

    What may be asked is named here, one by one; whatever else an estimate knows, or comes to know, is refused.
    """

    # Words and days that say of no day who held what.
    _OPEN = frozenset({"first", "heeds_incidents", "holders", "left_out", "places", "states", "told"})

    def __init__(self, whole: control.Control, until: date) -> None:
        self._whole, self._until = whole, day_number(until)

    def __getattr__(self, name: str) -> Any:
        if name in self._OPEN:
            return getattr(self._whole, name)
        if name.startswith("__"):
            raise AttributeError(name)
        raise _untold(f"control.{name}")

    @property
    def after(self) -> int:
        """The first day that is not told, or the end of the case if that is earlier."""
        return min(self._whole.after, self._until)

    def at(self, place: str, day: int) -> ControlEstimate:
        return self._whole.at(place, self._last(day))

    def why(self, place: str, day: int) -> tuple[control.Weight, ...]:
        return self._whole.why(place, self._last(day))

    def besieger(self, place: str, day: int) -> str | None:
        return self._whole.besieger(place, self._last(day))

    def heard(self, place: str) -> list[int]:
        return [day for day in self._whole.heard(place) if day < self._until]

    def voices_changed(self, place: str) -> list[int]:
        return [day for day in self._whole.voices_changed(place) if day < self._until]

    def chances(self, places: Sequence[str], days: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        self._last(int(np.max(days, initial=self._until - 1)))
        return self._whole.chances(places, days)

    def draws(self, place: str, start: int, end: int, n: int, seed: int) -> npt.NDArray[np.int8]:
        self._last(end - 1)
        return self._whole.draws(place, start, end, n, seed)

    def change(self, place: str, before: str, after: str, start: int, end: int, **how: int) -> control.Change:
        self._last(end - 1)
        return self._whole.change(place, before, after, start, end, **how)

    def courses(self, places: Sequence[str], start: int, end: int, n: int, seed: int) -> Any:
        self._last(end - 1)
        return self._whole.courses(places, start, end, n, seed)

    def daily(self, start: int | None = None, end: int | None = None) -> pa.Table:
        self._last((self._whole.after if end is None else end) - 1)
        return self._whole.daily(start, end)

    def spells(self) -> pa.Table:
        self._last(self._whole.after - 1)
        return self._whole.spells()

    def by_reports(self) -> _Measured:
        return _Measured(self._whole.by_reports(), day_of(self._until))

    def _last(self, day: int) -> int:
        """The day itself, if control of it may be told."""
        if day >= self._until:
            raise _held_back(day_of(day), day_of(self._until))
        return day


class _Measured(_Told):
    """The same for measures, which look about them: a day that is held back is one of which nothing is known.

    What a question names is refused as anywhere; around it a measure asks who held what was struck, and whether a gain
    lasted.
    """

    def chances(self, places: Sequence[str], days: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        told = np.asarray(days) < self._until
        found = self._whole.chances(places, np.where(told, days, self._until - 1))
        return np.where(told[:, None], found, np.nan)

    def courses(self, places: Sequence[str], start: int, end: int, n: int, seed: int) -> Any:
        self._last(start)
        return self._whole.courses(places, start, min(end, self._until), n, seed)


def _held_back(day: date, until: date) -> InputError:
    return InputError(
        "control of this day is held back",
        value=day.isoformat(),
        expected=f"a day before {until.isoformat()}",
        fix="ask of an earlier day; how long control is held back stands in case.toml ([publish] control_delay)",
    )


def _untold(what: str) -> InputError:
    return InputError("a release does not tell this", value=what, expected="the whole case", fix="ask the case itself")


class ReleasedCase(Asking):
    """A case as it may be told outside. It holds no other record than the released one.

    Args:
        whole: the case.
        on: the day of the release.
        known: only what had been published by this day.

    Raises:
        InputError: the policy of the case lets nothing out.
    """

    def __init__(self, whole: Whole, on: date, known: date | None = None) -> None:
        super().__init__(whole.root, whole.watching, whole.code)
        self._record, self.release, self.policy = releasing.released_record(whole.record.content, on, known)
        self.secrets = releasing.all_secrets(self.release, whole.record.hash, whole.ledger_head())

    @property
    def until(self) -> date:
        """The first day of which control is held back."""
        return self.release.until

    @property
    def record(self) -> Record:
        """The released record."""
        return self._record

    def known(self, day: str | date | None = None) -> View:
        """The released record as known on a day; by default on the newest day in it."""
        asked = parse_day(day) if isinstance(day, str) else day
        newest = self.release.known
        return self.record.view(min(asked, newest) if asked and newest else asked or newest)

    def links(self, view: View | None = None) -> pa.Table:
        """As of the whole case, for views of the release: all that is worked out from a view begins here.

        Raises:
            InputError: a view of another record, such as the whole one.
        """
        if view is not None and view.record != self.record.hash:
            raise _untold(f"a view of record {view.record}")
        return super().links(view)

    def estimate(self, view: View | None = None) -> control.Control:
        """As of the whole case; asked of a day that is held back it refuses, whoever asks."""
        return cast(control.Control, _Told(super().estimate(view), self.until))

    def control(self, place: str, *, on: str | date, view: View | None = None) -> DrawnEstimate:
        """As of the whole case, for days of which control may be told."""
        return super().control(place, on=self._told(on), view=view)

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """As of the whole case, for days of which control may be told."""
        return super().control_all(self._told(on), view)

    def _told(self, on: str | date) -> date:
        day = parse_day(on) if isinstance(on, str) else on
        if day >= self.until:
            raise _held_back(day, self.until)
        return day

    def control_between(self, first: str | date, last: str | date, view: View | None = None) -> dict[str, Any]:
        """As of the whole case, for days of which control may be told."""
        return super().control_between(self._told(first), self._told(last), view)

    def answered(self, name: str, words: Sequence[str], view: View) -> measures.Answer:
        """As of the whole case, for days of which control may be told; a forecast once it is due."""
        asked = measures.ask_from_words(name, words)
        if isinstance(asked, measures.Forecast):
            self._told(asked.issued + timedelta(days=asked.days))
        for key, day in _days_of(asked, words):
            self._told(day - timedelta(days=key != "on"))  # a last day is the one after
        return super().answered(name, words, view)

    def briefings(self) -> dict[str, str]:
        """The case's briefings by the name of their file, as written."""
        files = sorted((self.root / "briefs").glob("*.md"))
        return {path.stem: path.read_text(encoding="utf-8") for path in files}

    def build(self, *args: Any, **options: Any) -> NoReturn:
        """Refused, as is whatever follows: a release is made anew from the whole case, and never changed."""
        raise _untold("its history and what lies behind it")

    # A history holds what was withheld, and who recorded what when; texts of documents are not released.
    add = put_down_claim = history = diff_record = verify = ledger_head = search = build

    def runs(self) -> list[Run]:
        """None: a history holds what was withheld."""
        return []

    def briefs(self, view: View) -> Iterator[tuple[str, str]]:
        """Those briefings that tell and ask for nothing that is withheld."""
        for name, text in self.briefings().items():
            if not self.release.secrets.names(f"{name}\n{text}"):
                with suppress(InputError):
                    yield name, publish.write_brief(text, Numbers(self, view), file=f"{name}.md")

    def lets_out(self, table: pa.Table) -> pa.Table:
        """A table without the columns that say how the case is kept."""
        return table.select([name for name in table.column_names if name not in _KEPT_IN])

    def look_through(self, files: Callable[[], Mapping[str, bytes]]) -> None:
        """Refused, if any byte tells of what is withheld."""
        publish.refuse_leaks(files(), self.secrets)


def _days_of(asked: measures.Question, words: Sequence[str]) -> Iterator[tuple[str, date]]:
    """Every day in a question with the key that it stands at; of a month or a year its last as well."""
    held = list(_days_in("", asked.model_dump()))
    yield from held
    taken = {day for _, day in held}
    for word in words:
        key, _, value = word.partition("=")
        with suppress(InputError):
            if parse_day(value) in taken:
                yield key.rpartition(".")[2], parse_published(value)


def _days_in(key: str, value: object) -> Iterator[tuple[str, date]]:
    if isinstance(value, date):
        yield key, value
    elif isinstance(value, Mapping):
        for inner, held in value.items():
            yield from _days_in(str(inner), held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _days_in(key, held)
