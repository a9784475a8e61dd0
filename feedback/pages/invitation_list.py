"""The list of invitations: who was asked, who was not, to read, to sort and to take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from feedback.pages import words
from feedback.pages.csv_file import Cell, csv_reply
from feedback.pages.frame import workspace
from feedback.pages.only_refused import only, refusals
from feedback.pages.paging import batches, listed, numbered
from feedback.pages.redaction import masked
from feedback.pages.sorting import Sort, ordered, read_sort
from models.base import db
from models.customer import Customer
from models.event import Event
from models.invitation import Invitation
from models.status import InvitationStatus
from models.survey import Survey
from surveys.access import Access, allow
from surveys.schedule import zone_of

KEYS = ("customer", "survey", "event", "state", "-made")
HEAD = [
    "Invitation",
    "Customer",
    "Survey",
    "Channel",
    "Because of",
    "State",
    "Why not",
    "Made",
    "Due",
]


def add_routes(blueprint: Blueprint) -> None:
    """`/invitations` and `/invitations.csv`."""

    @blueprint.get("/invitations")
    @allow(Access.SESSION)
    def invitations() -> ResponseReturnValue:
        session, status = db.session(), request.args.get("status")
        rows, sort = _wanted(session, status), read_sort(KEYS, "-made")
        if sort.given:
            page = numbered(session, in_order(rows, sort))
        else:
            page = listed(session, rows, Invitation.id.expression)
        counts = status_counts(session, g.workspace_id)
        return render_template(
            "invitations.html", page=page, counts=counts, status=status, sort=sort, only=only()
        )

    @blueprint.get("/invitations.csv")
    @allow(Access.SESSION)
    def invitations_csv() -> ResponseReturnValue:
        rows = _wanted(db.session(), request.args.get("status"))
        wanted = in_order(rows, read_sort(KEYS, "-made"))
        return csv_reply("invitations", HEAD, _cells(db.session(), wanted, workspace().timezone))


def _wanted(session: Session, status: str | None) -> Select[*tuple[Any, ...]]:
    """The invitations that the address asks for."""
    rows = invitation_rows(g.workspace_id, status)
    return rows.where(*refusals(session, workspace())) if only() else rows


def status_counts(session: Session, workspace_id: int) -> dict[str, int]:
    """How many invitations there are in each state, in the order of an invitation's life."""
    found = session.execute(
        select(Invitation.status, func.count().label("n"))
        .where(Invitation.workspace_id == workspace_id)
        .group_by(Invitation.status)
    )
    counts = {row.status: row.n for row in found}
    return {str(status): counts[status] for status in InvitationStatus if status in counts}


def joined(workspace_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns of a workspace's invitations, their customers, surveys and events."""
    statement: Select[*tuple[Any, ...]] = select(*columns)
    return (
        statement.join(Customer, Customer.id == Invitation.customer_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .outerjoin(Event, Event.id == Invitation.event_id)
        .where(Invitation.workspace_id == workspace_id)
    )


def invitation_rows(workspace_id: int, status: str | None = None) -> Select[*tuple[Any, ...]]:
    """The invitations of a workspace, or those in one state."""
    statement = joined(
        workspace_id,
        Invitation.id,
        Invitation.channel,
        Invitation.status,
        Invitation.rule,
        Invitation.created_at,
        Invitation.due_at,
        Customer.external_id.label("customer"),
        Survey.name.label("survey"),
        Event.name.label("event"),
    )
    return statement.where(Invitation.status == status) if status else statement


def in_order(statement: Select[*tuple[Any, ...]], sort: Sort) -> Select[*tuple[Any, ...]]:
    """The invitations as they are asked to stand."""
    columns: Mapping[str, ColumnElement[Any]] = {
        "customer": func.lower(Customer.external_id),
        "survey": func.lower(Survey.name),
        "event": func.lower(Event.name),
        "state": Invitation.status.expression,
        "made": Invitation.id.expression,  # ids grow with the time they are made at
    }
    return ordered(statement, sort, columns, Invitation.id.expression)


def _cells(
    session: Session, statement: Select[*tuple[Any, ...]], zone: str
) -> Iterator[Sequence[Cell]]:
    local = zone_of(zone)
    for rows in batches(session, statement):
        for row in rows:
            yield (
                row.id,
                masked(row.customer),
                row.survey,
                row.channel,
                row.event,
                words.status(row.status)[1],
                words.rule(row.rule),
                row.created_at.astimezone(local),
                row.due_at.astimezone(local),
            )
