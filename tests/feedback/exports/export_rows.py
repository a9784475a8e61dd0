"""A workspace whose survey has been published twice, and the means to answer it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from feedback.exports.formats import chunks
from feedback.exports.kinds import table
from feedback.exports.wanted import find_wanted
from models.customer import Customer, Segment
from models.journey import Journey, Stage, Touchpoint
from models.reading import Comment, Mention
from models.response import Answer, Response, Score
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace

DAY = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
FIRST = (("score", "nps"), ("again", "yes_no"), ("why", "text"))
SECOND = (("score", "nps"), ("how", "choice"), ("why", "text"), ("again", "text"))


def definition(questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "key": "ask",
        "questions": [{"key": key, "type": kind, "text": key.title()} for key, kind in questions],
    }


class Shop:
    """One journey of one touchpoint; version 1 asks FIRST, version 2 SECOND."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace, self.numbers = session, workspace, count(1)
        base: dict[str, Any] = {"workspace_id": workspace.id}
        point = Touchpoint(key="till", name="The till", position=0, **base)
        stage = Stage(key="buy", name="Buying", position=0, touchpoints=[point], **base)
        journey = Journey(key="shop", name="Shop", created_at=DAY, stages=[stage], **base)
        self.survey = Survey(key="ask", name="Ask", created_at=DAY, **base)
        members = Segment(
            key="members", name="Members", filter={"member": True}, created_at=DAY, **base
        )
        session.add_all([journey, self.survey, members])
        session.flush()
        self.touchpoint = point.id
        self.versions = [self.version(number, asked) for number, asked in ((1, FIRST), (2, SECOND))]
        session.commit()

    def version(self, number: int, asked: Sequence[tuple[str, str]]) -> SurveyVersion:
        made = SurveyVersion(
            workspace_id=self.workspace.id,
            survey_id=self.survey.id,
            number=number,
            definition=definition(asked),
            content_hash=f"{number}",
            published_at=DAY,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def customer(self, external_id: str | None = None, **attributes: Any) -> Customer:
        made = Customer(
            workspace_id=self.workspace.id,
            external_id=external_id or f"c{next(self.numbers)}",
            phone="+447700900123",
            email="ada@mail.example",
            attributes=attributes,
            created_at=DAY,
            updated_at=DAY,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def response(
        self,
        answers: Mapping[str, Any] | None = None,
        version: int = 1,
        *,
        comments: Mapping[str, str] | None = None,
        day: int = 0,
        channel: str = "web",
        customer: Customer | None = None,
        placed: bool = True,
        language: str | None = None,
    ) -> Response:
        at = DAY + timedelta(days=day)
        made = Response(
            workspace_id=self.workspace.id,
            customer_id=customer.id if customer else None,
            survey_id=self.survey.id,
            version_id=self.versions[version - 1].id,
            touchpoint_id=self.touchpoint if placed else None,
            channel=channel,
            language=language,
            source="test",
            external_id=f"r{next(self.numbers)}",
            state={},
            occurred_at=at,
            started_at=at,
            updated_at=at,
        )
        self.session.add(made)
        self.session.flush()
        for question, value in (answers or {}).items():
            self.answer(made, question, value, (comments or {}).get(question))
        return made

    def answer(self, response: Response, question: str, value: Any, comment: str | None) -> None:
        made = Answer(
            workspace_id=self.workspace.id,
            response_id=response.id,
            question=question,
            type="nps" if question == "score" else "text",
            value={"value": value},
            comment=comment,
            channel=response.channel,
            answered_at=response.occurred_at,
        )
        self.session.add(made)
        self.session.flush()
        if question == "score" and isinstance(value, int | float):
            self.session.add(self._score(response, made, value))

    def _score(self, response: Response, answer: Answer, value: float) -> Score:
        return Score(
            workspace_id=self.workspace.id,
            response_id=response.id,
            answer_id=answer.id,
            touchpoint_id=response.touchpoint_id,
            metric="nps",
            value=value,
            scale_low=0,
            scale_high=10,
            score_class="promoter" if value >= 9 else "detractor",
            occurred_at=response.occurred_at,
        )

    def comment(
        self, text: str, response: Response | None, theme: tuple[str, int, int] | None = None
    ) -> Comment:
        """What was said in a response; without one, on its own at the touchpoint in English."""
        made = Comment(
            workspace_id=self.workspace.id,
            response_id=response.id if response else None,
            customer_id=response.customer_id if response else None,
            touchpoint_id=response.touchpoint_id if response else self.touchpoint,
            language=None if response else "en",
            attached_by="event",
            source="test",
            external_id=f"k{next(self.numbers)}",
            text=text,
            text_hash="x",
            occurred_at=response.occurred_at if response else DAY,
            created_at=response.occurred_at if response else DAY,
            read_state="read",
            read_at=DAY,
            model="m",
            sentiment="negative",
            sentiment_score=-0.5,
            emotions={"anger": 0.75},
            themes={theme[0]: 1.0} if theme else {},
        )
        self.session.add(made)
        self.session.flush()
        if theme:
            self._mention(made, *theme)
        return made

    def _mention(self, comment: Comment, theme: str, start: int, end: int) -> None:
        made = Mention(
            workspace_id=self.workspace.id,
            comment_id=comment.id,
            response_id=comment.response_id,
            start=start,
            end=end,
            theme=theme,
            sentiment="negative",
            sentiment_score=-0.5,
        )
        self.session.add(made)

    def export(self, kind: str, format_: str = "csv", **asked: str) -> bytes:
        """The file, with filters as people write them (`from_` for from)."""
        self.session.commit()
        given = {name.rstrip("_"): value for name, value in asked.items()}
        wanted = find_wanted(self.session, self.workspace, given)
        made = table(kind, partial(Session, self.session.get_bind()), wanted, DAY)
        return b"".join(chunks(made, format_, wanted.zone))

    def rows(self, kind: str, **asked: str) -> list[dict[str, str]]:
        return read(self.export(kind, **asked))


def read(file: bytes) -> list[dict[str, str]]:
    """A CSV file's rows by column."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def head(file: bytes) -> list[str]:
    """A CSV file's columns."""
    return next(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
