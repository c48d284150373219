"""A site is published of a valley full of secrets, and none of them stands in any byte of it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner

from zenobia import pipeline
from zenobia.cli import main
from zenobia.numbers import Numbers
from zenobia.publish import EXPORTS, write_brief
from zenobia.publish.leaks import Secrets
from zenobia.released import ReleasedCase
from zenobia.terms import InputError, day_number

ON = "2032-01-01"


def row(**cells: str) -> dict[str, str]:
    """A row of a table, cell by cell."""
    return cells


POLICY = """
[publish]
policy = "public"
salt = "a word that nobody knows"
[publish.embargo]
"r:embargoed-1" = 2040-01-01
"""
SHA = "5ec2e7" * 10 + "beef"
SECRETS = {
    "places": [
        row(id="marrow-clinic", name="Marrow Clinic", name_ar="عيادة النخاع", kind="clinic", lat="45.12345",
            lon="10.56789", geonameid="7654321"),
        row(id="burrow-house", name="Burrow House", kind="house", lat="45.98761", lon="10.12347",
            sensitivity="secret"),
    ],
    "actors": [row(id="jane-roe", name="Jane Roe", aliases="Auntie Magpie", kind="private person")],
    "sources": [row(id="nightjar", name="Nightjar Network", kind="ngo", sensitivity="restricted")],
    "documents": [
        row(id=SHA, source="monitor", url="https://hidden.example/interview-77", title="Talk in a cellar",
            sensitivity="restricted"),
    ],
    "reports": [
        row(id="hush-1", source="monitor", place="birchen", holder="guard", status="takes", type="capture",
             quote="the blue door by the old mill", locator="tape from under the stairs", sensitivity="secret"),
        row(id="hush-2", source="monitor", place="marrow-clinic", type="explosion", note="three floors, no cellar"),
        row(id="hush-3", source="monitor", place="burrow-house", type="control", holder="crown", status="holds"),
        row(id="hush-4", source="nightjar", place="cedar", type="control", holder="guard", status="holds"),
        row(id="hush-5", source="monitor", document=SHA, place="cedar", type="control", holder="guard", status="holds"),
        row(id="hush-6", source="monitor", target="jane-roe", place="elm", type="attack-on-civilians", actor="crown"),
        row(id="embargoed-1", source="monitor", place="fir", type="control", holder="guard", status="holds"),
    ],
}  # fmt: skip
# Told, and less exactly than they stand.
BLURRED = {
    "sources": [row(id="old-tom-the-ferryman", name="Tom Ferryman", kind="witness", url="https://tom.example/")],
    "reports": [
        row(id="attack-at-exact-spot", source="monitor", type="attack-on-civilians", lat="46.31234", lon="11.98765",
             quote="behind the bakery with green shutters", deaths_best="12"),
        row(id="tom-told-it", source="old-tom-the-ferryman", place="cedar", type="battle", quote="from my ferry I saw"),
        row(id="two-hurt", source="monitor", place="elm", type="shelling", injured="2", note="a father and his son"),
    ],
}  # fmt: skip
# One that is due, and one that is not: control is told up to 1 December 2031.
FORECASTS = """
- id: V90
  says: The Crown would take Cedar within two months.
  on: 2031-04-02
  ask: {measure: forecast, place: cedar, from: league, to: crown, issued: 2031-04-01, days: 60}
  expect: "> 0.5"
- id: V91
  says: The Crown would take Birchen within two years.
  on: 2031-04-02
  ask: {measure: forecast, place: birchen, from: league, to: crown, issued: 2031-04-01, days: 700}
  expect: "> 0.5"
"""
POLICY_OF = re.compile('Content-Security-Policy" content="([^"]*)"')
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7*7 }}\u202eevil"


def put_in(case: Path, rows: dict[str, list[dict[str, str]]]) -> None:
    """Rows at the end of the case's tables, with the columns that they need."""
    for table, added in rows.items():
        path = case / ("documents/documents.csv" if table == "documents" else f"{table}.csv")
        usual = row(published="2031-06-01", date="2031-06-01") if table == "reports" else {}
        held = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        told = [*held, *({**usual, **one} for one in added)]
        columns = list(dict.fromkeys(name for one in told for name in one))
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows(told)


