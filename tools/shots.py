"""Shows the demo in the documentation: its output and one verdict in README.md, its pages in docs/images.

Run by `make shots`, by a person, when either looks different. Needs Chromium; everything is opened from disk,
and the browser is kept from reaching the network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
IMAGES = ROOT / "docs" / "images"
COMMAND = [sys.executable, "-c", "from zenobia.cli import main; main()"]
WIDTH, HEIGHT = 1100, 1400
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BEGIN, END = "<!-- {}: written by tools/shots.py -->\n", "<!-- end of {} -->"
# Parts of the site: the picture's name, the page, and what of it is shown.
PARTS = {
    "map": ("map.html#on=2016-03-20", ".timemap"),
    "claim": ("claims/claim-C01.html", "article.card"),
}
DRAWING = ["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--hide-scrollbars"]
# The claim that README shows in full: a share, with a list that does not reach far enough.
IN_FULL = "C12"


def main() -> None:
    """Run the demo in a temporary folder; keep what it prints and what its briefing looks like."""
    with tempfile.TemporaryDirectory() as temporary:
        text = README.read_text(encoding="utf-8")
        text = shown(text, "demo", run(Path(temporary), "demo"))
        text = shown(text, "check", run(Path(temporary), "check", IN_FULL, "--case", "palmyra"))
        README.write_text(text, encoding="utf-8")
        page = Path(temporary) / "palmyra" / "briefs" / "palmyra.html"
        photograph(page, IMAGES / "briefing.png", Path(temporary) / "profile")
        run(Path(temporary), "publish", "site", "--case", "palmyra")
        for name, (address, part) in PARTS.items():
            photograph_part(f"{(Path(temporary) / 'site').as_uri()}/{address}", part, IMAGES / f"{name}.png")


def run(folder: Path, *words: str) -> str:
    """What a verb prints on a terminal of 100 columns without colour."""
    plain = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run([*COMMAND, *words], cwd=folder, env=plain, check=True, capture_output=True, text=True)
    return done.stdout.replace(" -c ", " zenobia ")


def shown(text: str, what: str, printed: str) -> str:
    """The README with an output in its place."""
    begin, end = BEGIN.format(what), END.format(what)
    before, rest = text.split(begin)
    _, after = rest.split(end)
    lines = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    return f"{before}{begin}```text\n{lines}\n```\n{end}{after}"


def photograph(page: Path, out: Path, profile: Path) -> None:
    """The page as a reader with a screen of WIDTH by HEIGHT first sees it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    options = [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
        f"--user-data-dir={profile}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={out}",
    ]  # fmt: skip
    subprocess.run([_browser(), *options, page.as_uri()], check=True, timeout=120, stderr=subprocess.DEVNULL)
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size:,} bytes")


def photograph_part(address: str, part: str, out: Path) -> None:
    """One part of a page; a map is waited for, and Palmyra chosen on it."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=_browser(), args=DRAWING)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1)
        page.context.set_offline(True)
        page.goto(address)
        if "map.html" in address:
            page.wait_for_selector(f"{part}[data-state=drawn]", timeout=120_000)
            page.select_option(f"{part} select", label="Palmyra")
            page.wait_for_timeout(3_000)
        page.locator(part).first.screenshot(path=out)
        browser.close()
    print(f"{out.relative_to(ROOT)}: {out.stat().st_size:,} bytes")


def _browser() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise SystemExit(f"no browser found ({', '.join(BROWSERS)}); on Debian: apt-get install chromium")


if __name__ == "__main__":
    main()
