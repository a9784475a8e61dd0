"""What can be wrong with a running Waymark, checked and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from feedback.jobs import lease
from feedback.settings import Settings
from models import migrate
from models.job import Task
from models.reading import Comment, Mention
from models.response import Answer, Score
from models.status import TaskStatus
from models.workspace import Workspace
from surveys.channels.twilio_http import RebasedHttpClient

LATE = timedelta(minutes=5)
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or what is wrong and how to mend it."""

    subject: str
    fine: bool
    words: str


def database(engine: Engine) -> Iterator[Finding]:
    """Does it answer, and is it migrated."""
    try:
        with engine.connect() as connection:
            at = migrate.current(connection)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"does not answer ({type(error).__name__})")
        return
    newest = at == migrate.heads()
    words = "answers, and is migrated" if newest else "is not migrated: run `waymark db upgrade`"
    yield Finding("database", newest, words)


def jobs(session: Session, now: datetime) -> Iterator[Finding]:
    """Is a clock active, and does work get done."""
    holder = lease.holder(session, lease.CLOCK, now)
    words = f"active on {holder}" if holder else "none is active: start `waymark clock`"
    yield Finding("clock", holder is not None, words)
    late = session.scalars(
        select(Task).where(Task.status != TaskStatus.DONE.value, Task.due_at < now - LATE)
    ).all()
    for task in late:
        reason = f"; its last error: {task.error}" if task.error else "; is a worker running?"
        yield Finding("worker", False, f"`{task.kind}` is late since {task.due_at:%H:%M}{reason}")
    if not late:
        yield Finding("worker", True, "nothing is late")


def workspaces(session: Session) -> Iterator[Finding]:
    """Is there anybody to work for."""
    count = session.scalar(select(func.count(Workspace.id))) or 0
    words = f"{count} there" if count else "none yet: run `waymark workspace create NAME`"
    yield Finding("workspaces", bool(count), words)


def statistics(session: Session) -> Iterator[Finding]:
    """Do scores and mentions still agree with what they were taken from."""
    elsewhere = (
        select(func.count(Score.id))
        .join(Answer, Answer.id == Score.answer_id)
        .where(Answer.response_id != Score.response_id)
    )
    unread = (
        select(func.count(Mention.id))
        .join(Comment, Comment.id == Mention.comment_id)
        .where(Comment.read_state != "read")
    )
    for subject, query, wrong in (
        ("scores", elsewhere, "scores belong to another response than their answer"),
        ("mentions", unread, "mentions stand on comments that are not read"),
    ):
        count = session.scalar(query) or 0
        yield Finding(subject, not count, f"{count} {wrong}" if count else "agree with their rows")


def provider(settings: Settings) -> Iterator[Finding]:
    """Are the provider's credentials right, and where must its webhooks point."""
    if settings.simulator:
        yield Finding("SMS", True, "the simulator stands in; set TWILIO_ACCOUNT_SID to text")
        return
    client = Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        http_client=RebasedHttpClient(settings.twilio_api_base, timeout=PATIENCE_SECONDS),
    )
    try:
        account = client.api.accounts(settings.twilio_account_sid).fetch()
        yield Finding("SMS", True, f"Twilio answers; the account is {account.status}")
    except TwilioException as error:
        words = f"Twilio refuses: {error}. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        yield Finding("SMS", False, words)
    secure = settings.public_url.startswith("https://")
    words = f"incoming messages go to {settings.public_url}/sms/twilio/inbound"
    mend = "PUBLIC_URL must be https:// for Twilio to reach it"
    yield Finding("webhooks", secure, words if secure else mend)


def examine(settings: Settings, engine: Engine, now: datetime) -> list[Finding]:
    """Every check that can be made, in order."""
    findings = [*database(engine)]
    if all(finding.fine for finding in findings):
        with Session(engine) as session:
            findings += [*workspaces(session), *jobs(session, now), *statistics(session)]
    return [*findings, *provider(settings)]
