"""A response: what a customer said, answer by answer, and what was understood of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from feedback.inbox.mended import mended_of
from feedback.pages import inbox_words
from feedback.pages.frame import workspace
from models.base import db
from models.conversation import Conversation
from models.customer import Customer
from models.errors import NotFound
from models.journey import Stage, Touchpoint
from models.message import Message
from models.reading import Comment, Mention
from models.response import Answer, Response
from models.survey import Survey, SurveyVersion
from surveys.access import Access, allow
from surveys.contexts import customer_facts
from surveys.definition import SurveyDefinition
from surveys.flow import Context, State
from surveys.flow_say import prompt
from surveys.versions import definition_of


def add_routes(blueprint: Blueprint) -> None:
    """`/responses/ID`."""

    @blueprint.get("/responses/<int:response_id>")
    @allow(Access.SESSION)
    def response(response_id: int) -> ResponseReturnValue:
        session = db.session()
        row = session.execute(_one(g.workspace_id, response_id)).first()
        if row is None:
            raise NotFound("there is no such response", mend="Choose one from the list.")
        comments = session.scalars(_comments(response_id)).all()
        answers = session.scalars(_answers(response_id)).all()
        corrections = mended_of(session, response_id)
        return render_template(
            "response.html",
            row=row,
            questions=question_texts(definition_of(row.SurveyVersion), row.Customer),
            answers=answers,
            corrections=corrections,
            gone=sorted({c.row.question for c in corrections} - {a.question for a in answers}),
            conversation=session.scalar(_conversation(response_id)),
            i=inbox_words,
            comments=comments,
            mentions=mentions_of(session, [comment.id for comment in comments]),
            messages=_messages(session, row.Response),
        )


def question_texts(definition: SurveyDefinition, customer: Customer | None) -> dict[str, str]:
    """Each question's words in the survey's first language, as this customer was asked."""
    known = customer_facts(customer) if customer else {}
    language = definition.default_language
    context = Context(company=workspace().company, customer=known, language=language)
    return {one.key: prompt(definition, one, State(), context).text for one in definition.questions}


def mentions_of(session: Session, comment_ids: Sequence[int]) -> dict[int, list[Mention]]:
    """The mentions in each of these comments."""
    found: dict[int, list[Mention]] = defaultdict(list)
    for mention in session.scalars(select(Mention).where(Mention.comment_id.in_(comment_ids))):
        found[mention.comment_id].append(mention)
    return found


def _one(workspace_id: int, response_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Response, Survey, SurveyVersion, Customer, Touchpoint, Stage)
        .join(Survey, Survey.id == Response.survey_id)
        .join(SurveyVersion, SurveyVersion.id == Response.version_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Response.touchpoint_id)
        .outerjoin(Stage, Stage.id == Touchpoint.stage_id)
        .where(Response.workspace_id == workspace_id, Response.id == response_id)
    )


def _answers(response_id: int) -> Select[Answer]:
    return select(Answer).where(Answer.response_id == response_id).order_by(Answer.id)


def _conversation(response_id: int) -> Select[int]:
    """The latest exchange by SMS that a response was given in."""
    mine = select(Conversation.id).where(Conversation.response_id == response_id)
    return mine.order_by(Conversation.id.desc()).limit(1)


def _comments(response_id: int) -> Select[Comment]:
    return select(Comment).where(Comment.response_id == response_id).order_by(Comment.id)


def _messages(session: Session, response: Response) -> Sequence[Message]:
    """The conversation behind a response; an imported one has none."""
    if response.invitation_id is None:
        return ()
    mine = select(Message).where(
        Message.workspace_id == response.workspace_id,
        Message.invitation_id == response.invitation_id,
    )
    return session.scalars(mine.order_by(Message.id)).all()
