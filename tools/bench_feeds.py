"""The dataset path of the benchmarks: an invented file of GED's shape, and what others would do with it.

    make bench

The file has GED's 49 columns, one or several cited items a row, a few thousand places, two dozen dyads, and some of
the faults that real files hold. The peer in pandas does the same work as `zenobia add`: it types the columns, finds
the same faults, takes the cited items apart, resolves names, and writes Parquet with the same compression.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from zenobia.record import Content, Record, schema_of
from zenobia.terms import Report, Setting

ROOT = Path(__file__).resolve().parent.parent
ROWS = 400_000
PLACES = 3_000
FIRST = dt.date(2010, 1, 1)
COLUMNS = (  # noqa: SIM905 - as it stands in the file
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,"
    "dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
    "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
).split(",")
PARTIES = [f"Government of Country {i}" for i in range(8)] + [f"Front {name}" for name in (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple", "Nettle",
    "Oak", "Pine", "Rowan")]  # fmt: skip
WORDS = (  # noqa: SIM905
    "clashes shelling village town troops fighters killed wounded attack near north south road checkpoint "
    "convoy rocket mortar overnight morning sources say army rebels advance retreat hospital market"
).split()


def invent_ged(path: Path, rows: int = ROWS, seed: int = 1, changed: float = 0.0) -> None:
    """Write an invented file of GED's shape; ``changed`` is the share of rows with another death toll."""
    table = _invented(rows, np.random.default_rng(seed))
    if changed:
        turn = np.random.default_rng(seed + 1).random(rows) < changed
        tolls = pc.add(table.column("deaths_unknown").cast(pa.int64()), pa.array(turn.astype(np.int64)))
        best = pc.add(table.column("best").cast(pa.int64()), pa.array(turn.astype(np.int64)))
        high = pc.max_element_wise(table.column("high").cast(pa.int64()), best)
        for name, column in (("deaths_unknown", tolls), ("best", best), ("high", high)):
            table = table.set_column(table.column_names.index(name), name, column.cast(pa.string()))
    arrow_csv.write_csv(table, path)


def _invented(n: int, chance: np.random.Generator) -> pa.Table:
    def text(values: Any) -> pa.Array:
        return pa.array(values).cast(pa.string())

    place = chance.integers(0, PLACES, n)
    at = chance.random((PLACES, 2))
    lat, lon = np.round(33 + 4 * at[:, 0], 5), np.round(36 + 6 * at[:, 1], 5)
    day = np.datetime64(FIRST) + chance.integers(0, 5400, n).astype("timedelta64[D]")
    lasts = day + np.where(chance.random(n) < 0.1, chance.integers(1, 9, n), 0).astype("timedelta64[D]")
    violence = chance.choice([1, 2, 3], n, p=[0.7, 0.2, 0.1])
    a, b = chance.integers(0, 8, n), chance.integers(8, len(PARTIES), n)
    best = chance.poisson(4, n)
    low, high = best - chance.integers(0, 2, n) * (best > 0), best + chance.integers(0, 3, n)
    low = np.where(chance.random(n) < 0.006, high + 1, low)  # out of order, as in one row in a hundred and sixty
    parties = np.array(PARTIES)
    side_a, side_b = parties[a], np.where(violence == 3, "Civilians", parties[b])
    province = np.array([f"Province {i % 14}" for i in range(PLACES)])
    names = np.array([f"Place {i} town" for i in range(PLACES)])
    prec = chance.choice([1, 2, 3, 4, 5, 6], n, p=[0.5, 0.3, 0.05, 0.07, 0.05, 0.03])
    items = np.where(chance.random(n) < 0.8, 1, 2)
    offices, dates, headlines, articles = _cited(n, items, day, chance)
    point = [f"POINT ({x} {y})" for x, y in zip(lon, lat, strict=True)]
    dyad = np.char.add(np.char.add(side_a, " - "), side_b)
    made: dict[str, Any] = {
        "id": text(np.arange(100_000, 100_000 + n)), "relid": text(np.arange(n)), "type_of_violence": text(violence),
        "year": pc.utf8_slice_codeunits(text(day), 0, 4), "active_year": "1", "code_status": "Clear",
        "conflict_name": text(dyad), "dyad_name": text(dyad), "side_a": text(side_a), "side_b": text(side_b),
        "side_a_new_id": text(a + 100), "side_b_new_id": text(np.where(violence == 3, 9999, b + 100)),
        "number_of_sources": text(items), "source_article": text(articles), "source_office": text(offices),
        "source_date": text(dates), "source_headline": text(headlines), "where_prec": text(prec),
        "where_coordinates": text(names[place]), "where_description": text(np.char.add("near ", names[place])),
        "adm_1": text(province[place]), "adm_2": text(np.char.add(province[place], " district")),
        "latitude": text(lat[place]), "longitude": text(lon[place]), "geom_wkt": text(np.array(point)[place]),
        "priogrid_gid": text(place + 180_000), "country": "Country", "country_id": "652", "region": "Nowhere",
        "event_clarity": "1", "date_prec": text(np.where(lasts > day, 2, 1)), "date_start": text(day),
        "date_end": text(lasts), "deaths_a": "0", "deaths_b": "0", "deaths_civilians": text(best),
        "deaths_unknown": "0", "best": text(best), "high": text(high), "low": text(low),
    }  # fmt: skip
    blank = pa.repeat(pa.scalar(""), n)
    full = [made.get(name, blank) for name in COLUMNS]
    return pa.table([pa.repeat(pa.scalar(c), n) if isinstance(c, str) else c for c in full], names=list(COLUMNS))


