"""The invented fire of tools/incidents.py, and that it moves the estimate only where it tells who holds what."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tools.eval_incidents import events, hits
from tools.incidents import WARS, incidents, told_of, zones
from tools.press import Press, Truth, report, view_of
from zenobia import control
from zenobia.terms import Source

# Four places on a line, 11.1 km from each to the next; the third changes hands on day 30 after a day of fighting.
HELD = np.zeros((4, 60), dtype=np.int8)
HELD[3] = 1
HELD[2, 29:] = 2
HELD[2, 30:] = 1
LINE = Truth(tuple("abcd"), 7000, ("reds", "blues"), HELD, {name: (40 + n / 10, 20.0) for n, name in enumerate("abcd")})


def test_zones_are_as_worked_out_by_hand() -> None:
    # On day 0 blues hold d alone: c is 11 km from it, b 22, a 33.
    zone = zones(LINE)
    assert zone[:, 0].tolist() == [3, 3, 2, 2]
    # c is fought over on day 29, and turning for a week on either side.
    assert zone[2, [21, 22, 28, 29, 30, 36, 37]].tolist() == [2, 1, 1, 0, 1, 1, 2]
    # From then on b is 11 km from the enemy.
    assert zone[1, 40] == 2


def test_the_same_seed_tells_the_same() -> None:
    sources = [Source(id="free", name="free")]
    once, again = (incidents(LINE, WARS["along the front"], sources, 3) for _ in range(2))
    assert once
    assert once == again


def _truth() -> Truth:
    rng = np.random.default_rng(7)
    held = np.zeros((40, 300), dtype=np.int8)
    for row in held:
        row[:] = rng.integers(2)
        turn = int(rng.integers(60, 240))
        row[turn : turn + 10], row[turn + 10 :] = 2, 1 - row[0]
    names = tuple(f"p{n:02d}" for n in range(40))
    spots = {name: (48 + float(rng.random()), 35 + float(rng.random())) for name in names}
    return Truth(names, 7000, ("reds", "blues"), held, spots)


@pytest.mark.parametrize(
    ("war", "heeded"), [("at the spot", True), ("by chance", False), ("told where it is fired", False)]
)
def test_fire_is_heeded_where_it_tells_who_holds_what(war: str, heeded: bool) -> None:
    truth = _truth()
    sources, told = report(truth, Press(reports_per_place=8), 5)
    fired = incidents(truth, WARS[war], sources, 5)
    assert control.estimate(told_of(view_of(truth, sources, told), truth, fired)).heeds_incidents == heeded


def test_events_in_which_one_side_alone_lost_soldiers_are_fire_on_it(tmp_path: Path) -> None:
    plain = {
        "side_a": "Government of Russia (Soviet Union)", "side_b": "Government of Ukraine", "where_prec": "1",
        "latitude": "40.21", "longitude": "20", "deaths_a": "0", "deaths_b": "0", "deaths_civilians": "0",
        "date_start": "3/3/1989 12:00:00 AM", "date_end": "3/5/1989 12:00:00 AM",
    }  # fmt: skip
    rows = [
        {**plain, "deaths_b": "2"},
        {**plain, "deaths_b": "2", "deaths_a": "1"},
        {**plain, "deaths_b": "2", "deaths_civilians": "1"},
        {**plain, "deaths_b": "2", "latitude": "41"},
        {**plain, "deaths_a": "4", "date_end": "3/20/1989 12:00:00 AM"},
    ]
    with (tmp_path / "ged.csv").open("w", encoding="cp1252", newline="") as out:
        table = csv.DictWriter(out, list(plain))
        table.writeheader()
        table.writerows(rows)
    truth = Truth(LINE.places, LINE.first, ("ukraine", "russia"), LINE.held, LINE.positions)
    (hit,) = hits(truth, Source(id="free", name="free"), events(tmp_path / "ged.csv"))
    # 1989-03-04 is day 7002 since 1970, and 40.21 N lies a kilometre from the third place.
    assert (hit.place, hit.day, hit.actor, hit.target) == (2, 2, -1, 0)
