"""An answer is given again only while everything that it can hang on is as it was."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from zenobia import keeping, measures
from zenobia.claims.judging import Asking, answered
from zenobia.measures import Apart
from zenobia.pipeline import demo, open_case
from zenobia.terms import NotMeasurable

VALLEY = Path(__file__).parent.parent / "valley"
Rows = list[dict[str, str]]
Edit = Callable[[Path], None]


def edited(name: str, change: Callable[[Rows], Rows]) -> Edit:
    """Read a table of a case, change its rows, and write it again."""

    def edit(case: Path) -> None:
        with (case / name).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        changed = change([dict(row) for row in rows])
        with (case / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, list(dict.fromkeys(name for row in (*rows, *changed) for name in row)), restval=""
            )
            writer.writeheader()
            writer.writerows(changed)

    return edit


def written(name: str, old: str, new: str) -> Edit:
    """Write something else into a file of a case."""

    def edit(case: Path) -> None:
        text = (case / name).read_text(encoding="utf-8")
        assert old in text
        (case / name).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def more(**cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows, cells]


def other(row_id: str, **cells: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{**row, **cells} if row.get("id", row.get("source")) == row_id else row for row in rows]


def less(row_id: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row.get("id", row.get("source")) != row_id]


SAID = {"source": "border-wire", "published": "2031-03-02", "date": "2031-03-01"}
EDITS: dict[str, Edit] = {
    "a word of control": edited(
        "reports.csv", more(id="zz", **SAID, type="control", place="birchen", holder="league", status="holds")
    ),
    "a strike": edited("reports.csv", more(id="zz", **SAID, type="air-strike", place="birchen", actor="empire")),
    "a strike on a list": edited(
        "reports.csv",
        more(id="zz", **{**SAID, "source": "strike-list"}, type="air-strike", place="alder", actor="empire"),
    ),
    "a battle": edited("reports.csv", more(id="zz", **SAID, type="battle", place="alder", actor="crown")),
    "a statement": edited("reports.csv", more(id="zz", **SAID, type="statement", actor="crown")),
    "another holder": edited("reports.csv", other("a2", holder="league")),
    "a report that is withdrawn": edited("reports.csv", less("a1")),
    "a note": edited("reports.csv", other("a1", note="seen on the spot")),
    "a source": edited("sources.csv", more(id="new", name="New")),
    "another side": edited("sources.csv", other("monitor", stands_with="league")),
    "a place": edited("places.csv", more(id="new", name="New", kind="town", lat="46.05", lon="11.05")),
    "a place elsewhere": edited("places.csv", other("birchen", lat="46.9")),
    "an actor": edited("actors.csv", more(id="new", name="New", kind="rebel")),
    "another name": edited("actors.csv", other("league", name="The Old League")),
    "another list": edited("coverage.csv", other("strike-list", to="2031-02-01")),
    "no tie": edited("affiliations.csv", lambda rows: [row for row in rows if row["actor"] != "empire"]),
    "a correction": edited(
        "reports.csv",
        more(id="zz", **SAID, replaces="b3", type="control", place="birchen", holder="crown", status="holds"),
    ),
    "a part of another type": edited(
        "reports.csv", more(id="zz", **SAID, type="shelling", part_of="g1", target="league", count="5", unit="location")
    ),
    "a part that is no part any more": edited("reports.csv", other("g2", part_of="")),
    "a word under another type": edited(
        "reports.csv", more(id="zz", **SAID, type="battle", place="cedar", holder="crown", status="takes")
    ),
    "the same event under another type": edited(
        "reports.csv", more(id="zz", **SAID, type="shelling", place="birchen", actor="empire", target="league")
    ),
    "a topic that is near": edited("reports.csv", more(id="zz", **SAID, type="ceasefire", topic="amnesty")),
    "a stranger": edited("reports.csv", other("b4", origin="nobody-knows")),
    "a word that was printed later": edited("reports.csv", other("b3", published="2031-05-20")),
    "a word in doubt": edited("reports.csv", other("b3", credibility="5")),
    "a word that is kept in": edited("reports.csv", other("b3", sensitivity="restricted")),
    "a source that copies": edited("sources.csv", other("monitor", copies_from="border-wire")),
    "a list that cannot see": edited("coverage.csv", other("strike-list", misses="guard")),
    "a list of changes": edited(
        "coverage.csv",
        more(source="border-wire", type="capture", area="valley", unit="place", to="2031-07-07"),
    ),
    "more people": edited("places.csv", other("cedar", population="70000")),
    "another district": edited("places.csv", other("cedar", admin1="Lower")),
    "a tie for a time": edited(
        "affiliations.csv",
        more(**{"actor": "empire", "role": "part_of", "of": "crown", "from": "2031-05-01", "source": "monitor"}),
    ),
    "a holder that ended": edited("actors.csv", other("guard", to="2031-05-15")),
    "other holders": written("case.toml", '"guard"]', '"guard", "empire"]'),
    "a shorter war": written("case.toml", "2031-07-07", "2031-06-16"),
    "another ground": written("case.toml", "[10.0, 45.0", "[9.0, 45.0"),
    "an area that moves": written("areas.geojson", "46.", "46.1"),
}


STRIKES, SPRING = {"type": "air-strike"}, {"from": "2031-03-01", "to": "2031-05-30"}
HALF_YEAR = {"from": "2031-01-06", "to": "2031-06-20"}
TAKEN = {"change": {"from": "league", "to": "crown"}}
QUESTIONS = [
    measures.question(keys)
    for keys in (
        {"measure": "held", "place": "birchen", "holder": "crown", "on": "2031-03-25"},
        {"measure": "held", "place": "cedar", **TAKEN, "from": "2031-04-01", "to": "2031-06-01"},
        {"measure": "duration", "place": "birchen", "holder": "league", **HALF_YEAR},
        {"measure": "first", "of": {"holder": "crown"}},
        {"measure": "first", "of": {"type": "battle"}, "sources": {"without": "border-wire"}},
        {"measure": "count", "of": {**STRIKES, **HALF_YEAR, "actor": "crown"}},
        {"measure": "count", "of": {**STRIKES, **SPRING}, "unit": "location"},
        {"measure": "share", "of": {**STRIKES, **HALF_YEAR, "actor": "empire"}, "where": {"is": "league"}},
        {"measure": "share", "of": {**STRIKES, **SPRING}, "where": {"not": "guard"}, "unit": "location"},
        {"measure": "share", "of": STRIKES, "where": {"area": "north-front"}},
        {"measure": "gains", "change": {"to": "crown"}, **HALF_YEAR},
        {"measure": "gains", **TAKEN, "unit": "person", "admin1": "Upper", **HALF_YEAR},
        {"measure": "front", "on": "2031-05-10", "between": ["crown", "league"], "km": 40},
        {"measure": "pace", "change": {"to": "crown"}, "at": "2031-03-20", **HALF_YEAR},
        {"measure": "pace", "of": STRIKES, "at": "2031-03-20", **HALF_YEAR},
        {"measure": "presence", "of": {**STRIKES, **HALF_YEAR}, "every": "month"},
        {"measure": "documented", "of": {"type": "statement", "topic": "amnesti"}},
        {"measure": "documented", "of": {"type": "battle"}, "sources": {"stands_with_not": "league"}},
        {"measure": "peak", "holder": "league", "of": "places", "before": "2031-04-01", **HALF_YEAR},
        {"measure": "peak", "series": {**STRIKES, "unit": "incident"}, "before": "2031-04-01", **HALF_YEAR},
        {"measure": "sequence", "first": STRIKES, **TAKEN, **HALF_YEAR},
        {"measure": "rank", "change": {"to": "crown"}, "initiative": "cedar", **HALF_YEAR},
        {"measure": "forecast", "place": "cedar", "from": "league", "to": "crown", "issued": "2031-03-01", "days": 60},
    )
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with all its answers."""
    case = tmp_path_factory.mktemp("checked") / "valley"
    shutil.copytree(VALLEY, case, ignore=shutil.ignore_patterns(".zenobia"))
    open_case(case).check()
    return case


