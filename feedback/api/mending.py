"""POST /api/v1/conversations/ID/answers/QUESTION: a misread answer put right, and that undone."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from feedback.api.asked import REPORTS, as_json
from feedback.api.conversations import LAST_ID, ConversationPath, told
from feedback.api.schemas import ErrorOut
from feedback.inbox.exchanges import find_exchange
from feedback.inbox.mending import mend, take_back
from feedback.inbox.one import whole
from feedback.inbox.schema import ExchangeWhole
from feedback.inbox.schema_mended import AnswerCorrectionIn, UndoIn
from models.base import db
from surveys.access import Access, allow
from surveys.answer_corrections import By
from surveys.put_right import Given, checked_name
from surveys.services import Services

_MEND = (
    "Puts right what was read out of a reply, or gives the value of what was kept as a comment. "
    "What the customer wrote stays; who did it, when, why and what was before is kept; scores and "
    "reports follow. 409 where the answer changed since it was `seen`."
)
_UNDO = (
    "Takes a correction back: the answer counts as it did before. Only the newest of an answer can "
    "be, and only while the customer has not answered anew. Doing it twice is doing it once."
)
_CHANGES: dict[str, Any] = {
    "tags": [REPORTS],
    "responses": {
        200: ExchangeWhole,
        401: ErrorOut,
        404: ErrorOut,
        409: ErrorOut,
        422: ErrorOut,
    },
}


class AnswerPath(ConversationPath):
    """Which answer of an exchange."""

    question: str = Field(max_length=63, json_schema_extra={"example": "score"})


class CorrectionPath(ConversationPath):
    """Which correction of an exchange."""

    correction: int = Field(ge=1, le=LAST_ID, description="Its `id`.")


def _put_right(services: Services, path: AnswerPath, body: AnswerCorrectionIn) -> ExchangeWhole:
    session = db.session()
    found = whole(session, find_exchange(session, g.workspace_id, path.id))
    given, by = Given(body.value, body.comment), By(name=checked_name(body.by))
    mend(session, found, path.question, given, by, body.reason, body.seen, services.now())
    return told(path)


def _taken_back(services: Services, path: CorrectionPath, body: UndoIn) -> ExchangeWhole:
    session = db.session()
    found = whole(session, find_exchange(session, g.workspace_id, path.id))
    take_back(session, found, path.correction, By(name=checked_name(body.by)), services.now())
    return told(path)


def make_blueprint(services: Services) -> APIBlueprint:
    """The API that corrects answers; register it with `app.register_api`."""
    api = APIBlueprint("mending", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.post(
        "/conversations/<string:id>/answers/<string:question>",
        summary="Put an answer right",
        description=_MEND,
        operation_id="put_answer_right",
        **_CHANGES,
    )
    @allow(Access.KEY)
    def put_answer_right(path: AnswerPath, body: AnswerCorrectionIn) -> Response:
        return as_json(_put_right(services, path, body))

    @api.post(
        "/conversations/<string:id>/corrections/<int:correction>/undo",
        summary="Take a correction back",
        description=_UNDO,
        operation_id="undo_correction",
        **_CHANGES,
    )
    @allow(Access.KEY)
    def undo_correction(path: CorrectionPath, body: UndoIn) -> Response:
        return as_json(_taken_back(services, path, body))

    return api
