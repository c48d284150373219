"""Names as real lists spell them, against the gazetteer that comes with the project."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

from zenobia.terms.homonyms import distance_km
from zenobia.terms.names import Named, Names

RIGHT_KM = 25.0
Row = Mapping[str, str]


@cache
def gazetteer(folder: Path, country: str | None) -> Names:
    """The gazetteer's places; of one country, or of all."""
    with (folder / "src/zenobia/assets/gazetteer.csv").open(encoding="utf-8", newline="") as file:
        return Names(
            Named(
                id=row["geonameid"],
                names={k: row[column] for k, column in (("en", "name"), ("ar", "name_ar")) if row[column]},
                aliases=tuple(row["aliases"].split("|")) if row["aliases"] else (),
                kind="town",
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                admin1=row["admin1"] or None,
            )
            for row in csv.DictReader(file)
            if country in (None, row["country"])
        )


@pytest.fixture(scope="module")
def ged_rows(real_data: Path) -> list[Row]:
    """The events of GED Syria."""
    path = real_data / "ucdp_ged_syria" / "ged_syria_19_1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_name(rows: Iterable[Row]) -> dict[str, Row]:
    """Each distinct place name, with the first event that has it."""
    return {row["where_coordinates"]: row for row in reversed(list(rows))}


def position(row: Row) -> tuple[float, float]:
    return float(row["latitude"]), float(row["longitude"])


def table_row(names: Names, rows: Mapping[str, Row], said: str) -> str:
    """One line of the table in docs/names.md."""
    outcomes: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for text, row in rows.items():
        match = names.resolve(
            text,
            admin1=row["adm_1"] or None if "province" in said else None,
            near=position(row) if "position" in said else None,
        )
        outcome = "normalised" if match.outcome in ("exact", "alias") else match.outcome
        outcomes[outcome] += 1
        if match.id and distance_km(names[match.id], position(row)) <= RIGHT_KM:
            right[outcome] += 1
    found = [f"{right[circle]} of {outcomes[circle]}" for circle in ("normalised", "skeleton")]
    return "| " + " | ".join([said, *found, str(outcomes["ambiguous"]), str(outcomes["unknown"])]) + " |"


@pytest.mark.parametrize("said", ["nothing", "the province", "the province and the position"])
def test_the_figures_in_the_documentation_are_those_of_the_real_list(
    said: str, ged_rows: list[Row], project: Path
) -> None:
    rows = by_name(ged_rows)
    assert len(rows) == 1990
    line = table_row(gazetteer(project, "SY"), rows, said)
    assert line in (project / "docs" / "names.md").read_text(encoding="utf-8").splitlines()


def test_names_that_stand_on_a_listed_place_are_found_to_be_it(ged_rows: list[Row], project: Path) -> None:
    names = gazetteer(project, "SY")
    verdicts: Counter[str] = Counter()
    exact = by_name(row for row in ged_rows if row["where_prec"] == "1.0")
    for text, row in exact.items():
        place = min(names, key=lambda thing: distance_km(thing, position(row)))
        if distance_km(place, position(row)) >= 0.7:
            continue
        match = names.resolve(text, near=position(row), admin1=row["adm_1"] or None)
        verdicts["itself" if match.id == place.id else "another" if match.id else match.outcome] += 1
    assert verdicts == {"itself": 165, "unknown": 5, "another": 1}


@pytest.mark.parametrize("file", ["dashboard-airstrikes.tsv", "ir-airstrikes.tsv"])
def test_what_a_newspaper_found_near_a_listed_place_is_that_place(file: str, real_data: Path, project: Path) -> None:
    folder, names = real_data / "guardian_coalition_strikes", gazetteer(project, None)
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        asked = {row["place"] for row in csv.DictReader(lines, delimiter="\t")}
    known: dict[str, tuple[float, float]] = {}
    for list_ in ("syria-locations.tsv", "iraq-locations.tsv"):
        with (folder / list_).open(encoding="utf-8", newline="") as lines:
            known |= {
                row["name"].strip(): (float(row["lat"]), float(row["lng"]))
                for row in csv.DictReader(lines, delimiter="\t")
            }
    found = {text: match.id for text in asked if (match := names.resolve(text)).id}
    assert len(found) > 0.7 * len(asked)
    far = {text for text, id in found.items() if text in known and distance_km(names[id], known[text]) > RIGHT_KM}
    assert far <= {"Tal Abyad"}  # the newspaper's point for it lies 32 km to the south-east of the town


def test_a_town_that_two_countries_have_is_ambiguous_until_something_more_is_said(project: Path) -> None:
    names = gazetteer(project, None)
    assert names.resolve("Sinjar").outcome == "ambiguous"
    assert names[names.resolve("Sinjar", near=(36.31, 41.86)).id or ""].admin1 == "Nineveh"