def _cited(n: int, items: Any, day: Any, chance: np.random.Generator) -> tuple[list[str], ...]:
    words, office = np.array(WORDS), np.array([f"Office {i}" for i in range(60)])
    which = chance.integers(0, len(words), (n, 2, 9))
    who, late = chance.integers(0, 60, (n, 2)), chance.integers(0, 4, (n, 2))
    late = np.where(chance.random((n, 2)) < 0.01, -2, late)  # older than the event
    days = (day[:, None] + late.astype("timedelta64[D]")).astype(str)
    made: tuple[list[str], ...] = ([], [], [], [])
    for i in range(n):
        own = [" ".join(words[which[i, k]]) + f" {i}" for k in range(items[i])]
        made[0].append(";".join(office[who[i, : items[i]]]))
        made[1].append(";".join(days[i, : items[i]]))
        made[2].append(";".join(own))
        made[3].append(";".join(f'"{office[who[i, k]]},{days[i, k]},{own[k]}"' for k in range(items[i])))
    return made


# --- what is measured ---------------------------------------------------------------------------


class Measured(NamedTuple):
    """One command from its start to its end: seconds, and the most memory that it held, in MiB."""

    seconds: float
    peak: float


def measures(folder: Path) -> dict[str, Measured]:
    """Every step of the dataset path, each as a command of its own; the best of two runs."""
    folder.mkdir(parents=True)
    first, second = folder / "ged251.csv", folder / "ged261.csv"
    for path, changed in ((first, "0"), (second, "0.01")):
        # In processes of their own: what this one held would count as theirs.
        _run([sys.executable, "-m", "tools.bench_feeds", "invent", str(path), changed])
    runs = [_once(folder, first, second, n) for n in range(2)]
    return {name: min(run[name] for run in runs) for name in runs[0]}


def _once(folder: Path, first: Path, second: Path, n: int) -> dict[str, Measured]:
    case, out = folder / f"case-{n}", folder / f"by-{n}"
    out.mkdir()
    this = [sys.executable, "-m", "tools.bench_feeds"]
    zenobia = [sys.executable, "-m", "zenobia.cli"]
    _run([*zenobia, "new", str(case)])
    return {
        "duckdb": _run([*this, "duckdb", str(first), str(out / "duckdb.parquet")]),
        "pandas": _run([*this, "pandas", str(first), str(out / "pandas.parquet")]),
        "add": _run([*zenobia, "add", str(first), "--case", str(case)]),
        "again": _run([*zenobia, "add", str(first), "--case", str(case)]),
        "next": _run([*zenobia, "add", str(second), "--case", str(case)]),
    }


def million() -> float:
    """`as_of_a_million` in a process of its own."""
    where = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    told = subprocess.run(
        [sys.executable, "-m", "tools.bench_feeds", "million"],
        cwd=ROOT,
        env=where,
        capture_output=True,
        check=True,
        text=True,
    )
    return float(told.stdout)


def _run(command: Sequence[str]) -> Measured:
    begun = time.perf_counter()
    where = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "NO_COLOR": "1"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=where, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Measured(seconds, used.ru_maxrss / (1024 if sys.platform != "darwin" else 2**20))


