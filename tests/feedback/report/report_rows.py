"""A small workspace with a journey, written row by row, for tests of the report."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models.customer import Customer
from models.invitation import Invitation
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace

DAY = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0)}
Said = tuple[str, str]  # (theme, sentiment)
MakeWorkspace = Callable[..., Workspace]


def score_class(metric: str, value: float) -> str:
    if metric == "nps":
        return "promoter" if value >= 9 else "passive" if value >= 7 else "detractor"
    if metric == "csat":
        return "satisfied" if value >= 4 else "unsatisfied"
    return "easy" if value >= 5 else "not_easy"


class Shop:
    """A journey of two stages and three touchpoints, and the means to hear of it."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.numbers = count(1)
        base: dict[str, Any] = {"workspace_id": workspace.id}
        points = [
            Touchpoint(key=key, name=key.title(), position=place, **base)
            for place, key in enumerate(("delivery", "returns"))
        ]
        browse = Touchpoint(key="browse", name="Browse", position=0, **base)
        stages = [
            Stage(key="before", name="Before", position=0, touchpoints=[browse], **base),
            Stage(key="after", name="After", position=1, touchpoints=points, **base),
        ]
        self.journey = Journey(key="buying", name="Buying", created_at=DAY, stages=stages, **base)
        self.survey = Survey(key="ask", name="Ask", created_at=DAY, **base)
        session.add_all([self.journey, self.survey])
        session.flush()
        self.version = SurveyVersion(
            survey_id=self.survey.id,
            number=1,
            definition={},
            content_hash="x",
            published_at=DAY,
            **base,
        )
        session.add(self.version)
        session.flush()
        self.touchpoints = {point.key: point.id for point in [browse, *points]}

    def customer(self, **attributes: Any) -> Customer:
        row = Customer(
            workspace_id=self.workspace.id,
            external_id=f"c{next(self.numbers)}",
            attributes=attributes,
            created_at=DAY,
            updated_at=DAY,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def invitation(
        self,
        touchpoint: str | None = "delivery",
        status: str = "delivered",
        day: float = 0.0,
        **columns: Any,
    ) -> Invitation:
        """Somebody asked (sent, unless its `sent_at` is None), good for a week."""
        at = DAY + timedelta(days=day)
        customer = columns.pop("customer_id", None) or self.customer().id
        values = {"channel": "web", "sent_at": at, "expires_at": at + timedelta(days=7)}
        row = Invitation(
            workspace_id=self.workspace.id,
            customer_id=customer,
            survey_id=self.survey.id,
            version_id=self.version.id,
            touchpoint_id=self.touchpoints[touchpoint] if touchpoint else None,
            token=secrets.token_urlsafe(16)[:22],
            status=status,
            due_at=at,
            status_at=at,
            created_at=at,
            **{**values, **columns},
        )
        self.session.add(row)
        self.session.flush()
        return row

    def response(
        self,
        touchpoint: str | None = "delivery",
        scores: dict[str, float] | None = None,
        said: tuple[Said, ...] = (),
        day: float = 0.0,
        **columns: Any,
    ) -> Response:
        at = DAY + timedelta(days=day)
        row = Response(
            workspace_id=self.workspace.id,
            survey_id=columns.pop("survey_id", self.survey.id),
            version_id=self.version.id,
            touchpoint_id=self.touchpoints[touchpoint] if touchpoint else None,
            channel=columns.pop("channel", "web"),
            source="test",
            external_id=str(next(self.numbers)),
            state={},
            occurred_at=at,
            started_at=at,
            updated_at=at,
            **columns,
        )
        self.session.add(row)
        self.session.flush()
        for metric, value in (scores or {}).items():
            self.score(row, metric, value)
        if said:
            self.comment(said, response=row, day=day)
        return row

    def score(self, response: Response, metric: str, value: float, **columns: Any) -> None:
        low, high = SCALES[metric]
        answer = Answer(
            workspace_id=self.workspace.id,
            response_id=response.id,
            question=f"{metric}{next(self.numbers)}",
            type=metric,
            value={"value": value},
            channel="web",
            answered_at=response.started_at,
        )
        self.session.add(answer)
        self.session.flush()
        values = {
            "value": value,
            "scale_low": low,
            "scale_high": high,
            "score_class": score_class(metric, value),
        }
        self.session.add(
            Score(
                workspace_id=self.workspace.id,
                response_id=response.id,
                answer_id=answer.id,
                touchpoint_id=response.touchpoint_id,
                metric=metric,
                occurred_at=response.occurred_at,
                **{**values, **columns},
            )
        )
        self.session.flush()

    def comment(
        self,
        said: tuple[Said, ...] = (),
        response: Response | None = None,
        touchpoint: str = "delivery",
        day: float = 0.0,
        **columns: Any,
    ) -> Comment:
        number = next(self.numbers)
        text = columns.pop("text", f"what somebody said, in words of number {number}")
        moods = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}
        mood = said[0][1] if said else "neutral"
        values = {
            "read_state": "read",
            "read_at": DAY,
            "model": "test",
            "language": "en",
            "sentiment": mood,
            "sentiment_score": moods[mood],
            "emotions": {},
            "customer_id": response.customer_id if response else None,
            "occurred_at": response.occurred_at if response else DAY + timedelta(days=day),
        }
        row = Comment(
            workspace_id=self.workspace.id,
            response_id=response.id if response else None,
            touchpoint_id=response.touchpoint_id if response else self.touchpoints[touchpoint],
            attached_by="event",
            source="test",
            external_id=str(number),
            text=text,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            created_at=DAY,
            **{**values, **columns},
        )
        self.session.add(row)
        self.session.flush()
        for theme, sentiment in said:
            self.mention(row, theme, sentiment, moods[sentiment])
        return row

    def mention(self, comment: Comment, theme: str, sentiment: str, score: float) -> None:
        self.session.add(
            Mention(
                workspace_id=comment.workspace_id,
                comment_id=comment.id,
                response_id=comment.response_id,
                start=0,
                end=len(comment.text),
                theme=theme,
                sentiment=sentiment,
                sentiment_score=score,
            )
        )
        self.session.flush()
