from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.link_field import link_faults, place_link
from surveys.wording import render

LINK = "https://ask.example.com/s/aB3dE5gH7"


@pytest.mark.parametrize(
    ("text", "by_sms", "on_page"),
    [
        ("How was it? {link}", f"How was it? {LINK}", "How was it?"),
        ("How was it ({link})?", f"How was it ({LINK})?", "How was it?"),
        ("How was it ( { link } ) ?", f"How was it ( {LINK} ) ?", "How was it?"),
        ("How was it [or say it at {link}]?", f"How was it or say it at {LINK}?", "How was it?"),
        ("Well? [Or here: {link}.] Thanks.", f"Well? Or here: {LINK}. Thanks.", "Well? Thanks."),
        ("Well? [Or here: {link}].", f"Well? Or here: {LINK}.", "Well?"),
        ("{link} Hello", f"{LINK} Hello", "Hello"),
        ("A\n{link}\nB", f"A\n{LINK}\nB", "A\nB"),
        ("A\n\n[or {link}]\n\nB", f"A\n\nor {LINK}\n\nB", "A\n\nB"),
        ("See {link|this page}.", f"See {LINK}.", "See this page."),
        ("[1] one. {link}", f"[1] one. {LINK}", "[1] one."),
        ("No link [at all]", "No link [at all]", "No link [at all]"),
    ],
)
def test_a_link_is_put_in_whole_or_left_out_without_a_gap(
    text: str, by_sms: str, on_page: str
) -> None:
    assert place_link(text, LINK) == by_sms
    assert place_link(text, None) == on_page
    assert list(link_faults(text)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How was it? Or say it at {link}", "breaks off"),
        ("How was it (or at {link})?", "breaks off"),
        ("How was it? Or here: {link|}", "breaks off"),
        ("How was it? {link}, please", "breaks off"),
        ("{link} is the place", "breaks off"),
        ("How was it? [or {link}", "breaks off"),
        ("{link}", "says nothing"),
        ("Well? [Or at {link}{company}]", "right beside"),
        ("Well? [Or at {link}]thanks", "right beside"),
    ],
)
def test_a_link_that_would_leave_half_a_sentence_is_refused(text: str, said: str) -> None:
    assert any(said in fault and mend for fault, mend in link_faults(text))


def test_a_customer_who_is_called_link_brings_none() -> None:
    facts = {"customer": {"first_name": "[{link}]"}}
    shown = render(place_link("Hi {customer.first_name}, well? {link}", LINK), facts)
    assert shown == f"Hi [{{link}}], well? {LINK}"


@given(st.text(alphabet="ab {}[]()link|.\n"))
def test_any_text_is_left_without_its_links(text: str) -> None:
    assert "{link}" not in place_link(text, None)
    list(link_faults(text))
