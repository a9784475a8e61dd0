"""Segment's HTTP API: what its SDKs, and RudderStack's, send when only their host is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Response, g, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ValidationError

from feedback.api.bodies import TooLarge, as_json, unpacked
from feedback.api.problems import dotted, first_problem
from feedback.api.schemas import EventResult, FieldError, request_body
from feedback.counters import EVENTS
from feedback.segment.schema import (
    SegmentBatch,
    SegmentEnvelope,
    SegmentMessage,
    SegmentOut,
    SegmentRefusal,
    SegmentRefused,
)
from feedback.segment.take import MAX_MESSAGE, open_messages, take
from models.base import db
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.services import Services

MAX_BATCH = 500 * 1024
"""Bytes of a batch, unpacked, as Segment has it."""
View = Callable[[], Response]
_LABELS = {"accepted": "accepted", "duplicate": "duplicate", "error": "rejected"}
_TOTALS = {name: EVENTS.labels(result=label) for name, label in _LABELS.items()}
_ABOUT: dict[str, str] = {
    "identify": "Who a customer is. With both ids, what the anonymous visitor did is theirs.",
    "track": "What a customer did: an event of the name in `event`.",
    "page": "A page that was looked at: the event `page`, with its name among the properties.",
    "screen": "A screen that was looked at: the event `screen`, with its name.",
    "group": "What a customer belongs to: the attribute `group`, and the event `group`.",
    "alias": "Two ids are one person: `previousId` is merged into `userId`.",
}
_BATCH = (
    "Messages of all types. Each is taken or refused by itself, and once per `messageId`, so that "
    "an SDK may send again. 200 when something was taken (or known already), with those that "
    "weren't under `refused`; 400 when nothing was."
)
_HOW = " A write key is an API key, sent as the user name of Basic authentication (or as Bearer)."


def _refused(error: InvalidInput, refused: Sequence[SegmentRefusal] = ()) -> Response:
    code = "too_large" if isinstance(error, TooLarge) else "invalid_request"
    told = FieldError(message=error.message, field=error.field, mend=error.mend)
    body = SegmentRefused(code=code, message=str(error), error=told, refused=list(refused))
    return Response(body.model_dump_json(), status=400, mimetype="application/json")


def _answer(results: Sequence[EventResult], prefix: str) -> Response:
    counts = Counter(result.status for result in results)
    for status, count in counts.items():
        _TOTALS[status].inc(count)
    refused = [
        SegmentRefusal(messageId=one.id, error=_placed(one.error, prefix, place))
        for place, one in enumerate(results)
        if one.error is not None
    ]
    if not counts["accepted"] + counts["duplicate"]:
        first = refused[0].error
        why = InvalidInput(first.message, field=first.field, mend=first.mend)
        return _refused(why, refused)
    out = SegmentOut(
        accepted=counts["accepted"],
        duplicates=counts["duplicate"],
        errors=counts["error"],
        refused=refused,
    )
    return Response(out.model_dump_json(), status=200, mimetype="application/json")


def _placed(error: FieldError, prefix: str, place: int) -> FieldError:
    """The error with the message's place in front of its field."""
    if not prefix:
        return error
    here = dotted((place,), prefix)
    return error.model_copy(update={"field": f"{here}.{error.field or ''}".rstrip(".")})


def _body(limit: int) -> object:
    encoding = request.headers.get("Content-Encoding", "")
    return as_json(unpacked(request.get_data(cache=False), encoding, limit))


def _single(services: Services, kind: str) -> Response:
    try:
        item = _body(MAX_MESSAGE)
    except InvalidInput as error:
        return _refused(error)
    return _stored(services, [item], kind, None, "")


def _many(services: Services) -> Response:
    try:
        envelope = SegmentEnvelope.model_validate(_body(MAX_BATCH))
    except ValidationError as error:
        told = first_problem(error)
        return _refused(InvalidInput(told.message, field=told.field or "body", mend=told.mend))
    except InvalidInput as error:
        return _refused(error)
    return _stored(services, envelope.messages(), None, envelope.sentAt, "batch")


def _stored(
    services: Services, items: Sequence[object], kind: str | None, sent_at: str | None, prefix: str
) -> Response:
    now = services.now()
    opened = open_messages(items, kind, sent_at, now)
    return _answer(take(db.session(), g.workspace_id, opened, now), prefix)


def _add(api: APIBlueprint, path: str, about: str, body: dict[str, Any], view: View) -> None:
    """One route, documented; all of them answer alike."""

    @allow(Access.KEY)
    def called() -> Response:
        return view()

    called.__name__ = f"segment_{path}"
    api.post(
        f"/{path}",
        tags=[Tag(name="Segment", description="Segment's HTTP API, for its SDKs.")],
        summary=f"Segment: {path}",
        description=about + _HOW,
        operation_id=f"segment_{path}",
        responses={200: SegmentOut, 400: SegmentRefused, 401: SegmentRefused, 413: SegmentRefused},
        openapi_extensions={"requestBody": body},
    )(called)


def make_blueprint(services: Services) -> APIBlueprint:
    """Segment's routes; register it with `app.register_api`."""
    api = APIBlueprint("segment", __name__, url_prefix="/v1", abp_security=[{"key": []}])
    one, parts = request_body(SegmentMessage)
    many, more = request_body(SegmentBatch)
    api.components_schemas.update(parts | more)
    for kind, about in _ABOUT.items():
        _add(api, kind, about, one, partial(_single, services, kind))
    for path in ("batch", "import"):
        _add(api, path, _BATCH, many, partial(_many, services))
    return api
