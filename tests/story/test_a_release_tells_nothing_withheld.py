"""A site is published of a valley full of secrets, and none of them stands in any byte of it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from zenobia import pipeline
from zenobia.cli import main
from zenobia.publish.leaks import Secrets
from zenobia.terms import InputError

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
            lon="10.56789"),
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
             quote="the blue door by the old mill", sensitivity="secret"),
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
    *(one["id"] for one in SECRETS["reports"]), "blue door", "three floors", "attack-at-exact-spot", "green shutters",
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
    """What a page links to, what it loads, the names on it, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.names |= {held["id"]} if "id" in held else set()
        self.scripts += tag == "script"
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


def test_nothing_is_loaded_from_anywhere_and_the_slider_is_the_only_script(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = read(path.read_text(encoding="utf-8"))
        assert [load for load in page.loads if "//" in load] == []
        assert page.scripts == (path.name == "map.html")


def test_the_script_is_the_one_that_the_page_lets_run(site: Path) -> None:
    page = (site / "map.html").read_text(encoding="utf-8")
    (script,) = re.findall("<script>(.*?)</script>", page, re.S)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in page


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


def test_feeds_hold_each_change_of_hands_under_an_id_that_lasts(site: Path) -> None:
    feed = (site / "feeds" / "place-cedar.xml").read_text(encoding="utf-8")
    ids = re.findall("<id>(.*?)</id>", feed)
    assert len(ids) == len(set(ids)) >= 3
    assert feed.index("Cedar: The Crown") < feed.index("Cedar: The League")  # newest first


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
        assert page.scripts == (path.name == "map.html")
        assert "<img" not in text
        assert "\u202e" not in text
        assert [link for link in page.links if link.lower().startswith("javascript")] == []
    for path in (*site.rglob("*.svg"), *site.rglob("*.xml")):
        assert "<script" not in path.read_text(encoding="utf-8")
    assert not re.search('(?m)(^|,)"?[=@]', (site / "tables" / "actors.csv").read_text(encoding="utf-8"))


def test_a_folder_that_holds_something_else_is_left_alone(secret: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        pipeline.open_case(secret[0]).publish(tmp_path, on=ON)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


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
    ],
)
def test_a_released_case_refuses_what_only_the_whole_one_knows(ask: object, secret: tuple[Path, Path]) -> None:
    told = pipeline.open_case(secret[0]).released(on=pipeline.parse_day(ON))
    with pytest.raises(InputError):
        ask(told)  # type: ignore[operator]
