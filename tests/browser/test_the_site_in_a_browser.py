"""The built-in case's site, opened from a folder with the network off."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("page", "side"), [("map.html", "ltr"), ("ar/map.html", "rtl")])
def test_the_map_is_drawn_and_mirrored_where_the_script_is(built, open_tab, page: str, side: str) -> None:
    opened = open_tab(built.at(page), drawn=True).page
    assert opened.evaluate("getComputedStyle(document.body).direction") == side
    left = opened.locator(".timemap .frame").bounding_box()["x"]
    panel = opened.locator(".timemap .panel").bounding_box()["x"]
    assert (left < panel) == (side == "ltr")
    assert len(opened.locator(".timemap .stage").screenshot()) > 20_000


def test_arabic_names_stand_in_the_list_of_places(built, open_tab) -> None:
    page = open_tab(built.at("ar/map.html"), drawn=True).page
    page.select_option(".timemap select", label="تدمر")
    assert page.locator(".timemap .told h3").inner_text().startswith("تدمر")


@pytest.mark.parametrize("page", ["map.html", "ar/map.html"])
def test_the_slider_goes_by_keyboard_and_the_address_keeps_the_day(built, open_tab, page: str) -> None:
    opened = open_tab(built.at(f"{page}#on=2016-04-01"), drawn=True).page
    assert opened.locator(".timemap").get_attribute("data-day") == "2016-04-01"
    opened.locator(".timemap input").focus()
    opened.keyboard.press("End")
    last = opened.locator(".timemap").get_attribute("data-day")
    assert last > "2016-04-01"
    assert opened.evaluate("location.hash") == f"#on={last}"
    opened.keyboard.press("Home")
    assert opened.locator(".timemap").get_attribute("data-day") < "2016-04-01"


def test_a_place_on_the_map_leads_to_its_page(built, open_tab) -> None:
    page = open_tab(built.at("map.html#on=2016-03-20"), drawn=True).page
    page.select_option(".timemap select", label="Palmyra")
    page.locator(".timemap .told a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/place-palmyra.html")


def test_without_webgl_the_still_maps_have_a_slider_of_their_own(built, open_tab, browser_without_webgl) -> None:
    page = open_tab(built.at("map.html"), using=browser_without_webgl).page
    page.wait_for_selector(".still .slider:not([hidden])")
    page.locator(".still .slider input").focus()
    page.keyboard.press("Home")
    first = page.locator(".day-map").first.get_attribute("data-day")
    assert page.evaluate("location.hash") == f"#on={first}"
    assert page.locator(".day-map.shown img").is_visible()
    assert page.evaluate("document.querySelector('.day-map.shown img').naturalWidth") > 100


def test_one_key_leads_from_a_claim_to_its_source(built, open_tab) -> None:
    page = open_tab(built.at("claims/claim-C01.html")).page
    page.locator("article.card").focus()
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.closest('.evidence') !== null")


@pytest.mark.parametrize(
    "page", ["index.html", "map.html", "claims.html", "places.html", "actors.html", "method.html", "ar/index.html",
             "ar/map.html", "claims/claim-C01.html", "places/place-palmyra.html"],
)  # fmt: skip
def test_a_narrow_screen_needs_no_scrolling_sideways(built, open_tab, page: str) -> None:
    opened = open_tab(built.at(page), wide=400).page
    assert opened.evaluate("document.documentElement.scrollWidth") <= 400
