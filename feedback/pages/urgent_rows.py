"""Which comments need somebody today: narrowed, counted and sorted by the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from feedback.handling import is_open, needed
from feedback.pages.sorting import Sort, ordered
from feedback.pages.urgency_words import CONTACT, LIKELY, NAMES, NO_REASON, RISKS, VERY_LIKELY
from models.customer import Customer
from models.handled import Handled
from models.journey import Touchpoint
from models.reading import Comment
from models.workspace import User

Rows = Select[*tuple[Any, ...]]
DAYS = 30
"""What is older asks for somebody no more, unless it is asked for."""
PERIODS: Mapping[str, int | None] = {"7": 7, "30": DAYS, "90": 90, "all": None}
KEYS = ("customer", "-urgency", "where", "-when")


@dataclass(frozen=True)
class Wanted:
    """What the address bar asks for: which comments, since when, for which reason."""

    handled: bool = False
    reason: str | None = None
    period: str = str(DAYS)

    def since(self, now: datetime) -> datetime | None:
        """When the period begins; None where all time counts."""
        days = PERIODS[self.period]
        return None if days is None else now - timedelta(days=days)


def wanted(given: Mapping[str, str]) -> Wanted:
    """What is asked for; what nobody knows counts as not said."""
    reason, period = given.get("reason"), given.get("days", "")
    return Wanted(
        handled=given.get("state") == "handled",
        reason=reason if reason in NAMES else None,
        period=period if period in PERIODS else str(DAYS),
    )


def urgent_rows(workspace_id: int, asked: Wanted, now: datetime) -> Rows:
    """The comments asked for, with their customers, touchpoints and who dealt with them."""
    dealt = (Handled.comment_id == Comment.id) & (Handled.text_hash == Comment.text_hash)
    statement = (
        select(
            Comment.id,
            Comment.text,
            Comment.sentiment,
            Comment.urgency,
            Comment.risks,
            Comment.urgent,
            Comment.wants_contact,
            Comment.model_reading,
            Comment.occurred_at,
            Customer.external_id.label("customer"),
            Touchpoint.name.label("touchpoint"),
            Handled.handled_at,
            User.email.label("handled_by"),
        )
        .outerjoin(Customer, Customer.id == Comment.customer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Comment.touchpoint_id)
        .outerjoin(Handled, dealt)
        .outerjoin(User, User.id == Handled.user_id)
        .where(_urgent(workspace_id, asked, now))
    )
    return statement if asked.reason is None else statement.where(_has(asked.reason))


def counts(
    session: Session, workspace_id: int, asked: Wanted, now: datetime
) -> tuple[int, dict[str, int]]:
    """How many comments there are in all, and with each reason; a comment may have several."""
    columns = [func.count(case((_has(reason), 1))).label(reason) for reason in NAMES]
    statement = select(func.count(Comment.id).label("all"), *columns)
    row = session.execute(statement.where(_urgent(workspace_id, asked, now))).one()
    return row[0], {reason: n for reason, n in zip(NAMES, row[1:], strict=True) if n}


def in_order(statement: Rows, sort: Sort) -> Rows:
    """The comments as they are asked to stand; newest first where they press alike."""
    if sort.key == "urgency":
        likely = (Comment.urgency >= LIKELY) | Comment.wants_contact
        band = case((Comment.urgency >= VERY_LIKELY, 2), (likely, 1), else_=0)
        first = band.desc() if sort.down else band.asc()
        return statement.order_by(first, Comment.occurred_at.desc(), Comment.id.desc())
    columns: Mapping[str, ColumnElement[Any]] = {
        "customer": func.lower(Customer.external_id),
        "where": func.lower(Touchpoint.name),
        "when": Comment.occurred_at.expression,
    }
    return ordered(statement, sort, columns, Comment.id.expression)


def _urgent(workspace_id: int, asked: Wanted, now: datetime) -> ColumnElement[bool]:
    since = asked.since(now)
    found = (Comment.workspace_id == workspace_id) & needed()
    found &= ~is_open() if asked.handled else is_open()
    return found if since is None else found & (Comment.occurred_at >= since)


def _has(reason: str) -> ColumnElement[bool]:
    if reason == CONTACT:
        return Comment.wants_contact.expression
    if reason == NO_REASON:
        no_risk = (Comment.risks[risk].as_string().is_(None) for risk in RISKS)
        return and_(~Comment.wants_contact, *no_risk)
    known: ColumnElement[bool] = Comment.risks[reason].as_string().is_not(None)
    return known
