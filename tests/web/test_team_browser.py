"""The team's pages in a real browser: for everybody, live, and on a phone."""

from __future__ import annotations

import re
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
    "/comments/1",
    "/themes",
    "/themes/waiting_time",
    "/themes/add",
    "/invitations",
    "/invitations/1",
    "/customers/1",
    "/surveys",
    "/surveys/relationship",
    "/surveys/relationship/messages",
    "/prices",
    "/journey",
    "/phones/2",
    "/conversations",
    "/conversations/1",
    "/consent",
    "/consent?of=1",
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


def test_every_switch_is_in_reach_on_a_phone(open_page: Open) -> None:
    page = open_page("/surveys", 320, signed_in=True)
    buttons = page.get_by_role("button", name="Switch ")
    assert buttons.count() > 2
    for place in range(buttons.count()):
        box = buttons.nth(place).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320
        assert box["height"] >= 44 and box["width"] >= 44
    assert page.evaluate("""() => [...document.querySelectorAll('main .scroll')]
        .every(part => part.scrollWidth <= part.clientWidth)""")
    buttons.last.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("is now on")).to_be_visible()


def test_a_table_is_sorted_by_its_headings_without_javascript(open_page: Open) -> None:
    page = open_page("/invitations", 1280, js=False, signed_in=True)
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?sort=customer$"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Customer")
    page.get_by_role("link", name="Customer", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Customer")
    page.set_viewport_size({"width": 320, "height": 800})
    box = page.get_by_role("link", name="State").bounding_box()
    assert box and box["height"] >= 44


def test_a_file_is_saved_from_beside_the_title(open_page: Open) -> None:
    page = open_page("/responses", 390, signed_in=True)
    with page.expect_download() as saved:
        page.get_by_role("link", name="As CSV").click()
    assert saved.value.suggested_filename == "responses.csv"


def test_the_api_s_page_is_right_on_a_phone(open_page: Open) -> None:
    for dark in (False, True):
        page = open_page("/docs", 320, dark=dark)
        assert not serious(page) and page.evaluate(WIDER) <= 0
