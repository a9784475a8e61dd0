"""Templates filled for one customer: one line a place, nothing of ours left open."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking_world import NPS
from hypothesis import given
from hypothesis import strategies as st

from surveys.channels.addresses import address_on, channel_of, is_whatsapp, plain
from surveys.definition import parse_definition
from surveys.flow import start
from surveys.flow_types import Context
from surveys.whatsapp_session import MARGIN, SESSION, session_open
from surveys.whatsapp_templates import INVITATION, REMINDER, Template, fill, template_for

SID = "HX" + "0" * 32
WORDS = {"1": "{customer.first_name|there}", "2": "{company}", "3": "{question}", "4": "{link}"}
TEMPLATE = Template(SID, "Hi {{1}}, {{2}} asks: {{3}} Or here: {{ 4 }}, STOP ends it.", WORDS)
LINK = "https://ask.example.com/s/aB3dE5gH7"
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
CHOICE: dict[str, Any] = {
    "key": "c",
    "name": "C",
    "questions": [
        {
            "key": "what",
            "type": "choice",
            "text": "What went wrong?",
            "choices": ["It was late", "Something else"],
        }
    ],
    "thanks": "Thanks",
}


def filled(
    customer: dict[str, object], survey: dict[str, Any], template: Template = TEMPLATE
) -> Any:
    definition = parse_definition(survey)
    context = Context("Shop", customer, channel="whatsapp", link=LINK)
    made = fill(TEMPLATE, definition, start(definition, context).say, context, LINK)
    return made.body, json.loads(made.content.variables)


def test_a_template_is_filled_and_said_in_whole() -> None:
    body, variables = filled({"first_name": "Ada"}, NPS)
    assert variables["1"] == "Ada"
    assert variables["2"] == "Shop"
    assert variables["4"] == LINK
    assert body == (f"Hi Ada, Shop asks: {variables['3']} Or here: {LINK}, STOP ends it.")
    assert "0" in variables["3"]
    assert "10" in variables["3"]


def test_options_stand_on_one_line() -> None:
    _, variables = filled({}, CHOICE)
    assert variables["3"].startswith("What went wrong? (1 It was late, 2 Something else)")


def test_who_has_no_name_is_called_by_the_fallback() -> None:
    assert filled({"first_name": " \n "}, NPS)[1]["1"] == "there"


@given(st.text(max_size=80))
def test_whatever_a_customer_is_called_stays_one_line_and_brings_nothing_in(name: str) -> None:
    body, variables = filled({"first_name": name}, NPS)
    assert variables["1"].strip() == variables["1"] != ""
    assert not set(variables["1"]) & set("\n\r\t")
    assert "  " not in variables["1"]
    assert LINK not in variables["1"]
    assert variables["1"] in body


def test_a_name_like_a_field_stays_a_name() -> None:
    assert filled({"first_name": "{link} \ue001 {{4}}"}, NPS)[1]["1"] == "{link} {{4}}"


def test_a_template_is_taken_in_the_language_or_its_base_and_in_no_other() -> None:
    one = {"sid": SID, "text": "x", "variables": {}}
    stored = {"invitation": {"en": one, "pt-BR": one}}
    assert template_for(stored, INVITATION, "en-GB") is not None
    assert template_for(stored, INVITATION, "pt-BR") is not None
    assert template_for(stored, INVITATION, "pt") is None
    assert template_for(stored, INVITATION, "de") is None
    assert template_for(stored, REMINDER, "en") is None
    assert template_for(None, INVITATION, "en") is None


@pytest.mark.parametrize(
    ("ago", "is_open"),
    [
        (None, False),
        (timedelta(0), True),
        (SESSION - MARGIN - timedelta(seconds=1), True),
        (SESSION - MARGIN, False),
        (SESSION, False),
    ],
)
def test_a_day_is_open_from_a_message_on_with_some_minutes_in_hand(
    ago: timedelta | None, is_open: bool
) -> None:
    assert session_open(None if ago is None else NOW - ago, NOW) is is_open


def test_addresses_carry_their_channel() -> None:
    assert address_on("whatsapp", "+447700900123") == "whatsapp:+447700900123"
    assert address_on("whatsapp", "whatsapp:+447700900123") == "whatsapp:+447700900123"
    assert address_on("sms", "whatsapp:+447700900123") == "+447700900123"
    assert plain("whatsapp:+447700900123") == "+447700900123"
    assert [channel_of(one) for one in ("+44", "whatsapp:+44", "FernField")] == [
        "sms",
        "whatsapp",
        "sms",
    ]
    assert not is_whatsapp("WhatsApp")
