"""POST /api/v1/events: one event or a batch, each answered for by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Response, g, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel
from pydantic_core import from_json

from feedback import refusals
from feedback.api.schemas import (
    MAX_EVENTS,
    ErrorOut,
    EventBatch,
    EventIn,
    EventResult,
    EventsOut,
    EventsRefused,
    FieldError,
    request_body,
)
from feedback.counters import EVENTS
from feedback.intake import ingest
from feedback.persisting import persisting
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_TOTALS = {
    "accepted": EVENTS.labels(result="accepted"),
    "duplicate": EVENTS.labels(result="duplicate"),
    "error": EVENTS.labels(result="rejected"),
}
_ABOUT = (
    'One event, or `{"events": [...]}` with up to 500. An event is stored once per `id`, so '
    "sending it again is harmless. Each event of a batch is taken or refused by itself: 202 "
    "when at least one was taken (or known already), 422 when none was; both list one result "
    "an event, in the order given."
)


def _json(status: int, body: BaseModel) -> Response:
    text = body.model_dump_json(exclude_defaults=True)
    return Response(text, status=status, mimetype="application/json")


def _refused(status: int, message: str, field: str | None, mend: str) -> Response:
    return _json(status, ErrorOut(error=FieldError(message=message, field=field, mend=mend)))


def _items(body: object) -> tuple[Sequence[object], str] | Response:
    """The events of a request and how their fields are called; or why it can't be one."""
    if not isinstance(body, dict):
        return _refused(422, "must be an object", "body", "Send one event, or {events: [...]}.")
    if "events" not in body:
        return [body], ""
    others = sorted(set(body) - {"events"})
    if others:
        return _refused(422, "is not a field known here", others[0], "Remove it.")
    events = body["events"]
    if not isinstance(events, list) or not events:
        return _refused(422, "must be a list of events", "events", "Send at least one event.")
    if len(events) > MAX_EVENTS:
        many = f"holds {len(events)} events"
        return _refused(422, many, "events", f"Send {MAX_EVENTS} at most, the rest after.")
    return events, "events"


def _answer(results: list[EventResult]) -> Response:
    counts = Counter(result.status for result in results)
    for status, count in counts.items():
        _TOTALS[status].inc(count)
    if not counts["accepted"] + counts["duplicate"]:
        reason = results[0].error or FieldError(message="was refused")
        return _json(422, EventsRefused(error=reason, results=results))
    out = EventsOut(
        accepted=counts["accepted"],
        duplicates=counts["duplicate"],
        errors=counts["error"],
        results=results,
    )
    return _json(202, out)


def _take(services: Services) -> Response:
    try:
        body = from_json(request.get_data(cache=False), allow_inf_nan=False)
    except ValueError as error:
        return _refused(400, f"is not JSON: {error}", "body", "Send JSON in UTF-8.")
    found = _items(body)
    if isinstance(found, Response):
        return found
    items, prefix = found
    now, session, here = services.now(), db.session(), g.workspace_id
    results = persisting(
        session, lambda: ingest(session, here, items, now, prefix=prefix, commit=True)
    )
    if refused := refusals.of_results(results):
        refusals.keep(session, here, "api", refused, now)
        session.commit()
    return _answer(results)


def make_blueprint(services: Services) -> APIBlueprint:
    """The events API; register it with `app.register_api`."""
    api = APIBlueprint("events", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])
    body, components = request_body(EventIn, EventBatch)
    api.components_schemas.update(components)

    @api.post(
        "/events",
        tags=[Tag(name="Events", description="What customers did.")],
        summary="Send events",
        description=_ABOUT,
        operation_id="send_events",
        responses={202: EventsOut, 400: ErrorOut, 401: ErrorOut, 413: ErrorOut, 422: EventsRefused},
        openapi_extensions={"requestBody": body},
    )
    @allow(Access.KEY)
    def send_events() -> Response:
        return _take(services)

    return api
