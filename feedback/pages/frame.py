"""What every team page has around it: the navigation, the workspace, words and addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, partial
from typing import Any

from flask import Blueprint, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from feedback.alerts.rows import open_unknown
from feedback.handling import open_urgent
from feedback.pages import paging, redaction, urgency_words, words
from feedback.pages.assets import asset
from feedback.pages.choices import CHANNEL_NAMES
from feedback.pages.message_text import linked
from feedback.pages.theme_names import marked, theme_list, theme_name
from feedback.pages.urgent_rows import DAYS
from feedback.senders import Alarm, alarm
from models.base import db
from models.errors import NotFound
from models.workspace import Workspace
from surveys.channels.mailbox import MAILBOX
from surveys.pages.accent import accent
from surveys.services import Services


@dataclass
class Tab:
    """One entry of the navigation; `here` marks the page that is open.

    `count` counts what waits there; it is asked only where the navigation is written, and once.
    A `rare` one stands behind "More" on a wide page.
    """

    label: str
    href: str
    here: bool
    count: Callable[[], int] | None = None
    rare: bool = False

    @cached_property
    def waiting(self) -> int:
        """How much waits there."""
        return self.count() if self.count else 0


TABS = (
    ("Report", "report", ("pages.report", "pages.pain_point", "pages.compare")),
    ("Scores", "scores", ("pages.scores", "pages.goals", "pages.set_goals")),
    ("Urgent", "urgent", ("pages.urgent",)),
    (
        "Inbox",
        "conversations",
        (
            *("pages.conversations", "pages.conversation", "pages.take_over"),
            *("pages.write_message", "pages.hand_over", "pages.mend_answer"),
            "pages.undo_mending",
        ),
    ),
    (
        "Alerts",
        "alerts",
        (
            *("pages.alerts", "pages.alert", "pages.alert_settings"),
            *("pages.add_recipient", "pages.change_recipient"),
        ),
    ),
    ("Responses", "responses", ("pages.responses", "pages.response")),
    (
        "Comments",
        "comments",
        ("pages.comments", "pages.comment", "pages.correct_comment", "pages.why"),
    ),
    (
        "Themes",
        "themes",
        (
            *("pages.themes", "pages.theme", "pages.add_theme", "pages.edit_theme"),
            *("pages.show_theme", "pages.topics", "pages.theme_over_time"),
        ),
    ),
    (
        "Invitations",
        "invitations",
        (
            *("pages.invitations", "pages.invitation", "pages.not_asked_page"),
            *("pages.what_if_form", "pages.what_if_answer", "pages.customer"),
        ),
    ),
    ("Consent", "consent", ("pages.consent", "pages.find_consent", "pages.record_consent")),
    (
        "Surveys",
        "surveys",
        (
            *("pages.surveys", "pages.survey", "pages.survey_messages"),
            *("pages.prices", "pages.save_prices"),
            *("pages.experiments", "pages.experiment", "pages.change_experiment"),
        ),
    ),
    ("Journey", "journey", ("pages.journey",)),
    ("Sources", "sources", ("pages.sources",)),
    ("Model", "model", ("pages.model",)),
    (
        "Operations",
        "operations",
        (
            *("pages.operations", "pages.pause_work", "pages.resume_work"),
            "pages.retry_work",
        ),
    ),
    ("Exports", "exports", ("pages.exports", "pages.export_file")),
)
RARE = frozenset(
    {"invitations", "consent", "surveys", "journey", "model", "exports", "phones", "mails"}
) | {"operations", "sources"}
PHONES = ("Phones", "phones", ("pages.phones", "pages.phone"))
MAILS = ("E-mails", "mails", ("pages.mails", "pages.mail"))


def workspace() -> Workspace:
    """The workspace of whoever is signed in; read once a request."""
    if "workspace" not in g:
        g.workspace = db.session().get(Workspace, g.workspace_id)
    found: Workspace | None = g.workspace
    if found is None:
        raise NotFound("this workspace does not exist any more")
    return found


def add_frame(blueprint: Blueprint, services: Services) -> None:
    """Give templates, the error pages' too, what they need."""
    tabs = (*TABS, PHONES) if services.simulator else TABS
    tabs = (*tabs, MAILS) if services.mail.name == MAILBOX else tabs

    blueprint.add_app_template_filter(linked, "linked")
    blueprint.add_app_template_filter(theme_name, "theme_words")
    blueprint.add_app_template_filter(theme_list, "theme_list")

    @blueprint.app_context_processor
    def frame() -> dict[str, Any]:
        shared: dict[str, Any] = {"asset": asset, "simulator": services.simulator, "w": words}
        shared["channel_names"] = CHANNEL_NAMES
        shared |= {"here": paging.here, "export": paging.export, "urgency": urgency_words}
        if "user" not in g:
            return {**shared, "tabs": (), "workspace": None}
        here = workspace()
        counts = {
            "urgent": partial(_open_urgent, here.id, services),
            "alerts": partial(open_unknown, db.session(), here.id),
        }
        shared["sms_alarm"] = cache(partial(_sms_alarm, services))
        return {**shared, **_of_workspace(here), "tabs": _tabs(tabs, counts), "workspace": here}


def _of_workspace(here: Workspace) -> dict[str, Callable[..., str] | object]:
    return {
        "accent": accent(here.accent),
        "moment": partial(words.moment, zone=here.timezone),
        "day": partial(words.day, zone=here.timezone),
        "days": partial(words.days, zone=here.timezone),
        "clock": partial(words.clock, zone=here.timezone),
        "masked": redaction.masked,
        "marked": marked,
    }


def _open_urgent(workspace_id: int, services: Services) -> int:
    since = services.now() - timedelta(days=DAYS)
    return open_urgent(db.session(), workspace_id, since)


def _sms_alarm(services: Services) -> Alarm | None:
    """Nothing where the database fails: the page that says so has this frame too."""
    try:
        return alarm(db.session(), services.gateway.name, services.gateway.fallback)
    except SQLAlchemyError:
        return None


def _tabs(
    tabs: tuple[tuple[str, str, tuple[str, ...]], ...], counts: Mapping[str, Callable[[], int]]
) -> list[Tab]:
    return [
        Tab(
            label,
            url_for(f"pages.{endpoint}"),
            request.endpoint in endpoints,
            counts.get(endpoint),
            rare=endpoint in RARE,
        )
        for label, endpoint, endpoints in tabs
    ]
