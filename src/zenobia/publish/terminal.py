"""What a person reads in a terminal: the table of verdicts, who held what, what a build did.

Everything is text first: a mark and a word beside each colour, so that nothing is lost where there
is no colour, and nothing wider than the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

__all__ = [
    "control_table",
    "measure_lines",
    "plain",
    "refusals",
    "shown_bounds",
    "two_days_table",
    "verdict_table",
    "version_lines",
]

_MOST = 5  # reports named for one verdict that moved

_MARKS = {
    "supported": ("✔", "green"),
    "contradicted": ("✘", "red"),
    "partly": ("◐", "yellow"),
    "cannot tell": ("?", "cyan"),
}


def verdict_table(result: Mapping[str, Any], names: Mapping[str, str], *, reasons: bool = True) -> RenderableType:
    """The claims of a check with their verdicts.

    Args:
        result: the check JSON.
        names: what claimants are called, by source id.
        reasons: whether each verdict says why; without it many claims are seen at a glance.
    """
    table = Table(box=box.SIMPLE_HEAD, show_lines=reasons, expand=True, padding=(0, 1), pad_edge=False)
    table.add_column("claim", no_wrap=True, style="bold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("statement, and why" if reasons else "statement", ratio=1, overflow="fold")
    verdicts = {claim["id"]: claim["verdict"] for claim in result["claims"]}
    for claim in result["claims"]:
        said = _reason(claim, names, verdicts) if reasons else Text(plain(claim["says"]))
        table.add_row(claim["id"], _verdict(claim), said)
    return Group(table, _legend(result))


def two_days_table(result: Mapping[str, Any], names: Mapping[str, str]) -> RenderableType:
    """The verdicts of two days of knowledge side by side, those that moved with the reports that moved them.

    Args:
        result: what `check` with two days gives.
        names: what sources are called, by id.
    """
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True, padding=(0, 1), pad_edge=False)
    table.add_column("claim", no_wrap=True, style="bold")
    for day in result["known"]:
        table.add_column(day or "now", no_wrap=True)
    table.add_column("statement, and what moved it", ratio=1, overflow="fold")
    says = {report["id"]: _report(report, names) for report in result["reports"]}
    for claim in result["claims"]:
        table.add_row(claim["id"], *map(_word, claim["verdicts"]), _what_moved(claim, says))
    count = sum(claim["moved"] for claim in result["claims"])
    return Group(table, Text(f"{count or 'None'} of {len(result['claims'])} verdicts moved.", style="dim"))


def control_table(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> RenderableType:
    """Who held each place on a day: a table of control estimates, likeliest holder first."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    figures = ("chance", "voices", "warnings")
    for column in ("place", "held by", "chance", "besieged by", "last evidence", "voices", "warnings"):
        table.add_column(column, justify="right" if column in figures else "left", overflow="fold")
    for row in rows:
        held = sorted(row["held_by"].items(), key=lambda part: (-part[1], part[0]))
        leader, chance = held[0] if held else ("nobody can say", None)
        table.add_row(
            plain(names.get(row["place"], row["place"])),
            plain(names.get(leader, leader)),
            "" if chance is None else f"{chance:.2f}",
            plain(names.get(row["besieged_by"], row["besieged_by"]) if row["besieged_by"] else ""),
            row["last_evidence"] or "none",
            str(row["voices"]),
            str(len(row["warnings"]) or ""),
        )
    return table


def measure_lines(answer: Mapping[str, Any]) -> Iterable[str]:
    """A measure's answer as lines of text."""
    yield f"{answer['measure']}: {shown_bounds(answer['found'])}"
    if answer["frame"] or answer["measure"] in ("count", "share"):
        yield f"  frame: {answer['frame'] or 'none: no list counts this, so the figure is a floor'}"
    for figure in answer.get("by_source", ()):
        yield f"  {figure['name']}: {shown_bounds(figure['found'])}  [{', '.join(figure['reports'][:8])}]"
    for note in answer.get("notes", ()):
        yield f"  note: {note}"
    if answer.get("short"):
        yield f"  short of a verdict: {answer['short']}"
    yield f"  evidence: {', '.join(answer['evidence']) or 'none'}"
    for left in answer["left_out"]:
        yield f"  left out: {left['id']} ({left['why']})"


