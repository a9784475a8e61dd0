"""A conversation taken over, answered and handed back, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from test_inbox_pages import says
from test_team_browser import serious

from models.message import Message

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def begun(shop: Any, shop_session: Session) -> Message:
    """Somebody wrote out of nowhere."""
    last = shop_session.query(Message).count()
    return says(shop, shop_session, "Is anybody there?", f"+4477008{last + 10_000:05d}")


def take_over(page: Page) -> None:
    page.get_by_role("button", name="Take over", exact=True).click()
    expect(page.get_by_role("heading", name="You have taken over")).to_be_visible()


def test_a_person_talks_and_hands_back(
    open_page: Open, shop: Any, shop_session: Session, begun: Message
) -> None:
    page = open_page(f"/conversations/number-{begun.id}", 390, signed_in=True)
    take_over(page)
    assert not serious(page)
    page.get_by_label("Your message").fill("€" * 81)
    expect(page.locator("#length")).to_have_text("81 characters, 2 SMS")
    page.get_by_label("Your message").fill("Yes, we are here")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble.by-person")).to_contain_text("Yes, we are here")
    says(shop, shop_session, "Wonderful", begun.address)
    expect(page.locator(".bubble.in").last).to_contain_text("Wonderful")
    page.get_by_role("button", name="Hand back").click()
    expect(page.get_by_role("status").first).to_contain_text("Handed back")
    expect(page.locator(".event").last).to_contain_text("Handed back by ada@shop.example")


def test_it_all_works_without_javascript(open_page: Open, begun: Message) -> None:
    page = open_page(f"/conversations/number-{begun.id}", 320, js=False, signed_in=True)
    take_over(page)
    page.get_by_label("Your message").fill("We are here")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".bubble.by-person")).to_contain_text("We are here")
    page.get_by_role("button", name="Hand back").click()
    expect(page.get_by_role("button", name="Take over", exact=True)).to_be_visible()
    page.goto("/conversations")
    page.get_by_label("Find").fill("we are here")
    page.get_by_role("button", name="Find").click()
    expect(page).to_have_url(re.compile(r"\?q=we\+are\+here$"))
    expect(page.locator("tbody tr")).not_to_have_count(0)


def test_the_navigation_stays_one_row(open_page: Open) -> None:
    page = open_page("/conversations", 1024, signed_in=True)
    assert page.locator(".top").evaluate("part => part.offsetHeight") < 70
