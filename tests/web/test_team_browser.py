"""The team's pages in a real browser: for everybody, live, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
PAGES = (
    "/",
    "/pain-points/support_call/waiting_time",
    "/responses",
    "/responses/1",
    "/invitations",
    "/invitations/1",
    "/surveys",
    "/surveys/relationship",
    "/journey",
    "/phones/2",
    "/nothing",
)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    found = Axe().run(page).response["violations"]
    bad = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in bad]


@pytest.mark.parametrize("dark", [False, True])
def test_every_page_can_be_used_by_everybody(open_page: Open, dark: bool) -> None:
    page = open_page("/", 320, signed_in=True, dark=dark)
    problems = {}
    for path in PAGES:
        page.goto(path)
        wider = page.evaluate(WIDER)
        found = serious(page) + ([f"{wider}px too wide"] if wider > 0 else [])
        if found:
            problems[path] = found
    assert not problems


def test_signing_in_comes_back_to_where_one_was(open_page: Open, shop: Any) -> None:
    page = open_page("/responses", 1280)
    assert page.url.startswith(f"{shop.address}/sign-in")
    assert not serious(page)
    page.fill("#email", "ada@shop.example")
    page.fill("#password", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/responses")


def test_the_report_reads_and_opens(open_page: Open) -> None:
    page = open_page("/", 1280, signed_in=True)
    assert page.locator("h1").inner_text().startswith("CSAT")
    expect(page.get_by_role("img", name="Customers feel worst at")).to_be_visible()
    page.get_by_text("The list as a table").click()
    expect(page.get_by_role("columnheader", name="Adjusted")).to_be_visible()
    page.locator(".pains h3 a").first.click()
    expect(page.get_by_role("heading", name="In their words")).to_be_visible()


def test_a_reply_typed_on_the_phone_is_answered_there(open_page: Open, shop: Any) -> None:
    page = open_page(f"/phones/{shop.seeded.phone_customer}", 390, signed_in=True)
    page.get_by_label("Reply as the customer").fill("HELP")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble.in").last).to_contain_text("HELP")
    expect(page.get_by_label("Reply as the customer")).to_have_value("")
    expect(page.locator(".bubble.out").last).to_contain_text("STOP")