def refusals(rejects: Sequence[Mapping[str, Any]], most: int = 20) -> Iterable[str]:
    """Refused rows, each in one line with what to do."""
    for refused in rejects[:most]:
        value = f" came {refused['value']!r}:" if refused["value"] else ""
        field = f", {refused['field']}" if refused["field"] else ""
        yield f"  {refused['file']}, row {refused['row']}{field}:{value} {refused['rule']}. {refused['fix']}."
    if len(rejects) > most:
        yield f"  ... and {len(rejects) - most} more: `zenobia build --json` lists them all"


def version_lines(version: Mapping[str, Any]) -> Iterable[str]:
    """What a version of a row says: all its cells where it was added, what changed where it was changed."""
    if "file" in version:
        row = f", row {version['file_row']}" if version["file_row"] else ""
        yield f"    {version['report']}: {version['file']}{row} (sha256 {version['sha256'][:12]})"
    if version["what"] == "added":
        yield from (f"    {column}: {value}" for column, value in version["row"].items())
        return
    for column, (before, after) in version["changed"].items():
        yield f"    {column}: {before or 'empty'} -> {after or 'empty'}"


def shown_bounds(bounds: Mapping[str, Any] | None) -> str:
    """Bounds in words: "0.77 (0.71 to 0.86) share of locations", "at least 900 raid"."""
    if bounds is None or all(bounds[k] is None for k in ("low", "best", "high")):
        return "not known"
    low, best, high = (_number(bounds[k]) for k in ("low", "best", "high"))
    unit = "" if bounds["unit"] == "date" else f" {bounds['unit']}"
    if best is None:
        spread = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
        return spread + unit
    if low == high == best:
        return f"{best}{unit}"
    if low is None and high is None:
        return f"{best}{unit}"
    return f"{best} ({low or 'no floor known'} to {high or 'no ceiling known'}){unit}"


def _word(judged: Mapping[str, Any]) -> Text:
    mark, colour = _MARKS[judged["verdict"]]
    return Text(f"{mark} {judged['verdict']}", style=colour)


def _what_moved(claim: Mapping[str, Any], says: Mapping[str, str]) -> Text:
    text = Text(f"{plain(claim['says'])}\n")
    if not claim["moved"]:
        return text.append("not moved", style="dim")
    text.append(plain(claim["verdicts"][1]["because"]))
    told = [says.get(report, report) for report in claim["moved_by"]]
    for line in told[:_MOST]:
        text.append(f"\n  by {plain(line)}", style="dim")
    if len(told) > _MOST:
        text.append(f"\n  and by {len(told) - _MOST} more: --json lists them all", style="dim")
    if not told:
        text.append("\n  by no report on the claim itself: others showed what a source's word is worth", style="dim")
    return text


def _report(report: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{report['id']}, {names.get(report['source'], report['source'])}, {report['published']}: {report['says']}"


def _verdict(claim: Mapping[str, Any]) -> Text:
    text = _word(claim)
    then = claim.get("then")
    if then and then["verdict"] != claim["verdict"]:
        text.append(f"\n  then: {then['verdict']}", style="dim")
    return text


def _reason(claim: Mapping[str, Any], names: Mapping[str, str], verdicts: Mapping[str, str]) -> Text:
    by = names.get(claim["by"], claim["by"])
    text = Text(f"{plain(claim['says'])}")
    text.append(f"  ({plain(by)}, {claim['on']})\n", style="dim")
    text.append(plain(claim["because"]))
    beside = [f"{i} ({verdicts[i]})" if i in verdicts else i for i in claim.get("beside_claims") or ()]
    if beside:
        text.append(f"\nOthers say about the same thing: {plain(', '.join(beside))}", style="dim")
    return text


def _legend(result: Mapping[str, Any]) -> Text:
    known = f"what was published by {result['known']}" if result["known"] else "everything published so far"
    return Text(
        f"Judged on {known}; record {result['record'][:19]}...\n"
        "'then' is the verdict as known on the day of the claim, where it differs. "
        "`zenobia why ID` leads from a verdict to the words of its sources.",
        style="dim",
    )


def _number(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value:,.0f}" if value == int(value) else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.1f}"


def plain(text: str) -> str:
    """Text of a source without control characters: a terminal obeys some of them."""
    return "".join(c for c in text if c.isprintable() or c == "\n")
