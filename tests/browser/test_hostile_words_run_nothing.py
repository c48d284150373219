"""Names, quotes, notes and addresses that are attacks: shown as text on every page, and nothing of them runs."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import listened
from zenobia import pipeline

RAN = "window.ran=1"
CORPUS = (
    f"<script>{RAN}</script>",
    f"</script><script>{RAN}</script>",
    f"<img src=x onerror={RAN}>",
    f'"><svg onload={RAN}>',
    f"' onmouseover='{RAN}",
    f"<svg><script>{RAN}</script></svg>",
    f"<svg><a xlink:href='javascript:{RAN}'><text>x</text></a></svg>",
    f"<details open ontoggle={RAN}>",
    f"<iframe srcdoc='<script>parent.{RAN[7:]}</script>'></iframe>",
    f"<math><mi xlink:href='javascript:{RAN}'>x</mi></math>",
    f"</title></style><script>{RAN}</script>",
    f"]]><script>{RAN}</script>",
    f"[x](javascript:{RAN})",
    f"![x](javascript:{RAN})",
    f"<javascript:{RAN}>",
    f"&lt;script&gt;{RAN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RAN}\\u003c/script\\u003e",
    "{{ 7*7 }} {% include 'x' %} ${7*7}",
    "<style>*{background:url(https://evil.example/x)}</style>",
    "<link rel=stylesheet href=https://evil.example/x>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<!-- --!> <![CDATA[",
    "\u202egnp.exe \u2066x\u2069",
)
EVIL = " ".join(CORPUS)
FORMULAS = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("https://evil.example")')
POLICY = '\n[publish]\npolicy = "public"\nsalt = "a word that nobody knows"\n[publish.fields]\nnote = "public"\n'
ROWS = {
    "places": [{"id": "evil", "name": f"E {EVIL}", "name_ar": EVIL, "kind": EVIL, "lat": "46.5", "lon": "11.5"}],
    "actors": [{"id": f"mob{n}", "name": f"{formula} {EVIL}"} for n, formula in enumerate(FORMULAS)],
    "sources": [{"id": "troll", "name": f"T {EVIL}", "url": f"javascript:{RAN}", "kind": "outlet"}],
    "reports": [
        {"id": f"t-{EVIL}", "source": "troll", "place": "evil", "type": "control", "holder": "crown",
         "status": "holds", "quote": EVIL, "locator": EVIL, "note": EVIL},
        {"id": "t2", "source": "troll", "place": "cedar", "type": "control", "holder": "guard", "status": "holds",
         "quote": EVIL, "locator": f"javascript:{RAN}"},
        {"id": "t3", "source": "troll", "place": "evil", "type": "battle", "actor": "mob0", "locator": EVIL},
    ],
}  # fmt: skip
BRIEF = f"""---
title: {EVIL}
summary: {EVIL}
author: {EVIL}
---

# {EVIL.replace("{{", "{ {")}

{EVIL.replace("{{", "{ {")}

{{{{ map(on="2031-05-01", from="2031-01-01", to="2031-06-01") }}}}

{{{{ control(place="evil") }}}}

{{{{ changes() }}}}

{{{{ claims() }}}}
"""


@pytest.fixture(scope="module")
def hostile(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The valley with the corpus in it: its site, and a briefing."""
    folder = tmp_path_factory.mktemp("hostile")
    case = Path(shutil.copytree(project / "tests" / "valley", folder / "valley"))
    with (case / "case.toml").open("a", encoding="utf-8") as toml:
        toml.write(POLICY)
    for table, rows in ROWS.items():
        put_in(
            case / f"{table}.csv", rows, {"published": "2031-05-01", "date": "2031-05-01"} if table == "reports" else {}
        )
    brief = case / "briefs" / "evil.md"
    brief.parent.mkdir(exist_ok=True)
    brief.write_text(BRIEF, encoding="utf-8")
    opened = pipeline.open_case(case)
    opened.publish(folder / "site", on="2032-01-01")
    return folder / "site", opened.write_brief(Path("briefs/evil.md"))


def put_in(path: Path, rows: list[dict[str, str]], usual: dict[str, str]) -> None:
    held = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    told = [*held, *({**usual, **row} for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(name for row in told for name in row)), restval="")
        writer.writeheader()
        writer.writerows(told)


def provoked(page) -> None:
    """Open every fold, choose every place, pass over everything."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.evaluate(
        "document.querySelectorAll('main *, footer *').forEach(one => ['mouseover', 'focus', 'toggle'].forEach("
        "what => one.dispatchEvent(new Event(what))))"
    )
    for n in range(page.locator(".timemap:not([hidden]) option").count()):
        page.select_option(".timemap:not([hidden]) select", index=n)


def check(tab_page, heard) -> None:
    assert heard.troubles == []
    assert heard.outside == []
    assert tab_page.evaluate("window.ran") is None
    links = tab_page.evaluate(
        "Array.from(document.querySelectorAll('a, [*|href]')).map(a => a.getAttribute('href')"
        " || a.getAttribute('xlink:href') || '')"
    )
    assert [link for link in links if ":" in link.split("#")[0] and not link.startswith(("http://", "https://"))] == []
    assert not [c for c in "\u202e\u2066" if c in tab_page.content()]


def test_the_briefing_shows_every_attack_as_text(hostile, browser) -> None:
    _, brief = hostile
    page = browser.new_page()
    heard = listened(page)
    page.goto(brief.as_uri() + "#on=2031-05-01")
    page.wait_for_selector(".timemap[data-state=drawn]")
    provoked(page)
    page.wait_for_timeout(300)
    check(page, heard)
    assert "<img src=x onerror=" in page.inner_text("body")
    page.close()


def test_no_page_image_or_feed_of_the_site_runs_a_word(hostile, browser) -> None:
    site, _ = hostile
    page = browser.new_page()
    heard = listened(page)
    for path in sorted(p for p in site.rglob("*") if p.suffix in (".html", ".svg")):
        page.goto(path.as_uri())
        if path.name == "map.html":
            page.wait_for_selector(".timemap[data-state=drawn]")
        if path.suffix == ".html":
            provoked(page)
            check(page, heard)
        else:
            assert page.evaluate("window.ran") is None, path
    page.close()


def test_no_cell_of_a_table_begins_as_a_formula(hostile) -> None:
    site, _ = hostile
    for path in (site / "tables").glob("*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            assert not [cell for cell in row if cell[:1] in "=@\t\r" and cell], path.name
