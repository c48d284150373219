"""What tests in a browser share: Chromium, the built-in case's briefing and site, an ear for all that goes wrong.

Nothing is fetched: the browser is the one that is installed, and it is offline. Where there is none these tests are
skipped, and where CI=true a skipped test is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from zenobia import pipeline

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
ALWAYS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--hide-scrollbars"]
DRAWING = ["--enable-unsafe-swiftshader", "--use-angle=swiftshader"]  # WebGL without a graphics card
WITHOUT = ["--disable-gpu", "--disable-3d-apis"]
ON = "2026-01-01"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder opens a browser, and is long."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.long)


@dataclass
class Built:
    """The built-in case as the demo writes it: its briefing, and its site."""

    brief: str
    site: Path

    def at(self, page: str) -> str:
        return (self.site / page.partition("#")[0]).as_uri() + "".join(page.partition("#")[1:])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built once; `ZENOBIA_BUILT` names a folder that keeps it between runs."""
    kept = os.environ.get("ZENOBIA_BUILT")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("built")
    brief, site = folder / "palmyra" / "briefs" / "palmyra.html", folder / "site"
    if not (site / "release.json").is_file():
        _, case = pipeline.demo(folder / "palmyra")
        case.write_brief(Path("briefs/palmyra.md"))
        case.publish(site, on=ON)
    return Built(brief=brief.as_uri(), site=site)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The installed browser."""
    pytest.importorskip("playwright")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser ({', '.join(BROWSERS)})")
    return found


@pytest.fixture(scope="session")
def driver() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        yield started.chromium


@pytest.fixture(scope="session")
def browser(chromium, driver):
    """One that draws maps."""
    opened = driver.launch(executable_path=chromium, args=[*ALWAYS, *DRAWING])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser_without_webgl(chromium, driver):
    opened = driver.launch(executable_path=chromium, args=[*ALWAYS, *WITHOUT])
    yield opened
    opened.close()


@dataclass
class Heard:
    """What a page asked for and said while it was open."""

    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))]


def listened(page) -> Heard:
    """Keep all that a page asks for, every error, and every sign that a stranger's words ran."""
    heard = Heard()
    page.on("request", lambda request: heard.requests.append(request.url))
    page.on("pageerror", lambda error: heard.troubles.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (heard.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: heard.troubles.append(said.text) if said.type in ("error", "warning") else None)
    return heard


@dataclass
class Tab:
    """An open page and what was heard of it."""

    page: object
    heard: Heard


@pytest.fixture
def open_tab(browser):
    """Opens pages, offline; when the test is over none of them may have gone wrong or asked for anything outside."""
    contexts, tabs = [], []

    def opened(url: str, *, drawn: bool = False, using=None, wide: int = 1200, high: int = 900, **how) -> Tab:
        context = (using or browser).new_context(viewport={"width": wide, "height": high}, **how)
        context.set_offline(True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        tab = Tab(page=page, heard=listened(page))
        tabs.append(tab)
        page.goto(url)
        if drawn:
            page.wait_for_selector(".timemap[data-state=drawn]")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert [tab.heard.troubles for tab in tabs if tab.heard.troubles] == []
    assert [tab.heard.outside for tab in tabs if tab.heard.outside] == []
