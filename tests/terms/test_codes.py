"""Types to codes and back: what is kept, what is lost, and that the page says the same as the tables."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from zenobia.terms import InputError
from zenobia.terms.codes import (
    ACLED,
    CAMEO,
    PLOVER,
    UCDP,
    WRITTEN,
    Coded,
    from_acled,
    from_cameo,
    from_plover,
    from_ucdp,
    to_acled,
    to_cameo,
    to_plover,
    to_ucdp,
)
from zenobia.terms.vocabulary import REPORT_TYPES, STATUSES

# ACLED Codebook, 3 October 2024: 3 + 6 + 3 + 3 + 2 + 8 = 25 sub-event types.
SUB_EVENTS = {
    "Battles": 3,
    "Explosions/Remote violence": 6,
    "Violence against civilians": 3,
    "Protests": 3,
    "Riots": 2,
    "Strategic developments": 8,
}


def test_every_report_type_is_written_once_and_in_order() -> None:
    assert tuple(row.type for row in WRITTEN) == REPORT_TYPES


def test_the_acled_list_is_whole() -> None:
    pairs = [row.code for row in ACLED if len(row.code) == 2]
    assert {event: sum(code[0] == event for code in pairs) for event in SUB_EVENTS} == SUB_EVENTS
    assert len(pairs) == 25
    assert {row.code[0] for row in ACLED if len(row.code) == 1} == set(SUB_EVENTS)


def test_every_cameo_root_is_read() -> None:
    assert {f"{root:02}" for root in range(1, 21)} <= {row.code[0] for row in CAMEO}


@pytest.mark.parametrize("table", [ACLED, UCDP, CAMEO, PLOVER])
def test_no_code_is_read_in_two_ways(table: tuple[Coded, ...]) -> None:
    assert len({row.code for row in table}) == len(table)


@pytest.mark.parametrize("row", [*ACLED, *UCDP, *CAMEO, *PLOVER], ids=lambda row: "/".join(row.code))
def test_a_code_that_covers_more_than_its_type_says_what_is_lost(row: Coded) -> None:
    assert row.type in REPORT_TYPES
    assert row.status is None or row.status in STATUSES
    assert row.certain or row.lost


@pytest.mark.parametrize("type", REPORT_TYPES)
def test_what_is_written_can_be_read_again_as_itself_or_as_something_wider(type: str) -> None:
    wider = {type, "other", "battle"}  # battle: UCDP and ACLED keep no means, and no taking without a side
    if acled := to_acled(type):
        assert from_acled(*acled).type in wider
    if (ucdp := to_ucdp(type, state_party=True)) is not None:
        assert from_ucdp(ucdp).type in wider
    if cameo := to_cameo(type):
        assert from_cameo(cameo).type == type
    if plover := to_plover(type):
        assert from_plover(*plover).type in wider


@pytest.mark.parametrize(
    ("event", "sub", "type", "status"),
    [
        ("Battles", "Armed clash", "battle", None),
        ("Battles", "Government regains territory", "capture", "takes"),
        ("Battles", "Non-state actor overtakes territory", "capture", "takes"),
        ("Strategic developments", "Non-violent transfer of territory", "capture", "takes"),
        ("Strategic developments", "Headquarters or base established", "control", "holds"),
        ("Explosions/Remote violence", "Air/drone strike", "air-strike", None),
        ("explosions/remote violence", "shelling/artillery/missile attack", "shelling", None),
        ("Violence against civilians", "Attack", "attack-on-civilians", None),
        ("Protests", "Excessive force against protestors", "attack-on-civilians", None),
        ("Strategic developments", "Agreement", "other", None),
    ],
)
def test_acled_is_read(event: str, sub: str, type: str, status: str | None) -> None:
    coded = from_acled(event, sub)
    assert (coded.type, coded.status) == (type, status)


def test_an_agreement_is_not_read_as_a_ceasefire_because_it_may_be_an_evacuation() -> None:
    assert to_acled("ceasefire") == ("Strategic developments", "Agreement")
    assert not from_acled("Strategic developments", "Agreement").certain


def test_a_capture_is_written_for_acled_by_who_took_it() -> None:
    assert to_acled("capture") == ("Battles", None)
    assert to_acled("capture", taker="state") == ("Battles", "Government regains territory")
    assert to_acled("capture", taker="non-state") == ("Battles", "Non-state actor overtakes territory")


def test_ucdp_asks_whether_a_state_is_among_the_sides() -> None:
    assert [to_ucdp("air-strike", state_party=state) for state in (True, False, None)] == [1, 2, None]
    assert to_ucdp("attack-on-civilians") == 3
    assert to_ucdp("capture", state_party=True) is None


def test_ucdp_keeps_no_means_so_a_battle_read_from_it_is_not_certain() -> None:
    assert (from_ucdp(1).type, from_ucdp(1).certain) == ("battle", False)
    assert from_ucdp(3).type == "attack-on-civilians"


@pytest.mark.parametrize(
    ("code", "type"),
    [
        ("195", "air-strike"),
        ("1951", "air-strike"),
        ("1834", "explosion"),
        ("0871", "ceasefire"),
        ("0873", "other"),
        ("0874", "withdrawal"),
        ("010", "statement"),
        ("0356", "statement"),
        ("191", "siege"),
        ("14", "other"),
    ],
)
def test_a_cameo_code_is_read_by_the_nearest_code_above_it(code: str, type: str) -> None:
    assert from_cameo(code).type == type


def test_a_plover_mode_that_is_not_listed_is_read_by_its_event_type() -> None:
    assert from_plover("assault", "Aerial").type == "air-strike"
    assert from_plover("PROTEST", "hunger").type == "other"
    assert from_plover("CONCEDE").type == "statement"


def test_an_unknown_code_or_type_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match="Battles / Armed clash"):
        from_acled("Battles", "Armed clashes")
    with pytest.raises(InputError, match="unknown code"):
        from_acled("Battles", "Peaceful protest")
    with pytest.raises(InputError, match="unknown code"):
        from_cameo("99")
    with pytest.raises(InputError, match="unknown code"):
        from_ucdp(4)
    with pytest.raises(InputError, match='did you mean "air-strike"'):
        to_cameo("airstrike")


def test_the_page_of_codes_says_what_the_tables_say(project: Path) -> None:
    spec = importlib.util.spec_from_file_location("tools_codes", project / "tools" / "codes.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = (project / "docs" / "codes.md").read_text(encoding="utf-8")
    assert page == tool.page(), "run `python tools/codes.py`"