@pytest.fixture
def valley(checked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checked, tmp_path / "valley"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The needs for which something was estimated."""
    seen: list[str] = []
    plain = open_case.__globals__["OpenCase"].prepare

    def prepare(self, view, needs):
        seen.append(needs.name)
        return plain(self, view, needs)

    monkeypatch.setattr("zenobia.pipeline.OpenCase.prepare", prepare)
    return seen


def anew(case: Path, ids=None):
    shutil.rmtree(case / ".zenobia" / "answers", ignore_errors=True)
    return open_case(case).check(ids)


def told(case, kept):
    """Every question as it is answered for a claim, where some answers are kept; and as it is put to all there is."""
    asking = Asking(lambda *needed: replace(case.prepare(*needed), draws=100), kept, case._rests_on)
    asked = [(question, case.known()) for question in QUESTIONS]
    asked += [(question, case.known("2031-05-10")) for question in QUESTIONS[::5]]
    return (
        [answered(question, view, asking, Apart()) for question, view in asked],
        [put(question, view, asking.prepare) for question, view in asked],
    )


def put(question, view, prepare):
    """A question put to all that a view holds, with nothing kept."""
    try:
        return measures.answer(question, view, prepare(view, measures.needs(question, view)))
    except NotMeasurable as missing:
        return str(missing)


@pytest.fixture(scope="module")
def answers(checked: Path) -> dict[tuple[str, str], object]:
    """What was answered before any edit, by question and what it was answered from."""
    kept = {}
    told(open_case(checked), kept)
    return kept


def test_every_measure_is_asked_here():
    assert {question.measure for question in QUESTIONS} == {*measures.asking.MEASURES}


@pytest.mark.parametrize("what", EDITS)
def test_after_any_edit_what_is_kept_is_what_the_whole_record_answers(valley, answers, what):
    EDITS[what](valley)
    kept, whole = told(open_case(valley), dict(answers))
    assert kept == whole


@pytest.mark.parametrize("what", ["a word of control", "a strike on a list"])
def test_after_an_edit_a_check_says_what_it_would_say_anew(valley, what):
    EDITS[what](valley)
    kept = open_case(valley).check()
    assert kept == anew(valley)


def test_a_program_of_the_same_size_and_date_is_another(tmp_path):
    prints = set()
    for name, line in (("one", "CERTAIN = 0.9"), ("other", "CERTAIN = 0.8")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "judging.py").write_text(line, encoding="utf-8")
        os.utime(tmp_path / name / "judging.py", (1, 1))
        prints.add(keeping._written(tmp_path / name))
    assert len(prints) == 2


def test_other_packages_to_reckon_with_are_another_program(monkeypatch):
    before = keeping._code.__wrapped__()
    monkeypatch.setattr(keeping, "version", lambda name: "0")
    assert keeping._code.__wrapped__() != before


@pytest.mark.parametrize("what", ["a statement", "a battle"])
def test_what_no_question_can_see_leaves_every_estimate_alone(valley, asked, what):
    EDITS[what](valley)
    open_case(valley).check()
    assert asked == []


def test_a_word_of_control_is_heard(valley, asked):
    EDITS["a word of control"](valley)
    open_case(valley).check()
    assert asked


def test_answers_that_nobody_asks_for_are_let_go_after_a_few_records(valley):
    kept = valley / ".zenobia" / "answers"
    open_case(valley).check()
    whole = max(len(file.read_bytes()) for file in kept.glob("*.json"))
    for nth in range(6):
        edited("reports.csv", more(id=f"z{nth}", **SAID, type="statement", actor="crown"))(valley)
        open_case(valley).check(["V02"])
    last = max(kept.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    assert len(last.read_bytes()) < whole / 2


@pytest.mark.long
def test_in_the_whole_case_what_is_kept_is_what_would_be_answered_anew(tmp_path):
    case = tmp_path / "palmyra"
    demo(case)
    opened = open_case(case)
    ids = [claim.id for claim in opened.claims_asked()][::3]
    opened.check(ids)
    said = "id,source,published,type,date,place,actor,holder,status\n"
    rows = (
        "z1,sohr,2016-05-02,control,2016-05-01,palmyra,,government,holds\n",
        "z2,sohr,2016-05-02,air-strike,2016-05-01,palmyra,russia,,\n",
        "z3,sohr,2015-09-02,capture,2015-09-01,idlib,rebels,rebels,takes\n",
    )
    for nth in range(1, len(rows) + 1):
        (case / "reports" / "zz.csv").write_text(said + "".join(rows[:nth]), encoding="utf-8")
        kept = open_case(case).check(ids)
        answers = case / ".zenobia" / "answers"
        shutil.move(answers, tmp_path / f"kept-{nth}")
        assert kept == open_case(case).check(ids)
        shutil.rmtree(answers)
        shutil.move(tmp_path / f"kept-{nth}", answers)
