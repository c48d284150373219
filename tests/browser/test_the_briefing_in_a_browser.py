"""The built-in case's briefing, opened from disk with the network off."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.request import url2pathname

import pytest

LARGEST = 2_500_000
SECONDS = 15.0  # a generous bound, for a busy machine without a graphics card; what was measured is printed


def on(built, day: str) -> str:
    return f"{built.brief}#on={day}"


def test_the_file_is_small_enough_to_send(built) -> None:
    path = Path(url2pathname(built.brief.removeprefix("file://")))
    assert path.stat().st_size <= LARGEST


def test_it_asks_for_nothing_but_itself(built, open_tab) -> None:
    tab = open_tab(on(built, "2016-03-18"), drawn=True)
    assert [url for url in tab.heard.requests if not url.startswith(("blob:", "data:"))] == [built.brief]


def test_the_map_is_drawn_in_place_of_the_still_one(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    assert page.locator(".timemap").is_visible()
    assert not page.locator(".live > figure.still").is_visible()
    shown = page.locator(".timemap .stage").screenshot()
    assert len(shown) > 20_000  # a PNG of one colour is a tenth of that


def test_it_comes_to_rest_soon(built, open_tab, record_property) -> None:
    began = time.monotonic()
    page = open_tab(built.brief).page
    page.evaluate("() => new Promise(done => requestIdleCallback(done))")
    idle = time.monotonic() - began
    began = time.monotonic()
    open_tab(on(built, "2016-03-18"), drawn=True)
    drawn = time.monotonic() - began
    record_property("idle_seconds", round(idle, 2))
    print(f"\nidle after {idle:.2f} s; with its map drawn after {drawn:.2f} s")
    assert idle < SECONDS
    assert drawn < 2 * SECONDS


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft", "ArrowRight"])
def test_the_slider_goes_by_keyboard_and_the_address_keeps_the_day(built, open_tab, key: str) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    days = page.evaluate("JSON.parse(document.querySelector('.timemap script').textContent).days")
    at = days.index("2016-03-18")
    page.locator(".timemap input").focus()
    page.keyboard.press(key)
    wanted = {"Home": days[0], "End": days[-1], "ArrowLeft": days[at - 1], "ArrowRight": days[at + 1]}[key]
    assert page.locator(".timemap").get_attribute("data-day") == wanted
    assert page.evaluate("location.hash") == f"#on={wanted}"


def test_a_place_that_is_chosen_says_who_held_it_and_leads_to_its_evidence(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    page.select_option(".timemap select", label="Palmyra")
    told = page.locator(".timemap .told")
    assert "Islamic State" in told.inner_text()
    assert "chance" in told.inner_text()
    told.locator("a").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("tr:target").count() == 1


def test_a_place_is_reached_through_the_table_by_keyboard(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    page.locator(".timemap details.all > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Palmyra", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator(".timemap .told h3").inner_text().startswith("Palmyra")


def test_the_map_on_its_canvas_is_clicked(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    page.select_option(".timemap select", label="Palmyra")
    page.wait_for_timeout(1500)
    page.select_option(".timemap select", value="")
    box = page.locator(".timemap .stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('.timemap .told h3') !== null")


def test_one_key_leads_from_a_claim_to_its_source_and_one_back(built, open_tab) -> None:
    page = open_tab(built.brief).page
    page.locator(".overview a[href='#c-C01']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'c-C01'")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.matches('.evidence tr')")
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 0
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "c-C01"


def test_without_webgl_the_still_map_stays(built, open_tab, browser_without_webgl) -> None:
    page = open_tab(on(built, "2016-03-18"), using=browser_without_webgl).page
    page.wait_for_timeout(500)
    assert not page.locator(".timemap").is_visible()
    assert page.locator(".ground figure.still svg").is_visible()


def test_without_scripts_everything_but_the_moving_map_is_there(built, open_tab) -> None:
    page = open_tab(built.brief, java_script_enabled=False).page
    assert not page.locator(".timemap").is_visible()
    assert page.locator(".ground figure.still svg").is_visible()
    assert page.locator("article.card").count() > 30


def test_a_narrow_screen_needs_no_scrolling_sideways(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True, wide=400).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_on_paper_the_still_map_and_every_claim_stand(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    page.emulate_media(media="print")
    assert not page.locator(".timemap").is_visible()
    assert page.locator(".ground figure.still svg").is_visible()
    assert page.locator("article.card h3").first.is_visible()
    assert page.locator(".evidence tbody tr").last.is_visible()
    assert len(page.pdf()) > 500_000


def test_who_wants_less_motion_gets_none(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True, reduced_motion="reduce").page
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.select_option(".timemap select", label="Palmyra")
    assert page.locator(".timemap .told h3").is_visible()


def test_the_focus_is_seen(built, open_tab) -> None:
    page = open_tab(on(built, "2016-03-18"), drawn=True).page
    for what in (".timemap input", ".timemap select", ".timemap .later", ".timemap canvas"):
        page.locator(what).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", what
