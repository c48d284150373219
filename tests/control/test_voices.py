"""Whose voice a report is: what the sources say of whom they copy, and that every room counts alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from zenobia import control, linkage
from zenobia.control.reading import gather
from zenobia.record import View, originals_of, voice_of
from zenobia.terms import Source, day_number

Made = Callable[..., View]

D = date(2020, 2, 10)


def source(name: str, *copies: str, kind: str | None = None) -> Source:
    return Source(id=name, name=name, copies_from=copies, kind=kind)


SOURCES = {
    s.id: s
    for s in (
        source("wire"),
        source("agency", "wire"),
        source("paper", "agency"),
        source("digest", "wire", "monitor"),
        source("list", kind="dataset"),
        source("mirror", "list"),
        source("extract", "wire", kind="dataset"),
        source("left", "right"),
        source("right", "left"),
        source("stray", "left"),
    )
}


@pytest.mark.parametrize(
    ("teller", "origin", "voice"),
    [
        ("wire", None, "wire"),
        ("paper", None, "wire"),
        ("paper", "agency", "agency"),
        ("digest", None, "digest"),
        ("list", None, "unknown"),
        ("mirror", None, "unknown"),
        # A paper that names the list as its origin has it from where the list has it.
        ("paper", "list", "unknown"),
        ("paper", "extract", "wire"),
        # The list itself says that the word is its own.
        ("list", "list", "list"),
        ("extract", None, "wire"),
        ("stray", None, "left"),
        ("right", None, "left"),
        ("stranger", None, "stranger"),
    ],
)
def test_a_declared_copy_of_one_source_speaks_with_its_voice(teller: str, origin: str | None, voice: str) -> None:
    assert voice_of(SOURCES, teller, origin) == voice


def test_originals_are_followed_to_the_end() -> None:
    found = [originals_of(SOURCES, name) for name in ("paper", "digest", "wire", "left")]
    assert found == [{"agency", "wire"}, {"wire", "monitor"}, set(), {"right"}]


def copies(n: int) -> list[Source]:
    return [source("wire"), *(source(f"copy{k}", "wire" if k == 0 else f"copy{k - 1}") for k in range(n))]


def word(teller: str, day: date = D, **more: Any) -> dict[str, Any]:
    return {"source": teller, "date": day, "status": "holds", "holder": "reds", **more}


def test_ten_copies_of_a_wire_are_one_voice_and_one_statement(made: Made) -> None:
    rows = [word("wire"), *(word(f"copy{k}") for k in range(10))]
    evidence = gather(made(rows, sources=copies(10)))
    assert (evidence.voices, evidence.witnesses, len(evidence.statements.day)) == (("wire",), ("wire",), 1)
    estimate = control.estimate(made(rows, sources=copies(10)))
    assert estimate.at("tal", day_number(D)).voices == 1


def test_ten_copies_of_a_wire_make_nobody_surer(made: Made) -> None:
    rows = [word("wire"), *(word(f"copy{k}") for k in range(10))]
    alone, copied, apart = (
        control.estimate(made(told, sources=known)).at("tal", day_number(D)).held_by["reds"]
        for told, known in ((rows[:1], copies(0)), (rows, copies(10)), (rows, ()))
    )
    assert copied == alone
    assert apart > copied


def test_a_source_that_copies_two_adds_nothing_on_the_day_on_which_one_of_them_said_it(made: Made) -> None:
    known = [source("wire"), source("monitor"), source("digest", "wire", "monitor")]
    one = [word("wire"), word("monitor", D + timedelta(days=1))]
    both = [*one, word("digest"), word("digest", D + timedelta(days=1), published=D + timedelta(days=3))]
    said = [
        control.estimate(made(rows, sources=known)).at("tal", day_number(D)).held_by["reds"] for rows in (one, both)
    ]
    assert said[0] == pytest.approx(said[1], abs=1e-12)


def test_two_that_copy_each_other_count_once_and_not_never(made: Made) -> None:
    known = [source("left", "right", "wire"), source("right", "left", "wire")]
    one, both = (
        control.estimate(made(rows, sources=known)).at("tal", day_number(D)).held_by["reds"]
        for rows in ([word("left")], [word("left"), word("right")])
    )
    assert both == pytest.approx(one, abs=1e-12)
    assert both > 0.5


def test_an_event_told_by_a_wire_and_its_copies_has_one_voice(made: Made) -> None:
    raid = {"type": "air-strike", "date": D, "actor": "reds"}
    view = made([{**raid, "source": s} for s in ("wire", "copy0", "copy1")], sources=copies(2))
    (event,) = linkage.events(view, linkage.group(view)).to_pylist()
    assert event["voices"] == 1
