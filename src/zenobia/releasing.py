"""What leaves the house: the released record of a case, and the tables and pages that are made from it alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from zenobia import claims, control, measures, publish
from zenobia.forecasting import rounds, rounds_table, scores_table, together
from zenobia.numbers import Numbers
from zenobia.record import Content, Record, View, nouns_of, record_hash, say
from zenobia.terms import ControlEstimate, InputError, Report, day_of

_HASH = re.compile("[0-9a-f]{64}")
_CORRECTIONS = pa.schema(
    [
        (name, pa.string())
        for name in ("id", "replaces", "source", "published", "first_published", "said", "says", "what")
    ]
)
_FORECASTS = pa.schema(
    [
        *((name, pa.string()) for name in ("issued", "from", "to", "place", "came_on")),
        *((name, pa.int64()) for name in ("days", "rank")),
        *((name, pa.float64()) for name in ("chance", "chance_low", "chance_high", "one_rate", "came")),
    ]
)
_SCORES = pa.schema(
    [
        *((name, pa.string()) for name in ("issued", "from", "to", "model")),
        *((name, pa.int64()) for name in ("days", "heard", "areas", "months")),
        *(
            (f"{name}{end}", pa.float64())
            for name in ("brier", "log", "skill", "log_skill")
            for end in ("", "_low", "_high")
        ),
    ]
)

__all__ = ["Asked", "all_secrets", "corrections", "released_record", "site_of", "told_of"]


class Asked(Protocol):
    """What a site asks of a released case (`zenobia.released.ReleasedCase`)."""

    @property
    def record(self) -> Record: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def until(self) -> dt.date | None: ...
    def answered(self, name: str, words: Sequence[str], view: View) -> measures.Answer: ...
    def known(self, day: str | dt.date | None = None) -> View: ...
    def events(self, view: View | None = None) -> pa.Table: ...
    def check(self, ids: Iterable[str] | None = None, *, view: View | None = None) -> dict[str, Any]: ...
    def control_all(self, on: str | dt.date, view: View | None = None) -> list[ControlEstimate]: ...
    def estimate(self, view: View | None = None) -> control.Control: ...
    def claims_asked(self, ids: Iterable[str] | None = None) -> list[claims.Claim]: ...
    def place(self, name: str, view: View) -> str: ...
    def prepare(self, view: View, needs: measures.Needs) -> measures.Prepared: ...


def released_record(
    content: Content, on: dt.date, known: dt.date | None = None
) -> tuple[Record, publish.Release, publish.Policy]:
    """The record as it may be told on a day, by the policy of the case.

    Its hash is that of what is released, so that it neither moves with what is withheld nor confirms a
    guess at it, and anybody can work it out anew from the released tables.

    Raises:
        InputError: nothing may be released, or the policy is not one.
    """
    policy = publish.read_policy(content.setting.publish)
    found = publish.release(content, policy, on, known)
    return Record(found.content, {"record": record_hash(found.content)}), found, policy


def site_of(
    asked: Asked, release: publish.Release, policy: publish.Policy, briefs: Mapping[str, str]
) -> tuple[dict[str, bytes], tuple[publish.Withheld, ...]]:
    """Every file of the site of a released case, and the briefings that it cannot show.

    A briefing that tells, or asks for, what is not released is left out as a whole.
    """
    view, numbers = asked.known(), Numbers(asked, asked.known())
    shown, left_out = _briefs(briefs, release, numbers)
    estimate = asked.estimate(view)
    first = view.setting.start or day_of(estimate.first)
    foretold = rounds(asked, view, release.until)
    worked_out = {
        "claims": publish.claims_table(asked.check(view=view)),
        "control": estimate.spells().drop_columns("least"),
        "corrections": pa.Table.from_pylist(corrections(asked.record), schema=_CORRECTIONS),
        "events": asked.events(view),
        "forecasts": pa.Table.from_pylist(rounds_table(foretold), schema=_FORECASTS),
        "forecast-scores": pa.Table.from_pylist(scores_table(foretold), schema=_SCORES),
    }
    told = publish.Told(
        numbers=numbers,
        first=first,
        after=max(min(release.until, view.setting.end or day_of(estimate.after)), first + dt.timedelta(days=1)),
        tables=_tables(view, worked_out),
        corrections=corrections(asked.record),
        forecasts=foretold,
        track=together(foretold),
        briefs=shown,
        rules=publish.rules_in_words(policy),
    )
    return publish.make_site(told), left_out


def all_secrets(release: publish.Release, whole: str, ledger_head: str) -> publish.Secrets:
    """What may stand in no byte: what is withheld, and the hashes by which a guess at it could be confirmed.

    Args:
        whole: the hash of the whole record.
        ledger_head: the last line of its history.
    """
    hashes = dict.fromkeys(_HASH.findall(f"{whole} {ledger_head}"), "the hash of the whole record or of its history")
    return publish.Secrets(texts={**release.secrets.texts, **hashes}, spots=release.secrets.spots)


def told_of(
    record: Record,
    release: publish.Release,
    files: Mapping[str, bytes],
    withheld: Iterable[publish.Withheld],
) -> dict[str, Any]:
    """The JSON shape of `publish`; it is for the publisher, and is no part of what is published."""
    return {
        "record": record.hash,
        "known": release.known.isoformat() if release.known else None,
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "withheld": [vars(row) for row in sorted(set(withheld))],
    }


def _briefs(
    briefs: Mapping[str, str], release: publish.Release, numbers: Numbers
) -> tuple[dict[str, tuple[str, str]], tuple[publish.Withheld, ...]]:
    """Briefings as written and as pages; those that tell or ask for what is not released are left out as a whole."""
    shown, left_out = {}, []
    for name, text in briefs.items():
        try:
            if release.secrets.names(f"{name}\n{text}"):
                raise InputError("it tells of something withheld")
            shown[name] = text, publish.write_brief(text, numbers, file=f"{name}.md")
        except InputError as wrong:
            left_out.append(publish.Withheld("briefs", name, wrong.what))
    return shown, tuple(left_out)


def corrections(record: Record) -> list[dict[str, Any]]:
    """Every report that replaces or withdraws an earlier one, newest first: what was said, and what is said now."""
    reports = record.content.tables["reports"]
    later = reports.filter(pc.is_valid(reports["replaces"])).sort_by([("published", "descending"), ("id", "ascending")])
    withdraws = later.column("withdraws").to_pylist()
    return [
        _corrected(record, report, bool(gone)) for report, gone in zip(nouns_of(Report, later), withdraws, strict=True)
    ]


def _corrected(record: Record, report: Report, gone: bool) -> dict[str, Any]:
    before = record.reports.get(report.replaces or "")
    return {
        "id": report.id,
        "replaces": report.replaces,
        "source": record.source_name(report.source),
        "published": report.published.isoformat(),
        "first_published": before.published.isoformat() if before else None,
        "said": say(before, record.names) if before else None,
        "says": None if gone else say(report, record.names),
        "what": "withdrawn" if gone else "corrected",
    }


def _tables(view: View, worked_out: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables that a site hands on as files: those of the released record and what was worked out from it."""
    told = {name: view.table(name) for name in ("actors", "affiliations", "coverage", "documents", "places", "sources")}
    shown: Sequence[str] = [name for name in view.reports.column_names if name not in ("recorded", "sensitivity")]
    return {
        **{name: _without_markings(table) for name, table in told.items()},
        "reports": view.reports.select(shown),
    } | dict(worked_out)


def _without_markings(table: pa.Table) -> pa.Table:
    """Columns that are empty in every release are not shown to be there."""
    return table.select([n for n in table.column_names if n not in ("sensitivity", "path", "captured")])
