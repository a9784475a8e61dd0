"""What the page of recipients shows: each with its forms, and what became of the messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import current_app, g, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.alerts import channels
from feedback.alerts.channels import EMAIL
from feedback.alerts.ways import Ways
from models.alert import AlertChannel, AlertSend
from models.base import db
from models.errors import WaymarkError

SENDS = 20
FATES: Mapping[str, tuple[str, str]] = {
    "pending": ("waiting", "Waiting"),
    "sending": ("waiting", "Being sent"),
    "sent": ("good", "Sent"),
    "failed": ("bad", "Not sent"),
    "unknown": ("waiting", "Nobody knows"),
    "skipped": ("", "Left out"),
}
KINDS: Mapping[str, str] = {"alert": "Alert", "digest": "Weekly digest", "test": "Test"}


@dataclass(frozen=True)
class Typed:
    """The form as it was typed."""

    kind: str = EMAIL
    address: str = ""
    alerts: bool = True
    digest: bool = True


@dataclass(frozen=True)
class Shown:
    """The page besides its lists: the form, what is wrong with it or with a recipient, an undo."""

    form: Typed = Typed()
    problems: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[int, str] = field(default_factory=dict)
    gone: Typed | None = None


def ways() -> Ways:
    """How messages leave this installation."""
    found: Ways = current_app.config["ALERT_WAYS"]
    return found


def page(shown: Shown) -> str:
    """The page of recipients."""
    session = db.session()
    return render_template(
        "alert_settings.html",
        form=shown.form,
        problems=shown.problems,
        wrong=shown.wrong,
        gone=shown.gone,
        listed=[(row, channels.shown(row)) for row in channels.listed(session, g.workspace_id)],
        sends=_sends(session),
        fates=FATES,
        kinds=KINDS,
        mail=ways().server is not None,
    )


def problem(error: WaymarkError) -> dict[str, str]:
    """Where the form is wrong, in words that say the mend."""
    field = "gets" if error.field == "gets" else "address"
    sentence = f"This {error.message}." if error.field else f"{error.message.capitalize()}."
    return {field: f"{sentence} {error.mend or ''}".strip()}


def _sends(session: Session) -> list[tuple[AlertSend, str]]:
    """The last messages with whom they went to."""
    query = (
        select(AlertSend, AlertChannel)
        .join(AlertChannel, AlertChannel.id == AlertSend.channel_id)
        .where(AlertSend.workspace_id == g.workspace_id)
        .order_by(AlertSend.created_at.desc(), AlertSend.id.desc())
        .limit(SENDS)
    )
    return [(send, channels.shown(channel)) for send, channel in session.execute(query)]
