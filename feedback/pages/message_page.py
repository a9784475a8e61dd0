"""What a survey says by SMS in each of its languages, and what it costs to send."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from feedback.pages.frame import workspace
from feedback.pages.languages import LANGUAGES
from feedback.pages.money import exact
from models.base import db
from models.errors import NotFound
from models.survey import Survey
from surveys.access import Access, allow
from surveys.channels.links import example_link
from surveys.channels.names import is_name
from surveys.definition import SurveyDefinition
from surveys.prices import Price, example_number, price_for, prices_of
from surveys.services import Services
from surveys.sms_preview import PreviewedSms, preview
from surveys.versions import current_version, definition_of
from surveys.whatsapp_preview import preview_templates

CUSTOMERS = 1_000


@dataclass(frozen=True)
class Spoken:
    """The survey's SMS in one language; `most` is what all of them take together."""

    language: str
    messages: list[PreviewedSms]
    first: int
    most: int


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/surveys/KEY/messages`."""

    @blueprint.get("/surveys/<key>/messages")
    @allow(Access.SESSION)
    def survey_messages(key: str) -> ResponseReturnValue:
        session, here = db.session(), workspace()
        mine = select(Survey).where(Survey.workspace_id == g.workspace_id, Survey.key == key)
        row = session.scalars(mine).one_or_none()
        if row is None:
            raise NotFound(f"there is no survey {key!r}", mend="Choose one listed.")
        definition = definition_of(current_version(session, row.id))
        link, prices = example_link(services.public_url), prices_of(session, here.id)
        by_link = is_name(here.sender or "")
        spoken = _spoken(definition, here.company, link, here.smart_encoding, by_link)
        return render_template(
            "survey_messages.html",
            templates=list(preview_templates(row.whatsapp, definition, here.company, link)),
            survey=row,
            spoken=spoken,
            too_long=sum(one.too_long for each in spoken for one in each.messages),
            price=_chosen(prices, here.default_region),
            prices=prices,
            smart=here.smart_encoding,
            name=here.sender if by_link else None,
            costs=_costs,
            customers=CUSTOMERS,
            name_of=_language,
            sign=_sign,
        )


def _spoken(
    definition: SurveyDefinition, company: str, link: str, smart: bool, by_link: bool
) -> list[Spoken]:
    said = []
    for language in definition.languages:
        messages = preview(definition, language, company, link, smart=smart, by_link=by_link)
        thanks = [one.counted.segments for one in messages[len(definition.questions) :]]
        asked = [one.counted.segments for one in messages[: len(definition.questions)]]
        said.append(Spoken(language, messages, asked[0], sum(asked) + max(thanks, default=0)))
    return said


def _chosen(prices: list[Price], region: str) -> Price | None:
    """The price that was asked for, else that of a mobile number where the workspace is."""
    asked = request.args.get("to", "").strip().removeprefix("+")
    named = next((one for one in prices if one.prefix == asked), None)
    return named or price_for(prices, example_number(region))


def _costs(price: Price, segments: int, times: int = 1) -> str:
    return exact(price.price * segments * times, price.currency)


def _language(code: str) -> str:
    return LANGUAGES.get(code.split("-", maxsplit=1)[0], code)


def _sign(char: str) -> str:
    """What a character is called, for those who see a box or nothing in its place."""
    return unicodedata.name(char, f"U+{ord(char):04X}").lower()
