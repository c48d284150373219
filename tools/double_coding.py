"""Sixty reports of the built-in case coded a second time, blind, by the coding rules alone: how far the two agree.

    python -m tools.double_coding sample DATA         (prints what to code; never how it was coded)
    python -m tools.double_coding compare FILE.csv    (writes docs/double-coding.md)

DATA holds the documents. The second coder reads them and docs/coding.md, and nothing else. The first coding is frozen
beside the second when the two are first compared: rows that are mended afterwards change no figure.

Source: J. Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import unquote

from zenobia.case import load
from zenobia.case.reports import Lookup, report_from
from zenobia.record import Sides
from zenobia.terms import Report

Row = dict[str, str]
Pair = tuple[str, str]

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "src" / "zenobia" / "cases" / "palmyra"
PAGE = ROOT / "docs" / "double-coding.md"
FIRST, SETTLED = PAGE.with_name("double-coding-first.csv"), PAGE.with_name("double-coding-settled.csv")
PLAIN = ("ged-", "na-ged-", "cw-")  # read off a row of a dataset, or given away by the id
SIZE, SEED = 60, "zenobia-double-coding-1"
CODED = ("type", "date", "date_to", "date_precision", "place", "actor", "target", "holder", "status", "origin")
FIELDS = (*(name for name in CODED if name != "date_to"), "actor, by holder", "target, by holder")


class Passage(NamedTuple):
    """Where a report to be coded stands, and nothing of what was made of it."""

    id: str
    document: str
    locator: str
    where: str  # the file in which a reader finds it


def sample(data: Path) -> list[Passage]:
    """Sixty reports whose words can be opened, as even over the files of the case as these allow.

    Within a file they come in the order of a digest of their ids, so that a row more elsewhere moves none of them.
    """

    def drawn(passage: Passage) -> str:
        return hashlib.sha256(f"{SEED}:{passage.id}".encode()).hexdigest()

    listed = {row["id"]: row for row in _read(CASE / "documents" / "documents.csv")}
    files = [sorted(_passages(path, listed, data), key=drawn) for path in sorted((CASE / "reports").glob("*.csv"))]
    in_turn = [passage for layer in zip_longest(*files) for passage in layer if passage is not None]
    return sorted(in_turn[:SIZE], key=lambda passage: (passage.where, passage.locator, passage.id))


def _passages(path: Path, listed: dict[str, Row], data: Path) -> Iterator[Passage]:
    for row in _read(path):
        where = _where(listed.get(row["document"], {}), row["locator"], data)
        if where is not None:
            yield Passage(row["id"], row["document"], row["locator"], where)


def _where(document: Row, locator: str, data: Path) -> str | None:
    """The file in which a reader finds the passage; ``None`` if it is not at hand."""
    if document.get("id") == "ged-syria-19-1":
        return "ucdp_ged_syria/ged_syria_19_1.csv"
    if document.get("id") == "current-events":
        items = sorted((data / "wikipedia_current_events").glob("*.json*"))
        found = [path for path in items if f'"date":"{locator[:10]}"' in path.read_text("utf-8").replace('": "', '":"')]
        return found[0].relative_to(data).as_posix() if found else None
    site, _, title = document.get("url", "").partition("/wiki/")
    article = f"wikipedia_syria/{unquote(title).lower()}.md"
    return article if site == "https://en.wikipedia.org" and (data / article).is_file() else None


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Pairs:
    """Both codings, read by the rules of the case: the first as it stood when they were first compared."""

    def __init__(self, second: Path) -> None:
        files = load(CASE)
        self._lookup = Lookup(files.setting, files.nouns, Counter())
        self._sides = Sides(holders=files.setting.holders, affiliations=files.nouns["affiliations"].values())
        ids = [row["id"] for row in _read(second)]
        if not FIRST.exists():
            _freeze([{"id": name, **files.cells["reports"][name]} for name in ids])
        first = self._reports(FIRST)
        self.both = [(first[name], report) for name, report in self._reports(second).items()]

    def _reports(self, path: Path) -> dict[str, Report]:
        said = {"source": next(iter(self._lookup.sources)), "published": "2023-12-31"}
        return {row["id"]: report_from({**row, **said}, self._lookup) for row in _read(path)}

    def told(self, field: str) -> list[Pair]:
        """What both say in a field, report by report; empty where it is not stated."""
        return [(self._said(field, a), self._said(field, b)) for a, b in self.both]

    def _said(self, field: str, report: Report) -> str:
        name, _, by_holder = field.partition(", ")
        names = str(getattr(report, name) or "").split("|")
        return "|".join(sorted({self._sides.holder_of(n) or n for n in names} if by_holder else names))


def _freeze(rows: Sequence[Row]) -> None:
    with FIRST.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", *CODED], extrasaction="ignore", restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def kappa(pairs: Sequence[Pair]) -> float:
    """Agreement beyond what two coders with these habits would reach by chance; empty is a category of its own."""
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[said] * second[said] for said in first) / len(pairs) ** 2
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def interval(pairs: Sequence[Pair], draws: int = 2000) -> tuple[float, float]:
    """The middle 90 % of kappa over reports drawn anew with replacement."""
    dice = Random(SEED)
    drawn = sorted(kappa(dice.choices(pairs, k=len(pairs))) for _ in range(draws))
    return drawn[draws // 20], drawn[-draws // 20]


def page(text: str, second: Path) -> str:
    """The page with its figures and tables as they come from both codings."""
    pairs = Pairs(second)
    for name, lines in (("agreement", _agreement(pairs)), ("differences", _differences(pairs))):
        begin, end = f"<!-- {name}: written by tools/double_coding.py -->", f"<!-- end of {name} -->"
        before, rest = text.split(begin)
        text = "\n".join([before + begin, "", *lines, "", end + rest.split(end)[1]])
    return text


def _agreement(pairs: Pairs) -> Iterator[str]:
    yield "| field | same | of those where either states it | kappa | 90 % | kappa without plain rows |"
    yield "| --- | ---: | ---: | ---: | --- | ---: |"
    for name in FIELDS:
        told = pairs.told(name)
        stated = [pair for pair in told if pair != ("", "")]
        low, high = interval(told)
        harder = kappa([pair for pair, (a, _) in zip(told, pairs.both, strict=True) if not a.id.startswith(PLAIN)])
        figures = f"{kappa(told):.2f} | {low:.2f} to {high:.2f} | {harder:.2f}"
        yield f"| {name} | {_share(told)} | {_share(stated)} | {figures} |"
        if name == "date":
            near = sum(abs((a.date - b.date).days) <= 1 for a, b in pairs.both if a.date and b.date)
            yield f"| date, within a day | {near} of {len(told)} | {near} of {len(stated)} | | | |"


def _share(told: Sequence[Pair]) -> str:
    return f"{sum(a == b for a, b in told)} of {len(told)}"


def _differences(pairs: Pairs) -> Iterator[str]:
    found = list(_settled(pairs))
    right = Counter(row[4] for row in found)
    told = ", ".join(f"{side} in {right[side]}" for side in ("first", "second", "neither"))
    yield f"{len(found)} cells of {len({row[0] for row in found})} reports differ. Right by the rules: {told}."
    yield f"{sum(row[5].startswith('As it stood') for row in found)} cells are settled by a rule that stood before."
    yield "\n| report | field | first | second | right | rule |\n| --- | --- | --- | --- | --- | --- |"
    yield from ("| " + " | ".join(cell.replace("|", " or ") for cell in row) + " |" for row in found)


def _settled(pairs: Pairs) -> Iterator[tuple[str, ...]]:
    """Report, field, both codings, which of them the rules bear out, and the rule."""
    ends = {(row["id"], row["field"]): row for row in _read(SETTLED)}
    for name in FIELDS:
        for (first, _), (a, b) in zip(pairs.both, pairs.told(name), strict=True):
            if a != b and name in CODED:
                end = ends.get((first.id, name), {"right": "open", "rule": ""})
                yield first.id, name, a, b, end["right"], end["rule"]


def main(verb: str, path: str) -> None:
    """Print the passages to code, or rewrite the tables of the page that compares."""
    if verb == "sample":
        print(*(" | ".join(passage) for passage in sample(Path(path))), sep="\n")
    else:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), Path(path)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
