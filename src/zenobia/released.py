"""A case as it may be told outside: asked like the case itself, and answered from the released record alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pyarrow as pa

from zenobia import measures, publish, releasing
from zenobia.asking import Asking
from zenobia.drawing import DrawnEstimate
from zenobia.numbers import Numbers
from zenobia.record import Record, View
from zenobia.terms import ControlEstimate, InputError, Run, parse_day
from zenobia.watching import Watching

__all__ = ["ReleasedCase", "Whole"]

# Columns that no release has: when a row was recorded, where an original lies, how it is marked.
_KEPT_IN = ("recorded", "sensitivity", "path", "captured")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Whole(Protocol):
    """What is asked of the case that is released (`zenobia.pipeline.OpenCase`)."""

    root: Path
    watching: Watching
    code: str

    @property
    def record(self) -> Record: ...
    def ledger_head(self) -> str: ...


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
    def record(self) -> Record:
        """The released record."""
        return self._record

    def known(self, day: str | date | None = None) -> View:
        """The released record as known on a day; by default on the newest day in it."""
        asked = parse_day(day) if isinstance(day, str) else day
        newest = self.release.known
        return self.record.view(min(asked, newest) if asked and newest else asked or newest)

    def control(self, place: str, *, on: str | date, view: View | None = None) -> DrawnEstimate:
        """As of the whole case, for days of which control may be told."""
        return super().control(place, on=self._told(on), view=view)

    def control_all(self, on: str | date, view: View | None = None) -> list[ControlEstimate]:
        """As of the whole case, for days of which control may be told."""
        return super().control_all(self._told(on), view)

    def _told(self, on: str | date) -> date:
        day = parse_day(on) if isinstance(on, str) else on
        if day >= self.release.until:
            raise InputError(
                "control of this day is held back",
                value=day.isoformat(),
                expected=f"a day before {self.release.until.isoformat()}",
            )
        return day

    def control_between(self, first: str | date, last: str | date, view: View | None = None) -> dict[str, Any]:
        """As of the whole case, for days of which control may be told."""
        return super().control_between(self._told(first), self._told(last), view)

    def measure(self, name: str, words: Sequence[str], view: View | None = None) -> dict[str, Any]:
        """As of the whole case, for days of which control may be told; a forecast once it is due."""
        asked = measures.ask_from_words(name, words)
        if isinstance(asked, measures.Forecast):
            self._told(asked.issued + timedelta(days=asked.days))
        for word in words:
            for day in _DAY.findall(word):
                self._told(parse_day(day) - timedelta(days=not word.startswith("on=")))  # a last day is the one after
        return super().measure(name, words, view)

    def briefings(self) -> dict[str, str]:
        """The case's briefings by the name of their file, as written."""
        files = sorted((self.root / "briefs").glob("*.md"))
        return {path.stem: path.read_text(encoding="utf-8") for path in files}

    def build(self, *args: Any, **options: Any) -> NoReturn:
        """Refused, as is whatever follows: a release is made anew from the whole case, and never changed."""
        raise InputError("a release does not tell this", expected="the whole case", fix="ask the case itself")

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