def as_of_a_million() -> float:
    """Seconds for the view of a day of a record of a million reports, one in ten of which replaces another."""
    n, chance = 1_000_000, np.random.default_rng(1)
    number = pa.array(np.arange(n)).cast(pa.string())
    ids = pc.binary_join_element_wise("r", pc.utf8_lpad(number, 7, "0"), "")
    before = ids.take(pa.array(np.maximum(np.arange(n) - 1, 0)))
    stated: dict[str, Any] = {
        "id": ids,
        "source": pc.binary_join_element_wise("source", pa.array(np.arange(n) % 40).cast(pa.string()), "-"),
        "published": pa.array(chance.integers(14_000, 20_000, n).astype(np.int32)).cast(pa.date32()),
        "type": pa.repeat(pa.scalar("battle"), n),
        "replaces": pc.if_else(pa.array(chance.random(n) < 0.1), before, pa.scalar(None, pa.string())),
        "place": pc.binary_join_element_wise("place", pa.array(np.arange(n) % 3000).cast(pa.string()), "-"),
        "lat": pa.array(chance.random(n)),
        "lon": pa.array(chance.random(n)),
        "deaths_best": pa.array(chance.poisson(4, n).astype(float)),
        "note": pa.repeat(pa.scalar("some words that stand in a note"), n),
    }
    schema = schema_of(Report)
    table = pa.table([stated.get(f.name, pa.nulls(n, f.type)) for f in schema], schema=schema)
    table = table.append_column("recorded", pa.nulls(n, pa.timestamp("us", tz="UTC")))
    table = table.append_column("withdraws", pa.repeat(pa.scalar(False), n))
    record = Record(Content(setting=Setting(id="made", title="made"), tables={"reports": table}), {"record": "made"})
    taken = []
    for year in (2012, 2014, 2016, 2018):
        begun = time.perf_counter()
        record.view(dt.date(year, 1, 1))
        taken.append(time.perf_counter() - begun)
    return min(taken)


# --- what others would do ---------------------------------------------------------------------------


