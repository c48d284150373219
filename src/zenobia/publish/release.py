"""The released record: the record less what may not be told, made row by row and by no other way.

Everything that leaves the house is worked out from this record alone, as if it were all there is, so
that what is withheld cannot show through a count, a chance, a verdict or a hash. It is a function of
the record, the policy and the day of release; whatever only withheld rows hold does not change it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from zenobia.publish.leaks import Secrets
from zenobia.publish.policy import Policy
from zenobia.publish.released_claims import released_claims
from zenobia.publish.released_reports import Sorted, cleaned, sort_reports
from zenobia.publish.released_tables import barred_rows, kept_rows, whole_frames
from zenobia.publish.secrets import secrets_of
from zenobia.publish.withheld import Withheld, told_in_lines
from zenobia.record import Content
from zenobia.terms import InputError, Setting

__all__ = ["Release", "Withheld", "release", "told_in_lines"]


@dataclass(frozen=True, kw_only=True)
class Release:
    """What may be told, and what was kept back.

    Attributes:
        content: the released record; no other is asked for anything that leaves.
        known: the newest day of publication in it.
        until: the first day of which control is held back; ``None``: it ends with the case.
        withheld: what was kept back and why, for the publisher alone.
        secrets: what may stand in no byte of it.
    """

    content: Content
    known: dt.date | None
    until: dt.date
    withheld: tuple[Withheld, ...] = field(repr=False)
    secrets: Secrets = field(repr=False)


def release(content: Content, policy: Policy, on: dt.date, known: dt.date | None = None) -> Release:
    """What may be told of a record on a day.

    Args:
        content: the whole record.
        policy: what the case lets out.
        on: the day of the release.
        known: only what had been published by this day, if earlier than the delay asks.

    Raises:
        InputError: the policy is private, or it withholds a party that holds places.
    """
    refuse_private(policy)
    after = min(on - dt.timedelta(days=policy.delay), known or dt.date.max)
    until = min(on - dt.timedelta(days=policy.control_delay), after) + dt.timedelta(days=1)
    barred = barred_rows(content.tables, policy, on)
    refuse_nameless_holders(content, barred.get("actors", {}))
    sorted_ = sort_reports(content.tables, policy, on, after, barred)
    return _released(content, policy, on, after, until, barred, sorted_)


def _released(
    content: Content,
    policy: Policy,
    on: dt.date,
    after: dt.date,
    until: dt.date,
    barred: Mapping[str, Mapping[str, str]],
    found: Sorted,
) -> Release:
    direct = secrets_of(content, barred, found, policy)
    claims, kept_back = released_claims(content.claims, policy, direct, on=on, after=after, until=until)
    tables = kept_rows(content.tables, found, barred, claims, policy, content.setting.holders)
    tables = {**tables, "coverage": whole_frames(tables["coverage"], content.tables["reports"], found)}
    tables, scrubbed = cleaned(tables, direct)
    released = replace(
        content,
        setting=_plainer(content.setting, tables["reports"], until),
        tables=tables,
        claims=claims,
        rejected=pa.table({}),
        doubts=pa.table({}),
        warnings=(),
    )
    return Release(
        content=released,
        known=pc.max(tables["reports"]["published"]).as_py(),
        until=until,
        withheld=(*_rows(barred), *found.withheld, *kept_back, *scrubbed),
        secrets=secrets_of(content, barred, found, policy, released=released),
    )


def refuse_private(policy: Policy) -> None:
    """Nothing leaves a case until somebody says so.

    Raises:
        InputError: the policy is private.
    """
    if not policy.public:
        raise InputError(
            "nothing of this case is released: its policy is private",
            file="case.toml",
            column="publish.policy",
            expected='policy = "public" under [publish]',
            fix="read the page on safe release, decide what may leave, then set the policy",
        )


def refuse_nameless_holders(content: Content, barred: Mapping[str, str]) -> None:
    """Places cannot be held by nobody: a holder that is withheld would leave holes that show it."""
    for holder in content.setting.holders:
        if holder in barred:
            raise InputError(
                "a party that holds places cannot be withheld",
                file="case.toml",
                column="holders",
                value=holder,
                expected="holders whose name may be told",
                fix="take it out of holders, or let its name out",
            )


def _plainer(setting: Setting, reports: pa.Table, until: dt.date) -> Setting:
    """The setting without its rules; its days end where control is held back."""
    heard = pc.max(reports["date"]).as_py()
    end = setting.end or (heard + dt.timedelta(days=1) if heard else until)
    end = min(end, until)
    if setting.start and end <= setting.start:
        raise InputError(
            "nothing of this case is old enough to be released",
            file="case.toml",
            column="publish.delay",
            expected=f"a day of release well after {setting.start.isoformat()}, where the case begins",
        )
    shown = {key: word for key, word in setting.publish.items() if key in ("palette", "author", "publisher")}
    return replace(setting, publish=shown, end=end)


def _rows(barred: Mapping[str, Mapping[str, str]]) -> tuple[Withheld, ...]:
    return tuple(Withheld(table, i, why) for table, rows in barred.items() for i, why in rows.items())
