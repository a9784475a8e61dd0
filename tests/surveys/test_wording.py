from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.wording import (
    choose_language,
    fields,
    in_language,
    lookup,
    missing_languages,
    render,
    stray_brace,
)

FACTS = {
    "company": "Lamps",
    "customer": {"first_name": "Ada", "empty": "", "flag": True, "name": "{company}"},
    "event": {"order_id": 17, "total": 20.0, "order.id": "dotted", "lines": "a\nb\x00c"},
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi {customer.first_name|there}", "Hi Ada"),
        ("Hi {customer.last_name|there}", "Hi there"),
        ("Hi {customer.last_name}, welcome", "Hi, welcome"),
        ("Hi {customer.empty|friend}.", "Hi friend."),
        ("{ company }: {event.order_id} {event.total}", "Lamps: 17 20"),
        ("{event.order.id}", "dotted"),
        ("{customer.name}", "{company}"),
        ("{customer.flag|x}{customer|y}", "xy"),
        ("{event.lines}", "a b c"),
        ("{customer.__class__|no}", "no"),
        ("{0.__class__} {!r}", "{0.__class__} {!r}"),
    ],
)
def test_fields_are_filled_and_nothing_else(text: str, shown: str) -> None:
    assert render(text, FACTS) == shown


def test_a_long_value_is_cut() -> None:
    assert len(render("{company}", {"company": "x" * 500})) == 60


@given(st.text())
def test_any_text_renders(text: str) -> None:
    render(text, FACTS)
    fields(text)
    stray_brace(text)


@pytest.mark.parametrize(
    ("preferred", "available", "chosen"),
    [
        ("pt-BR", ("en", "pt", "pt-BR"), "pt-BR"),
        ("pt-BR", ("en", "pt"), "pt"),
        ("pt-BR", ("en", "pt-PT"), "pt-PT"),
        ("PT_br", ("en", "pt-BR"), "pt-BR"),
        ("fi", ("en", "pt"), "en"),
        (None, ("de", "en"), "de"),
        ("", ("de", "en"), "de"),
        ("zh-Hant-TW", ("en", "zh-Hant"), "zh-Hant"),
        ("-", ("en",), "en"),
    ],
)
def test_the_nearest_language_is_chosen(
    preferred: str | None, available: tuple[str, ...], chosen: str
) -> None:
    assert choose_language(preferred, available) == chosen


def test_a_text_falls_back_to_the_default_language() -> None:
    text = {"en": "Hello", "de": "Hallo"}
    assert in_language(text, "de-AT", "en") == "Hallo"
    assert in_language(text, "fr", "de") == "Hallo"
    assert in_language("plain", "fr", "en") == "plain"
    assert in_language({}, "fr", "en") == ""


def test_missing_languages_are_named() -> None:
    assert missing_languages("x", ["en", "de"]) == ("de",)
    assert missing_languages({"de": "x"}, ["en", "de"]) == ("en",)


def test_lookup_of_what_is_not_there_is_none() -> None:
    assert lookup(FACTS, "customer.first_name.more") is None
    assert lookup(FACTS, "nothing") is None
