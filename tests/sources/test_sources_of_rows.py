"""Tables in which each row has a speaker of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.ged_rows import ged
from tests.sources.test_acled import PLAIN
from zenobia.pipeline import OpenCase, new, open_case
from zenobia.sources.said import id_of
from zenobia.terms import InputError

MAPS = {"date": "day", "source": "by", "origin": "first told by"}
SETS = {"published": "2031-12-31", "type": "battle", "source": "collection"}


@pytest.fixture
def case(tmp_path: Path) -> OpenCase:
    new(tmp_path / "case")
    (tmp_path / "case" / "sources.csv").write_text("id,name,kind\nsana,State News,wire\nwatch,The Watch,monitor\n")
    return open_case(tmp_path / "case")


def said(case: OpenCase, *speakers: tuple[str, str], sets: dict[str, str] | None = None) -> list[tuple]:
    lines = ["day,by,first told by", *(f"2031-03-{n:02d},{by},{first}" for n, (by, first) in enumerate(speakers, 1))]
    path = case.root.parent / "list.csv"
    path.write_text("\n".join(lines) + "\n")
    case.add([str(path)], kind="reports", maps=MAPS, sets={**SETS, **(sets or {})})
    return [(r["source"], r["origin"]) for r in case.known().reports.sort_by("date").to_pylist()]


def test_a_row_is_spoken_by_whom_its_column_names(case):
    assert said(case, ("watch", "sana"), ("The Watch", "State News")) == [("watch", "sana"), ("watch", "sana")]


def test_a_name_that_the_case_does_not_know_becomes_a_source_of_unknown_kind(case):
    assert said(case, ("Valley Wire", "Hill Radio")) == [("valley-wire", "hill-radio")]
    made = [case.known().sources[i] for i in ("valley-wire", "hill-radio")]
    assert [(source.name, source.kind) for source in made] == [("Valley Wire", None), ("Hill Radio", None)]


def test_a_row_without_a_speaker_is_spoken_by_the_source_of_the_file(case):
    assert said(case, ("", "")) == [("collection", None)]


def test_a_name_that_is_written_like_an_id_of_the_case_is_that_source(case):
    assert said(case, ("SANA", "Sana")) == [("sana", "sana")]
    assert case.known().sources["sana"].kind == "wire"


def test_names_that_differ_in_another_script_alone_are_two_sources(case):
    (one, _), (other, _) = said(case, ("قناة RT", ""), ("إذاعة RT", ""))
    assert one != other
    assert [case.known().sources[i].name for i in (one, other)] == ["قناة RT", "إذاعة RT"]


def test_their_word_for_a_source_may_be_said(case):
    assert said(case, ("StateTV", ""), sets={"source:StateTV": "sana"}) == [("sana", None)]


# --- names that look alike, and names that no id can hold -------------------------------------------


def test_an_id_is_made_of_the_name_alone():
    assert id_of("Al-Manar TV", "source") == "al-manar-tv"
    assert id_of("قناة RT", "source") != id_of("إذاعة RT", "source") != id_of("RT", "source")
    assert id_of("قناة", "source").startswith("source-")


def test_offices_in_another_script_stay_apart_from_one_release_to_the_next(case):
    for year, office in (("20", "Громадське"), ("21", "Укрінформ")):
        path = case.root.parent / f"ged_{year}_1.csv"
        path.write_text(ged({"id": year, "source_office": office, "source_article": f'"{office},2020-03-06,Four die"'}))
        case.add([str(path)])
    cited = [r for r in case.known().reports.to_pylist() if r["id"].startswith("ged-item-")]
    assert {case.known().sources[r["source"]].name for r in cited} == {"Громадське", "Укрінформ"}


def test_parties_whose_names_differ_in_a_hyphen_alone_are_one_and_no_row_is_lost(case):
    lines = [",".join(PLAIN)]
    for event, actor in (("SYR1", "Al-Hasan Brigade"), ("SYR2", "Al Hasan Brigade")):
        lines.append(",".join({**PLAIN, "event_id_cnty": event, "actor1": actor}.values()))
    path = case.root.parent / "acled.csv"
    path.write_text("\n".join(lines) + "\n")
    told = case.add([str(path)])
    assert (told["added"], told["rejected"]) == (2, 0)


def test_tables_with_names_in_another_script_are_lists_of_their_own(case):
    for name, town in (("قائمة.csv", "Elm"), ("جدول.csv", "Alder")):
        path = case.root.parent / name
        path.write_text(f"day,note\n2031-03-01,{town}\n")
        case.add([str(path)], kind="reports", maps={"date": "day", "note": "note"}, sets={**SETS, "whole": "yes"})
    assert sorted(r["note"] for r in case.known().reports.to_pylist()) == ["Alder", "Elm"]


def test_no_version_of_a_row_stands_beside_a_report_of_the_cases_own(case):
    (case.root / "reports.csv").write_text("id,source,published,type\nged-1,watch,2020-03-07,battle\n")
    for year, best in (("20", "4"), ("21", "5")):
        path = case.root.parent / f"ged_{year}_1.csv"
        path.write_text(ged({"best": best, "high": "5"}))
        case.add([str(path)])
    assert [i for i in case.known().reports.column("id").to_pylist() if "item" not in i] == ["ged-1"]


@pytest.mark.parametrize("said", [{"plublished": "2020-12-31"}, {"type": "battle"}])
def test_a_word_that_a_feed_does_not_read_is_refused(case, said):
    path = case.root.parent / "ged_20_1.csv"
    path.write_text(ged({}))
    with pytest.raises(InputError, match="nothing here reads --set"):
        case.add([str(path)], sets=said)


def test_an_exported_table_takes_no_word_from_outside(case):
    path = case.root.parent / "mine.csv"
    path.write_text("id,source,published,type,actor,target,note\na1,watch,2031-03-01,battle,,,new\n")
    with pytest.raises(InputError, match="nothing here reads --map or --set published"):
        case.add([str(path)], kind="export", sets={"published": "2031-03-01"})
