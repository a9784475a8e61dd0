"""Voices at one touchpoint with all that is known of them, written row by row."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from feedback.reporting.scope import Filters, Scope, find_scope
from models.customer import Customer
from models.event import Event
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.response import Answer, Response
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace

DAY = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
NOW = DAY + timedelta(days=60)


class Depot:
    """A journey with one touchpoint, `parcel`, and the means to hear of it."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.numbers = count(1)
        base: dict[str, Any] = {"workspace_id": workspace.id}
        points = [
            Touchpoint(key=key, name=key.title(), position=place, **base)
            for place, key in enumerate(("parcel", "order"))
        ]
        stage = Stage(key="get", name="Get it", position=0, touchpoints=points, **base)
        self.journey = Journey(key="buying", name="Buying", created_at=DAY, stages=[stage], **base)
        self.survey = Survey(key="ask", name="Ask", created_at=DAY, **base)
        session.add_all([self.journey, self.survey])
        session.flush()
        made = {"number": 1, "definition": {}, "content_hash": "x", "published_at": DAY}
        version = SurveyVersion(survey_id=self.survey.id, **made, **base)
        session.add(version)
        session.flush()
        self.version = version.id
        self.places = {point.key: point.id for point in points}

    @property
    def parcel(self) -> int:
        return self.places["parcel"]

    def scope(self, **filters: str) -> Scope:
        return find_scope(self.session, self.journey, (None, None), Filters(**filters), NOW)

    def customer(self, timezone: str | None = None, **attributes: Any) -> int:
        row = Customer(
            workspace_id=self.workspace.id,
            external_id=f"c{next(self.numbers)}",
            attributes=attributes,
            timezone=timezone,
            created_at=DAY,
            updated_at=DAY,
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def event(self, customer: int, at: datetime, name: str, place: str | None, **what: Any) -> None:
        self.session.add(
            Event(
                workspace_id=self.workspace.id,
                source="test",
                external_id=str(next(self.numbers)),
                name=name,
                customer_id=customer,
                touchpoint_id=self.places.get(place or ""),
                properties=what,
                occurred_at=at,
                received_at=at,
            )
        )

    def voice(
        self,
        text: str | None = None,
        day: float = 0.0,
        customer: int | None = None,
        channel: str = "web",
        score: float = -0.8,
        language: str | None = None,
        **properties: Any,
    ) -> int:
        """A response, with a complaint of `delivery_speed` where it has a text; its id."""
        at = DAY + timedelta(days=day)
        number = next(self.numbers)
        row = Response(
            workspace_id=self.workspace.id,
            survey_id=self.survey.id,
            version_id=self.version,
            touchpoint_id=self.parcel,
            customer_id=customer,
            channel=channel,
            language=language,
            source="test",
            external_id=str(number),
            state={},
            occurred_at=at,
            started_at=at,
            updated_at=at,
        )
        self.session.add(row)
        self.session.flush()
        said = {"value": {"value": 3}, "channel": channel, "answered_at": at}
        own = {"workspace_id": self.workspace.id, "response_id": row.id}
        self.session.add(Answer(question="score", type="csat", **said, **own))
        if customer is not None and properties:
            self.event(customer, at, "parcel_delivered", "parcel", **properties)
        if text is not None:
            self.comment(text, at, score, response_id=row.id, customer_id=customer)
        return row.id

    def comment(
        self, text: str, at: datetime, score: float = -0.8, theme: str = "delivery_speed", **of: Any
    ) -> int:
        row = Comment(
            workspace_id=self.workspace.id,
            touchpoint_id=self.parcel,
            attached_by="event",
            source="test",
            external_id=str(next(self.numbers)),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            occurred_at=at,
            created_at=at,
            read_state="read",
            read_at=at,
            model="test",
            language="en",
            sentiment="negative" if score < 0 else "positive",
            sentiment_score=score,
            emotions={},
            **of,
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(
            Mention(
                workspace_id=self.workspace.id,
                comment_id=row.id,
                response_id=row.response_id,
                start=0,
                end=len(text),
                theme=theme,
                sentiment="negative" if score < 0 else "positive",
                sentiment_score=score,
            )
        )
        self.session.flush()
        return row.id
