"""The survey in a real browser: without JavaScript, on small phones, by keyboard, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
SMALL = """() => [...document.querySelectorAll('button, a, textarea, label.pick')]
  .map(one => one.getBoundingClientRect())
  .filter(box => box.width && (box.height < 44 || box.width < 44)).length"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    found = Axe().run(page).response["violations"]
    bad = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in bad]


@pytest.mark.parametrize("width", [320, 390])
def test_a_thumb_answers_without_javascript(open_page: Open, shop: Any, width: int) -> None:
    token = shop.seeded.web_token if width == 320 else shop.seeded.nps_token
    page = open_page(f"/s/{token}", width, js=False)
    assert page.locator("h1").count() == 1
    page.get_by_role("button", name="4", exact=True).click()
    if width == 390:
        page.get_by_text("The plants").click()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox").fill("It came a day late, and wet.")
    page.get_by_role("button", name="Next").click()
    if width == 320:
        page.get_by_role("button", name="Yes").click()
    assert "Thank you" in page.locator("h1").inner_text()


@pytest.mark.parametrize("key", ["score", "topics", "why"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_kind_of_page_fits_and_can_be_used_by_everybody(
    open_page: Open, shop: Any, key: str, dark: bool
) -> None:
    _answer_all(shop)
    page = open_page(f"/s/{shop.seeded.nps_token}?at={key}", 320, dark=dark)
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(SMALL) == 0
    assert not serious(page)


def _answer_all(shop: Any) -> None:
    client = shop.client()
    for form in (
        {"question": "score", "value": "9"},
        {"question": "topics", "value": ["the_price"]},
        {"question": "why", "value": "All fine"},
    ):
        client.post(f"/s/{shop.seeded.nps_token}", data=form)


def test_a_keyboard_alone_answers(open_page: Open, shop: Any) -> None:
    page = open_page(f"/s/{shop.seeded.key_token}", 390)
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.value"
    assert page.evaluate(focused) == "1"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#value")
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_selector("text=order from us again")


def test_unknown_and_wrong_pages_can_be_used_by_everybody(open_page: Open, shop: Any) -> None:
    page = open_page("/s/unknown-link", 320)
    assert not serious(page) and page.evaluate(WIDER) <= 0


def test_it_can_be_zoomed_and_is_named(open_page: Open, shop: Any) -> None:
    page = open_page(f"/s/{shop.seeded.sms_token}", 320)
    assert "user-scalable" not in page.content()
    assert "Fern & Field" in page.title()
    assert page.locator("html").get_attribute("lang") == "en"
