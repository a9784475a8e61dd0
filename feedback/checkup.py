"""What can be wrong with a running Waymark, checked and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from feedback import whatsapp_checkup
from feedback.app import make_gateway, make_services, twilio_access
from feedback.cells.check import differences
from feedback.cells.status import status_of
from feedback.database_checkup import database
from feedback.finding import Finding
from feedback.provider_checkup import provider
from feedback.sender_checkup import Ours
from feedback.settings import Settings
from feedback.standing_checkup import fallback, senders
from feedback.whatsapp_checkup import OurWhatsApp
from feedback.work_checkup import work
from models import marking
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.workspace import Workspace

MOST_TOLD = 20


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


def marking_whole(session: Session) -> Iterator[Finding]:
    """Are the triggers there that mark what changed, and is every workspace counted."""
    gone = marking.missing(session.connection())
    words = (
        f"{len(gone)} triggers are gone ({gone[0]}, ...): " if gone else "all triggers are there"
    )
    mend = "run `waymark doctor --statistics --mend`" if gone else ""
    yield Finding("marks", not gone, words + mend)
    for workspace in session.scalars(select(Workspace).order_by(Workspace.name)):
        found = status_of(session, workspace.id)
        if found.building or not found.built:
            words = f"{workspace.name}: {found.days_done:,} of {found.days:,} days are counted"
            yield Finding("counting", True, f"{words}; reports read rows until all are")


def counted(session: Session) -> Iterator[Finding]:
    """Do the stored sums equal those of the rows, in every workspace; this takes its time."""
    for workspace in session.scalars(select(Workspace).order_by(Workspace.name)):
        found = list(differences(session, workspace))
        subject = f"sums of {workspace.name}"
        if not found:
            yield Finding(subject, True, "equal those of the rows")
        for one in found[:MOST_TOLD]:
            yield Finding(subject, False, one.words)
        if found:
            mend = f"run `waymark statistics rebuild --workspace {workspace.name}`"
            yield Finding(subject, False, f"{len(found):,} differ: {mend}")


def misplaced(session: Session) -> Iterator[Finding]:
    """Do scores and comments stand where and when their response does."""
    for subject, table in (("scores' places", Score), ("comments' places", Comment)):
        query = (
            select(func.count(table.id))
            .join(Response, Response.id == table.response_id)
            .where(
                or_(
                    table.touchpoint_id.is_distinct_from(Response.touchpoint_id),
                    table.occurred_at != Response.occurred_at,
                )
            )
        )
        count = session.scalar(query) or 0
        words = f"{count} stand elsewhere than their response" if count else "are their response's"
        yield Finding(subject, not count, words)


def own_senders(session: Session) -> dict[str, str]:
    """The senders that workspaces have of their own, each with whose it is."""
    rows = session.execute(
        select(Workspace.sender, Workspace.name)
        .where(Workspace.sender.is_not(None))
        .order_by(Workspace.sender, Workspace.name)
    )
    owners: dict[str, list[str]] = {}
    for sender, name in rows:
        owners.setdefault(str(sender), []).append(name)
    return {sender: ", ".join(names) for sender, names in owners.items()}


def _ours(settings: Settings, own: dict[str, str]) -> Ours:
    return Ours(settings.public_url, settings.twilio_sender or "", own)


def _our_whatsapp(session: Session, settings: Settings, ours: Ours) -> OurWhatsApp:
    general = settings.twilio_whatsapp_from
    shared = {general: "set by TWILIO_WHATSAPP_FROM"} if general else {}
    own = whatsapp_checkup.own_senders(session)
    return OurWhatsApp(ours.inbound, shared | own, whatsapp_checkup.our_templates(session))


def examine(settings: Settings, engine: Engine, now: datetime) -> list[Finding]:
    """Every check that can be made, in order."""
    findings, own, by_whatsapp = [*database(engine)], {}, None
    if findings[0].fine:  # it answers, and is migrated
        with Session(engine) as session:
            findings += [*workspaces(session), *work(session, settings, now), *statistics(session)]
            findings += marking_whole(session)
            findings += senders(session, make_gateway(settings), now)
            own = own_senders(session)
            services = make_services(settings)
            findings += whatsapp_checkup.ready(session, services.whatsapp_sender)
            by_whatsapp = _our_whatsapp(session, settings, _ours(settings, own))
    if settings.simulator:
        words = "the simulator stands in; set TWILIO_ACCOUNT_SID to text"
        return [*findings, Finding("SMS", True, words)]
    ours = _ours(settings, own)
    findings += provider(twilio_access(settings), ours, by_whatsapp=by_whatsapp)
    return [*findings, *fallback(settings)]


def examine_statistics(engine: Engine) -> list[Finding]:
    """Every stored sum held against its rows."""
    with Session(engine) as session:
        return [*misplaced(session), *marking_whole(session), *counted(session)]