def by_duckdb(path: Path, out: Path) -> None:
    """DuckDB alone: read, and write Parquet; nothing is checked."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def by_pandas(path: Path, out: Path) -> None:
    """The same work as `zenobia add`, as a person would write it in pandas, vectorised throughout."""
    import pandas as pd

    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    (out.parent / f"{sha}.csv").write_bytes(path.read_bytes())
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    raw["row"] = np.arange(2, len(raw) + 2)
    numbers = ["type_of_violence", "where_prec", "date_prec", "latitude", "longitude", "low", "best", "high",
               "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]  # fmt: skip
    typed = raw[["row", "id"]].copy()
    for name in numbers:
        typed[name] = pd.to_numeric(raw[name], errors="coerce")
    typed["begins"] = pd.to_datetime(raw["date_start"], errors="coerce")
    typed["ends"] = pd.to_datetime(raw["date_end"], errors="coerce")
    wrong = (
        (raw["id"] == "") | ~typed["type_of_violence"].isin([1, 2, 3]) | typed["begins"].isna() | typed["ends"].isna()
        | (typed["ends"] < typed["begins"]) | ~typed["latitude"].between(-90, 90)
        | ~typed["longitude"].between(-180, 180)
    )  # fmt: skip
    for name in numbers[5:]:
        wrong |= (raw[name] != "") & ~typed[name].between(0, 1e9)
    wrong |= raw["id"].duplicated()
    rejected, raw, typed = raw[wrong], raw[~wrong], typed[~wrong]
    cited = _pandas_cited(raw)
    doubts = _pandas_doubts(raw, typed, cited)
    reports = _pandas_reports(raw, typed)
    items = cited.groupby(["office", "day", "headline"], as_index=False).agg(
        event=("event", "min"), n=("event", "size")
    )
    items["id"] = [
        "ged-item-" + hashlib.md5(f"{o}|{d}|{h}".encode()).hexdigest()[:16]
        for o, d, h in zip(items["office"], items["day"], items["headline"], strict=True)
    ]
    everything = pd.concat(
        [reports, items.rename(columns={"office": "source", "day": "published", "headline": "quote"})]
    )
    everything.sort_values("id").to_parquet(out, compression="zstd")
    pd.concat(doubts).to_parquet(out.with_suffix(".doubts"))
    rejected.to_parquet(out.with_suffix(".rejected"))


def _pandas_cited(raw: Any) -> Any:
    import pandas as pd

    parts = pd.DataFrame(
        {
            "row": raw["row"],
            "event": raw["id"],
            "office": raw["source_office"].str.split(";"),
            "day": raw["source_date"].str.split(";"),
            "headline": raw["source_headline"].str.split(";"),
        }
    )
    fits = (parts["office"].str.len() == parts["day"].str.len()) & (
        parts["office"].str.len() == parts["headline"].str.len()
    )
    flat = parts[fits].explode(["office", "day", "headline"])
    flat["day"] = pd.to_datetime(flat["day"], errors="coerce")
    return flat[flat["day"].notna()]


def _pandas_doubts(raw: Any, typed: Any, cited: Any) -> list[Any]:
    import pandas as pd

    earliest = typed["row"].map(cited.groupby("row")["day"].min())
    text = typed["begins"].dt.strftime("%Y-%d-%m")
    swapped = pd.to_datetime(text, errors="coerce", format="%Y-%m-%d")
    late = (earliest < typed["begins"]) | (earliest > typed["begins"] + pd.Timedelta(days=27))
    middle = typed.groupby(raw["country"])[["latitude", "longitude"]].transform("median")
    off = (typed["latitude"] - middle["latitude"]).abs() + (typed["longitude"] - middle["longitude"]).abs()
    sides = sorted({*raw["side_a"], *raw["side_b"]} - {"Civilians"}, key=len, reverse=True)
    named = raw["source_headline"].str.extract(rf"\b({'|'.join(sides)})\b")[0]
    stranger = named.notna() & (named != raw["side_a"]) & (named != raw["side_b"])
    traps = {
        "figures": (typed["low"] > typed["best"]) | (typed["best"] > typed["high"]),
        "centroid": raw["where_coordinates"].str.lower().isin(["", "country"]) & typed["where_prec"].isin([1, 2, 5]),
        "province": (raw["where_coordinates"].str.lower() == raw["adm_1"].str.lower()),
        "swapped": (typed["date_prec"] == 1)
        & late
        & (earliest >= swapped)
        & (earliest <= swapped + pd.Timedelta(days=7)),
        "early": earliest < typed["begins"],
        "late": earliest > typed["ends"] + pd.Timedelta(days=365),
        "far": off > 20,
        "stranger": stranger,
    }
    return [typed.loc[mask, ["row"]].assign(trap=trap) for trap, mask in traps.items()]


def _pandas_reports(raw: Any, typed: Any) -> Any:
    import pandas as pd

    precision = typed["where_prec"].map({1: "exact", 2: "near", 3: "admin2", 4: "admin1", 5: "near", 6: "country"})
    actors = {name: f"ucdp-{number}" for name, number in set(zip(raw["side_a"], raw["side_a_new_id"], strict=True))}
    others = {name: f"ucdp-{number}" for name, number in set(zip(raw["side_b"], raw["side_b_new_id"], strict=True))}
    a, b = raw["side_a"].map(actors), raw["side_b"].map(others)
    alone = typed["type_of_violence"] == 3
    fine = precision.isin(["exact", "near"])
    figures = typed[["low", "best", "high"]]
    note = raw["dyad_name"] + "; dead of " + raw["side_a"] + " " + raw["deaths_a"] + "; dead of " + raw["side_b"]
    return pd.DataFrame(
        {
            "id": "ged-" + raw["id"],
            "source": "ucdp-ged",
            "published": pd.Timestamp("2025-12-31"),
            "locator": "event id " + raw["id"],
            "type": np.where(alone, "attack-on-civilians", "battle"),
            "date": typed["begins"],
            "date_to": typed["ends"] + pd.Timedelta(days=1),
            "date_precision": typed["date_prec"].map({1: "day", 2: "range", 3: "week", 4: "month", 5: "year"}),
            "place": raw["where_coordinates"].where(fine),
            "area": raw["adm_1"].where(~fine),
            "lat": typed["latitude"],
            "lon": typed["longitude"],
            "where_precision": precision,
            "actor": a.where(alone, a + "|" + b),
            "target": b.where(alone, a + "|" + b),
            "deaths_low": figures.min(axis=1),
            "deaths_best": typed["best"],
            "deaths_high": figures.max(axis=1),
            "deaths_civilians": typed["deaths_civilians"],
            "deaths_unknown": typed["deaths_unknown"],
            "note": note + " " + raw["deaths_b"] + "; place as written: " + raw["where_coordinates"],
        }
    )


if __name__ == "__main__":
    if sys.argv[1] == "invent":
        invent_ged(Path(sys.argv[2]), changed=float(sys.argv[3]))
    elif sys.argv[1] == "million":
        print(as_of_a_million())
    else:
        {"duckdb": by_duckdb, "pandas": by_pandas}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
