"""The built-in case with two real datasets added through the front door: what becomes of its verdicts.

    make demo-full          (python -m tools.demo_full [FOLDER])

The datasets are not part of this project; FOLDER holds them (by default `../shared/data`, or `ZENOBIA_DATA`).
Prints both tables of verdicts side by side and writes docs/full-record.md.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from zenobia import pipeline

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "full-record.md"
COMMAND = [sys.executable, "-c", "from zenobia.cli import main; main()"]
VERDICTS = ("supported", "contradicted", "partly", "cannot tell")


class Added(NamedTuple):
    """A file, what it is, and the words after `zenobia add FILE`."""

    file: str
    what: str
    words: Sequence[str] = ()


FILES = (
    Added(
        "ucdp_ged_syria/ged_syria_19_1.csv",
        "UCDP Georeferenced Event Dataset, Syria 19.1 (CC BY 4.0): deadly events from 2016 on",
    ),
    Added(
        "syrian_archive_strikes/syrianarchive.csv",
        "The Syrian Archive's table of documented attacks, 2012 to 2017 (CC BY-SA 4.0); its columns have no names, "
        "so they are named by number. What it calls unlawful attacks and attacks alleged to be Russian are attacks on "
        "civilians here, all else is `other`; nobody is named as the actor, since the table has no column for one",
        shlex.split(
            "--as reports --map id=#1 --map place=#2 --map lat=#3 --map lon=#4 "
            "--map date=%d/%m/%Y:#5 --map type=#6 --map note=#8 "
            "--set source=syrian-archive --set published=2017-02-28 --set header=no "
            "--set 'type:Unlawful attacks=attack-on-civilians' "
            "--set 'type:Alleged civilian casualties from Russian attacks=attack-on-civilians' --set 'type:*=other'"
        ),
    ),
)


def main() -> None:
    """Add, check, print, and write the page; say so and stop where the data is not there."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ZENOBIA_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if missing := [added.file for added in FILES if not (folder / added.file).is_file()]:
        print(f"Nothing done: {folder} lacks {', '.join(missing)}.\nName the folder with them: make demo-full DATA=...")
        return
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "palmyra"
        _, case = pipeline.demo(root)
        alone = case.check()
        told = [add(root, folder, added) for added in FILES]
        case = pipeline.open_case(root)
        full = case.check()
        Console(highlight=False).print(pipeline.two_days_table(side_by_side(alone, full), case.names))
        PAGE.write_text(page(told, alone, full), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}")


def add(root: Path, folder: Path, added: Added) -> Mapping[str, Any]:
    """A file through `zenobia add`, as anybody would do it; what became of its rows."""
    command = [*COMMAND, "add", str(folder / added.file), *added.words, "--json", "--case", str(root)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return told


def side_by_side(alone: Mapping[str, Any], full: Mapping[str, Any]) -> dict[str, Any]:
    """Two checks in the shape that a terminal shows them in."""
    both = zip(alone["claims"], full["claims"], strict=True)
    return {
        "known": ["the case", "with data"],
        "reports": [],
        "claims": [
            {
                **{key: after[key] for key in ("id", "says", "by", "on")},
                "verdicts": [before, after],
                "moved": before["verdict"] != after["verdict"],
                "moved_by": sorted(evidence(after) - evidence(before)),
            }
            for before, after in both
        ],
    }


def evidence(claim: Mapping[str, Any]) -> set[str]:
    """The reports for and against a claim."""
    return {*claim["for"], *claim["against"]}


# --- the page ----------------------------------------------------------------------------------

PREFACE = """\
# The full record: the built-in case with real datasets added

Written by `make demo-full`, which copies the built-in case, adds the files below as anybody would, and checks
every claim before and after. The files are not part of this project. They are put in whole: what they say is heard
beside what was coded by hand, and a verdict that moves does so by these rows alone.
"""


def page(told: Sequence[Mapping[str, Any]], alone: Mapping[str, Any], full: Mapping[str, Any]) -> str:
    """The page of the documentation."""
    return "\n".join([PREFACE, *_what_was_added(told), *_tallies(alone, full), *_verdicts(alone, full), ""])


def _what_was_added(told: Sequence[Mapping[str, Any]]) -> list[str]:
    commands = [f"zenobia add {Path(a.file).name} {shlex.join(a.words)}".strip() for a in FILES]
    lines = ["## What is added", "", "```", "zenobia demo palmyra && cd palmyra", *commands, "zenobia check", "```", ""]
    lines += ["| file | rows taken | rejected | items of others that it cites |", "|---|---|---|---|"]
    for added, rows in zip(FILES, told, strict=True):
        lines.append(f"| {added.what} | {rows['added']:,} | {_rejected(rows)} | {rows['cited']:,} |")
    return [*lines, ""]


def _rejected(told: Mapping[str, Any]) -> str:
    """How many rows were refused, and why: 109 (this id is a report of the case's own; that one stands)."""
    rules = Counter(str(row["rule"]) for row in told["rejects"]).most_common()
    return "; ".join(f"{count:,} ({_cell(rule)})" for rule, count in rules) or "0"


def _tallies(alone: Mapping[str, Any], full: Mapping[str, Any]) -> list[str]:
    counts = [Counter(claim["verdict"] for claim in result["claims"]) for result in (alone, full)]
    lines = ["## Verdicts", "", "| verdict | the case | with the files |", "|---|---|---|"]
    lines += [f"| {verdict} | {counts[0][verdict]} | {counts[1][verdict]} |" for verdict in VERDICTS]
    return [*lines, ""]


def _verdicts(alone: Mapping[str, Any], full: Mapping[str, Any]) -> list[str]:
    """Every claim, and for those that moved, or whose figure did, why it is seen so now."""
    lines = ["| claim | the case | with the files | statement |", "|---|---|---|---|"]
    why = []
    for before, after in zip(alone["claims"], full["claims"], strict=True):
        moved = before["verdict"] != after["verdict"]
        now = f"**{after['verdict']}**" if moved else after["verdict"]
        lines.append(f"| {_cell(after['id'])} | {before['verdict']} | {now} | {_cell(after['says'])} |")
        if moved or before["because"] != after["because"]:
            new = len(evidence(after) - evidence(before))
            verdict = f"{before['verdict']} to {after['verdict']}" if moved else after["verdict"]
            why += [
                f"**{_cell(after['id'])}**, {verdict}, {new:,} new report{'' if new == 1 else 's'} for or against.",
                "",
            ]
            why += [f"- The case: {_cell(before['because'])}", f"- With the files: {_cell(after['because'])}", ""]
    return [*lines, "", "## What changed", "", *(why[:-1] or ["No claim's figure changed."])]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    main()
