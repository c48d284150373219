"""WCAG 2.2 AA as far as a program can tell: axe finds nothing, in light and in dark."""

from __future__ import annotations

from pathlib import Path

import pytest

AXE = Path(__file__).parent / "web" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = [
    "index.html", "map.html", "claims.html", "claims/claim-C01.html", "places.html", "places/place-palmyra.html",
    "actors.html", "method.html", "corrections.html", "ar/index.html", "ar/map.html",
]  # fmt: skip
ASK = """tags => axe.run(
    document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false}
)"""
SCHEMES = ["light", "dark"]


@pytest.fixture(scope="module")
def axe() -> str:
    """Fetched by `make`, pinned, never committed."""
    if not AXE.is_file():
        pytest.skip("no axe: `python -m tools.fetch_axe` fetches it")
    return AXE.read_text(encoding="utf-8")


def violations(page, axe: str) -> list[str]:
    """What axe holds against a page, each with where it stands."""
    page.evaluate(axe)
    page.set_default_timeout(300_000)
    found = page.evaluate(ASK, TAGS)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_page_of_the_site(built, open_tab, axe: str, name: str, scheme: str) -> None:
    page = open_tab(built.at(name), drawn="map.html" in name, color_scheme=scheme).page
    if "map.html" in name:
        page.select_option(".timemap select", index=3)
        page.locator(".timemap details.all > summary").click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_briefing(built, open_tab, axe: str, scheme: str) -> None:
    page = open_tab(f"{built.brief}#on=2016-03-18", drawn=True, color_scheme=scheme).page
    page.select_option(".timemap select", label="Palmyra")
    assert violations(page, axe) == []
