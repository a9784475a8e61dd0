"""POST /hooks/KIND/TOKEN: where shops, Stripe, Zendesk and others send what happened."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from flask import Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ConfigDict, Field

from feedback.api.schemas import ErrorOut, FieldError
from feedback.counters import EVENTS
from feedback.hooks import sources
from feedback.hooks.early import TakenIn
from feedback.hooks.take import Call, prove, take
from feedback.shapes import Shape
from models.base import db
from models.errors import NotFound
from surveys.access import Access, allow
from surveys.services import Services

HookKind = Literal["shopify", "woocommerce", "stripe", "zendesk", "json"]
_PING = re.compile(rb"webhook_id=\d+")
_LABELS = {
    "accepted": "accepted",
    "duplicate": "duplicate",
    "error": "rejected",
    "waiting": "waiting",
}
_ABOUT = (
    "The address that `waymark source add` prints. Calls carry their kind's own signature: "
    "Shopify's `X-Shopify-Hmac-Sha256`, WooCommerce's `X-WC-Webhook-Signature`, "
    "`Stripe-Signature`, `X-Zendesk-Webhook-Signature`; of kind `json`, `Authorization: Bearer "
    "SECRET` or `X-Waymark-Signature`. What a payload means, the source's mapping says. An event "
    "counts once, however often it is delivered; one whose customer only an event that has not "
    "come yet names waits for it, for 30 days."
)


class HookPath(Shape):
    """Which source."""

    kind: HookKind = Field(description="What sends.")
    token: str = Field(
        max_length=40,
        description="The source's own part of the address.",
        json_schema_extra={"example": "Wm5cQ0n4b3F2c1d0"},
    )

    model_config = ConfigDict(extra="allow")


class HookResult(Shape):
    """What became of one event; one that waits has come before the one that names its customer."""

    id: str | None = Field(description="The event's id, where one could be read.")
    status: Literal["accepted", "duplicate", "waiting", "error"]
    error: FieldError | None = None
    waits_for: str | None = Field(default=None, description="The event that it waits for.")


class HookOut(Shape):
    """What became of a call; of a payload that no rule is about, nothing, which is no error."""

    accepted: int = 0
    duplicates: int = 0
    errors: int = 0
    waiting: int = Field(
        default=0, description="Kept until the event comes that names their customer."
    )
    taken_up: int = Field(default=0, description="Had waited for one of these, and are stored now.")
    results: list[HookResult] = []


def _answer(kind: str, taken: TakenIn) -> Response:
    results = taken.outcomes
    counts = Counter(result.status for result in results)
    waited = Counter(result.status for result in taken.waited)
    for status, count in (counts + waited).items():
        EVENTS.labels(result=_LABELS[status]).inc(count)
    out = HookOut(
        accepted=counts["accepted"],
        duplicates=counts["duplicate"],
        errors=counts["error"],
        waiting=counts["waiting"],
        taken_up=waited["accepted"],
        results=[HookResult(**dict(one)) for one in results],
    )
    # a shop that hears an error sends the same again, and in the end no more at all
    bad = kind == "json" and results and counts["error"] == len(results)
    body = out.model_dump_json(exclude_none=True)
    return Response(body, status=422 if bad else 200, mimetype="application/json")


def _is_ping(kind: str, body: bytes) -> bool:
    """WooCommerce asks, unsigned, whether somebody is there when a webhook is saved."""
    return kind == "woocommerce" and _PING.fullmatch(body) is not None


def _taken(services: Services, path: HookPath) -> Response:
    session, kind = db.session(), path.kind
    source = sources.by_token(session, kind, path.token) if "\0" not in path.token else None
    if source is None:
        mend = "`waymark source list` shows the addresses."
        raise NotFound("there is no such source", field="token", mend=mend)
    body = request.get_data(cache=False)
    if _is_ping(kind, body):
        return Response(HookOut().model_dump_json(), mimetype="application/json")
    call = Call({name.lower(): one for name, one in request.headers}, body, services.now())
    prove(session, source, call, str(current_app.config["SECRET_KEY"]))
    return _answer(kind, take(session, source, call))


def make_blueprint(services: Services) -> APIBlueprint:
    """The webhooks' one route; register it with `app.register_api`."""
    api = APIBlueprint("hooks", __name__, url_prefix="/hooks")
    content = {"application/json": {"schema": {"type": "object"}}}

    @api.post(
        "/<kind>/<token>",
        tags=[Tag(name="Webhooks", description="What shops and services send by themselves.")],
        summary="Receive a webhook",
        description=_ABOUT,
        operation_id="receive_webhook",
        responses={
            200: HookOut,
            400: ErrorOut,
            401: ErrorOut,
            404: ErrorOut,
            409: ErrorOut,
            413: ErrorOut,
            422: HookOut,
        },
        openapi_extensions={"requestBody": {"required": True, "content": content}},
    )
    @allow(Access.SIGNED)
    def receive_webhook(path: HookPath) -> Response:
        return _taken(services, path)

    return api