def published(project: Path, folder: Path, *rows: dict[str, list[dict[str, str]]]) -> tuple[Path, Path]:
    """A valley with a policy and these rows, and its site."""
    case = Path(shutil.copytree(project / "tests" / "valley", folder / "valley"))
    with (case / "case.toml").open("a", encoding="utf-8") as toml:
        toml.write(POLICY)
    with (case / "claims.yaml").open("a", encoding="utf-8") as claims:
        claims.write(FORECASTS)
    for one in rows:
        put_in(case, one)
    pipeline.open_case(case).publish(folder / "site", on=ON)
    return case, folder / "site"


@pytest.fixture(scope="module")
def secret(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return published(project, tmp_path_factory.mktemp("secret"), SECRETS, BLURRED)


@pytest.fixture(scope="module")
def site(secret: tuple[Path, Path]) -> Path:
    return secret[1]


def files(site: Path) -> dict[str, bytes]:
    return {str(p.relative_to(site)): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


WORDS = [
    "marrow-clinic", "Marrow Clinic", "عيادة النخاع", "burrow-house", "Burrow House", "jane-roe", "Jane Roe",
    "Auntie Magpie", "nightjar", "Nightjar Network", SHA, SHA[:12], "hidden.example", "interview-77",
    "Talk in a cellar",
    *(one["id"] for one in SECRETS["reports"]), "blue door", "under the stairs", "7654321",
    "three floors", "attack-at-exact-spot", "green shutters",
    "Tom Ferryman", "old-tom", "tom.example", "tom-told-it", "from my ferry", "a father and his son",
    "45.123", "10.567", "45.987", "46.3123", "11.9876", "a word that nobody knows",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_no_byte_tells(word: str, site: Path) -> None:
    looked_for = Secrets(texts={word: word})
    telling = [
        n for n, held in files(site).items() if word.encode() in held or word in n or looked_for.names(held.decode())
    ]
    assert telling == []


@pytest.mark.parametrize(("what", "form"), [(what, form) for what, forms in EXPORTS.items() for form in forms])
def test_no_export_of_the_release_tells(what: str, form: str, secret: tuple[Path, Path], tmp_path: Path) -> None:
    told = pipeline.open_case(secret[0]).released(on=ON)
    out = tmp_path / ("crate" if form == "ro-crate" else f"out.{form}")
    told.export(what, form, out)
    everything = "\n".join(f"{name}\n{text}" for name, text in unpacked(out))
    assert [word for word in WORDS if Secrets(texts={word: word}).names(everything)] == []
    assert "recorded" not in everything


def unpacked(path: Path) -> Iterator[tuple[str, str]]:
    """Every text in a file or folder, also in those that are packed."""
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.suffix == ".xlsx":
            with zipfile.ZipFile(one) as packed:
                yield from ((name, packed.read(name).decode()) for name in packed.namelist())
        elif one.suffix == ".geoparquet":
            table = pq.read_table(one)
            yield one.name, f"{table.schema.metadata} {table.drop_columns('geometry').to_pylist()}"
            points = [shapely.from_wkb(wkb) for wkb in table["geometry"].drop_null().to_pylist()]
            yield one.name, " ".join(f"{point.y},{point.x}" for point in points)
        elif one.is_file():
            yield one.name, one.read_text(encoding="utf-8")


def test_no_byte_holds_the_hash_of_the_whole_record_its_history_or_a_moment_of_it(secret: tuple[Path, Path]) -> None:
    case, site = secret
    ledger = (case / "ledger.jsonl").read_text(encoding="utf-8")
    hashes = set(re.findall("[0-9a-f]{64}", ledger)) | {pipeline.open_case(case).record.hash.partition(":")[2]}
    moments = set(re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", ledger))
    assert len(hashes) > 10
    assert moments
    everything = b"\n".join(files(site).values()).decode()
    assert [word for word in hashes | moments if word in everything] == []


def test_withheld_rows_change_no_byte_of_a_release(project: Path, tmp_path: Path, site: Path) -> None:
    # Whoever compares the two releases learns nothing, not even that there is something to learn.
    _, without = published(project, tmp_path, BLURRED)
    assert files(without) == files(site)


def test_what_is_blurred_is_told_without_its_point_its_people_and_its_small_figures(site: Path) -> None:
    told = json.loads((site / "tables" / "reports.json").read_text(encoding="utf-8"))
    (attack,) = [row for row in told if row["type"] == "attack-on-civilians"]
    assert (attack["lat"], attack["lon"], attack["deaths_best"]) == (46.301, 12.012, 12.0)
    assert [row["source"] for row in told if row["id"].startswith("x-") and row["type"] == "battle"] == ["contributor"]
    assert [row["injured"] for row in told if row["id"] == "two-hurt"] == [None]


def test_a_secret_that_stands_in_a_title_stops_the_release_and_nothing_is_written(
    project: Path, tmp_path: Path
) -> None:
    case = Path(shutil.copytree(project / "tests" / "valley", tmp_path / "valley"))
    toml = (case / "case.toml").read_text(encoding="utf-8")
    toml = toml.replace("The valley, an invented war", "The valley and Jane Roe") + POLICY
    (case / "case.toml").write_text(toml, encoding="utf-8")
    put_in(case, SECRETS)
    with pytest.raises(InputError, match="leaks: the release was not written"):
        pipeline.open_case(case).publish(tmp_path / "site", on=ON)
    assert not (tmp_path / "site").exists()


def test_the_verb_says_what_was_withheld_and_why(secret: tuple[Path, Path], tmp_path: Path) -> None:
    case, _ = secret
    told = CliRunner().invoke(main, ["publish", str(tmp_path / "again"), "--case", str(case), "--on", ON])
    assert told.exit_code == 0, told.output
    assert "withheld  1 of places: of a protected kind: clinic (marrow-clinic)" in told.output
    assert "withheld  1 of reports: under embargo until 2040-01-01 (embargoed-1)" in told.output
    assert "placed on a grid of 8 km (attack-at-exact-spot)" in told.output


def test_a_private_case_publishes_nothing_and_says_so(valley: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["publish", str(tmp_path / "site"), "--case", str(valley)])
    assert told.exit_code == 2
    assert "its policy is private" in told.output
    assert not (tmp_path / "site").exists()


# --- the site itself ---------------------------------------------------------------------------


class Links(HTMLParser):
    """What a page links to, what it loads, and the names on it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.names |= {held["id"]} if "id" in held else set()
        assert not [name for name in held if name.startswith("on")], held
        if "src" in held or tag == "link":
            self.loads.append(held.get("src") or held["href"])
        elif "href" in held:
            self.links.append(held["href"])


def read(text: str) -> Links:
    page = Links()
    page.feed(text)
    return page


def test_every_link_of_every_page_leads_somewhere(site: Path) -> None:
    pages = {path: read(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    broken = []
    for path, page in pages.items():
        for link in (*page.links, *page.loads):
            if link.startswith(("http://", "https://")):
                continue
            name, _, fragment = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.is_file() or (fragment and target in pages and fragment not in pages[target].names):
                broken.append((path.name, link))
    assert broken == []


PROGRAMS = {"keys.js", "slider.js", "timemap.js", "maplibre-gl.js"}


def test_nothing_is_loaded_from_anywhere_and_every_script_is_a_file_of_the_program(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = read(path.read_text(encoding="utf-8"))
        assert [load for load in page.loads if "//" in load] == []
        if "briefs" not in path.parts:
            assert {load.rpartition("/")[2] for load in page.loads if load.endswith(".js")} <= PROGRAMS


def test_no_page_of_the_site_lets_a_script_run_that_stands_in_it(site: Path) -> None:
    policies = [POLICY_OF.search(p.read_text(encoding="utf-8"))[1] for p in site.glob("*.html")]  # type: ignore[index]
    assert {"script-src 'self'" in policy for policy in policies} == {True, False}
    assert not [policy for policy in policies if re.search("script-src[^;]*unsafe", policy)]


def test_every_page_is_there_in_arabic_from_right_to_left(site: Path) -> None:
    pages = {str(p.relative_to(site)) for p in site.rglob("*.html")}
    english = {name for name in pages if not name.startswith(("ar/", "briefs/"))}
    assert {name.removeprefix("ar/") for name in pages if name.startswith("ar/")} == english
    assert '<html lang="ar" dir="rtl">' in (site / "ar" / "places.html").read_text(encoding="utf-8")


def test_every_image_says_what_it_is_and_rests_on(site: Path) -> None:
    record = json.loads((site / "release.json").read_text(encoding="utf-8"))["record"]
    images = sorted((site / "maps").glob("*.svg"))
    assert (
        len(images) == 7
    )  # the firsts of the months from January, of which the 6th is after the 1st: 6, and the last day
    for image in images:
        drawn = image.read_text(encoding="utf-8")
        assert all(words in drawn for words in (record, f"As of {image.stem}", "known: 2031-07-10", "Sources: "))
        assert "The Crown</text>" in drawn  # the legend


def test_a_forecast_that_is_due_stands_there_with_what_came_of_it_and_its_scores(site: Path) -> None:
    page = (site / "forecasts.html").read_text(encoding="utf-8")
    assert page.count("<section") == 1
    assert '<time datetime="2031-04-01">' in page
    assert '<time datetime="2031-05-31">' in page
    assert "passed, 3 May 2031" in page  # Cedar
    assert all(model in page for model in ("this forecast", "one rate for all places", "no change"))
    rows = json.loads((site / "tables" / "forecasts.json").read_text(encoding="utf-8"))
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    (cedar,) = [row for row in rows if row["place"] == "cedar"]
    assert (cedar["from"], cedar["to"], cedar["came_on"]) == ("league", "crown", "2031-05-03")
    assert 0 < cedar["chance_low"] < cedar["chance"] < cedar["chance_high"] < 1


def test_no_score_is_published_without_its_limits_or_that_there_are_none(site: Path) -> None:
    # Six towns lie in fewer than ten areas.
    rows = json.loads((site / "tables" / "forecast-scores.json").read_text(encoding="utf-8"))
    assert [row["model"] for row in rows] == ["this forecast", "one rate for all places", "no change"]
    assert {row["areas"] < 10 and row["months"] == 1 for row in rows} == {True}
    assert {(row[f"{name}_low"], row[f"{name}_high"]) for row in rows for name in ("brier", "log")} == {(None, None)}
    assert [row["skill"] is None for row in rows] == [True, False, False]
    page = (site / "forecasts.html").read_text(encoding="utf-8")
    assert page.count("(limits not known)") == 3 * 4 - 2  # three ways, four figures; of its own no skill
    assert "limits of a score need 10" in page


def test_a_forecast_that_is_not_due_is_told_nowhere(site: Path) -> None:
    assert [name for name, content in files(site).items() if b"within two years" in content or "V91" in name] == []


def test_feeds_hold_each_change_of_hands_under_an_id_that_lasts(site: Path) -> None:
    feed = (site / "feeds" / "place-cedar.xml").read_text(encoding="utf-8")
    ids = re.findall("<id>(.*?)</id>", feed)
    assert len(ids) == len(set(ids)) >= 3
    assert feed.index("Cedar: The Crown") < feed.index("Cedar: The League")  # newest first


def test_feeds_keep_to_the_rules_of_atom(site: Path) -> None:
    # RFC 4287: a feed and each entry have exactly one id (an address), title and updated; one author; known names only.
    atom, moment = "{http://www.w3.org/2005/Atom}", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    may = {"id", "title", "updated", "author", "link", "entry", "summary"}
    paths = sorted((site / "feeds").glob("*.xml"))
    assert len(paths) > 5
    for path in paths:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert root.tag == f"{atom}feed"
        assert len(root.findall(f"{atom}author/{atom}name")) == 1
        for part in (root, *root.findall(f"{atom}entry")):
            assert {child.tag.removeprefix(atom) for child in part} <= may
            for name in ("id", "title", "updated"):
                assert len(part.findall(f"{atom}{name}")) == 1
            assert (part.findtext(f"{atom}id") or "").startswith("urn:uuid:")
            assert moment.fullmatch(part.findtext(f"{atom}updated") or "")
            assert (path.parent / str(part.find(f"{atom}link").get("href"))).resolve().is_file()  # type: ignore[union-attr]


def test_each_claim_and_place_is_a_file_for_programs_too(site: Path) -> None:
    listed = json.loads((site / "index.json").read_text(encoding="utf-8"))
    manifest = json.loads((site / "release.json").read_text(encoding="utf-8"))
    assert listed["record"] == manifest["record"]
    claim = json.loads((site / listed["claims"]["V01"]).read_text(encoding="utf-8"))
    assert (claim["claim"]["id"], claim["record"], claim["known"]) == ("V01", listed["record"], "2031-07-10")
    cedar = json.loads((site / listed["places"]["cedar"]).read_text(encoding="utf-8"))
    assert cedar["spells"][-1]["holder"] == "crown"
    assert cedar["spells"][-1]["evidence"]


def test_the_manifest_lists_every_file_with_its_hash(site: Path) -> None:
    listed = json.loads((site / "release.json").read_text(encoding="utf-8"))["files"]
    held = {name: hashlib.sha256(content).hexdigest() for name, content in files(site).items()}
    assert listed == {name: digest for name, digest in held.items() if name != "release.json"}


def test_hostile_names_and_words_run_nothing(project: Path, tmp_path: Path) -> None:
    hostile = {
        "places": [row(id="evil", name=f"E {EVIL}", name_ar=EVIL, kind=EVIL, lat="46.5", lon="11.5")],
        "actors": [row(id="mob", name=f"=cmd|'/C calc'!A0 {EVIL}")],
        "sources": [row(id="troll", name=f"]]> {EVIL}", url="javascript:alert(3)")],
        "reports": [
            row(id=f"t-{EVIL}", source="troll", place="evil", type="control", holder="crown", status="holds",
                quote=EVIL),
            row(id="t2", source="troll", place="evil", type="battle", actor="mob", locator=EVIL),
        ],
    }  # fmt: skip
    _, site = published(project, tmp_path, hostile)
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        page = read(text)  # refuses any attribute that would run
        assert "<script>alert" not in text
        assert not re.search("<img(?! src=)|<img src=x", text)
        assert "\u202e" not in text
        assert [link for link in page.links if link.lower().startswith("javascript")] == []
    for path in (*site.rglob("*.svg"), *site.rglob("*.xml")):
        assert "<script" not in path.read_text(encoding="utf-8")
    assert not re.search('(?m)(^|,)"?[=@]', (site / "tables" / "actors.csv").read_text(encoding="utf-8"))


SHARING = """
- id: V80
  says: One that is withheld.
  on: 2031-04-02
  ask: {one}
  expect: "> 0.5"
- id: V81
  says: One that is told.
  on: 2031-04-02
  ask: {other}
  expect: "> 0.5"
"""
ASK = "{measure: held, place: cedar, holder: crown, on: 2031-05-10}"


@pytest.mark.parametrize(("one", "other"), [(f"&q {ASK}", "*q"), (f"&q {ASK}", f"&r {ASK}"), (ASK, f"&q {ASK}")])
@pytest.mark.parametrize("withheld", ["c:V80", "c:V81"])
def test_claims_that_share_a_value_are_not_cut_apart(
    one: str, other: str, withheld: str, project: Path, tmp_path: Path
) -> None:
    # With an alias the claim that is told would lose its question, or tell that of the other.
    case = Path(shutil.copytree(project / "tests" / "valley", tmp_path / "valley"))
    with (case / "case.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[publish]\npolicy = "public"\nwithhold = ["{withheld}"]\n')
    with (case / "claims.yaml").open("a", encoding="utf-8") as claims:
        claims.write(SHARING.replace("{one}", one).replace("{other}", other))
    with pytest.raises(InputError, match="an anchor or alias") as refused:
        pipeline.open_case(case).publish(tmp_path / "site", on=ON)
    assert "claims.yaml" in str(refused.value)
    assert not (tmp_path / "site").exists()


def test_claims_that_are_no_yaml_are_refused_in_words(project: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(project / "tests" / "valley", tmp_path / "valley"))
    with (case / "case.toml").open("a", encoding="utf-8") as toml:
        toml.write(POLICY)
    with (case / "claims.yaml").open("a", encoding="utf-8") as claims:
        claims.write("- id: [\n")
    with pytest.raises(InputError, match="not YAML"):
        pipeline.open_case(case).publish(tmp_path / "site", on=ON)


def test_a_folder_that_holds_something_else_is_left_alone(secret: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        pipeline.open_case(secret[0]).publish(tmp_path, on=ON)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def briefed(told: ReleasedCase, live: str) -> str:
    """The page of a briefing with one live part."""
    return write_brief(f"# A page\n\n{{{{ {live} }}}}\n", Numbers(told, told.known()), file="x.md")


# --- the released case -------------------------------------------------------------------------


def test_a_released_case_answers_from_the_released_record_alone(secret: tuple[Path, Path]) -> None:
    told = pipeline.open_case(secret[0]).released(on=pipeline.parse_day(ON))
    assert "hush-1" not in told.known().column("id")
    assert "marrow-clinic" not in told.known().places
    assert told.names.get("jane-roe") is None
    assert told.control("birchen", on="2031-06-10").leader != "guard"


@pytest.mark.parametrize(
    "ask",
    [
        lambda told: told.search(["cellar"]),
        lambda told: told.history("hush-1"),
        lambda told: told.diff_record("start", "last"),
        lambda told: told.verify(),
        lambda told: told.ledger_head(),
        lambda told: told.build(),
        lambda told: told.why("r:hush-1"),
        lambda told: told.why("d:" + SHA),
        lambda told: told.control("alder", on="2031-12-31"),
        lambda told: told.control_all("2031-12-31"),
        lambda told: told.control_map(on="2031-12-31"),
        lambda told: told.control_between("2031-05-01", "2031-12-31"),
        lambda told: told.why("k:alder@2031-12-31"),
        lambda told: told.why("m:held?place=alder&holder=crown&on=2031-12-31"),
        lambda told: told.measure("held", ["place=alder", "holder=crown", "on=2031-12-31"]),
        lambda told: told.measure("held", ["place=alder", "holder=crown", "on=2031-12-03"]),
        lambda told: told.measure("held", ["place=alder", "holder=crown", "on=2031-12"]),
        lambda told: told.measure("held", ["place=alder", "holder=crown", "on=2032"]),
        lambda told: told.measure("duration", ["place=alder", "holder=crown", "from=2031-05-01", "to=2032"]),
        lambda told: told.estimate().at("alder", told.estimate().after + 400),
        lambda told: told.estimate().chances(["alder"], np.array([day_number(told.until)])),
        lambda told: told.estimate().change("alder", "crown", "league", 22000, day_number(told.until) + 1),
        lambda told: told.estimate().daily(None, day_number(told.until) + 1),
        lambda told: briefed(told, 'strip("alder", from="2031-12-05", to="2032-03-01")'),
        lambda told: briefed(told, 'held("crown", "alder", start="2031-01-01", end="2032-03-01").days'),
        lambda told: told.measure("duration", ["place=alder", "holder=crown", "from=2031-05-01", "to=2032-01-01"]),
        lambda told: told.measure(
            "forecast", ["place=alder", "from=crown", "to=league", "issued=2031-06-01", "days=300"]
        ),
    ],
)
def test_a_released_case_refuses_what_only_the_whole_one_knows(ask: object, secret: tuple[Path, Path]) -> None:
    told = pipeline.open_case(secret[0]).released(on=pipeline.parse_day(ON))
    with pytest.raises(InputError):
        ask(told)  # type: ignore[operator]


@pytest.mark.parametrize(
    "live",
    [
        'map(on="2031-06-01", from="2031-05-01", to="2032-03-01")',
        'strip("alder", from="2031-05-01", to="2032-03-01")',
        'changes(from="2031-05-01", to="2032-03-01")',
        'strikes(from="2031-05-01", to="2032-03-01")',
    ],
)
def test_a_released_briefing_ends_where_control_is_held_back(live: str, secret: tuple[Path, Path]) -> None:
    # Let out on 1 January 2032, thirty days late: the last day that is told is 2 December 2031.
    told = pipeline.open_case(secret[0]).released(on=pipeline.parse_day(ON))
    assert told.until.isoformat() == "2031-12-03"
    page = briefed(told, live).replace(live, "").replace(live.replace('"', "&#34;"), "")
    assert [day for day in re.findall(r"203\d-\d\d-\d\d", page) if day >= "2031-12-03"] == []
    assert "2032" not in page


def test_the_picture_of_a_released_place_ends_where_control_is_held_back(secret: tuple[Path, Path]) -> None:
    told = pipeline.open_case(secret[0]).released(on=pipeline.parse_day(ON))
    assert "2032" not in told.control("alder", on="2031-12-01").plot(days=200).svg
