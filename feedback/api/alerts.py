"""GET /api/v1/alerts: what left its expected range, and what came back."""

from __future__ import annotations

from typing import Literal

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import ConfigDict, Field

from feedback.alerts import rows
from feedback.alerts.names import names_of
from feedback.alerts.schema import AlertsFound, out
from feedback.api.schemas import ErrorOut
from feedback.shapes import Shape
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_ABOUT = (
    "Scores, and themes at touchpoints, that left the range which their past lets expect, the "
    "newest first; `state` narrows to those still outside (`open`) or those that are not (`past`)."
)
_LAST = 2**63 - 1


class AlertsQuery(Shape):
    """Which alerts, and the page of them."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "past"] | None = Field(default=None, description="Both when left out.")
    after: int | None = Field(
        default=None, ge=1, le=_LAST, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


def _alerts(services: Services, query: AlertsQuery) -> AlertsFound:
    session, here = db.session(), g.workspace_id
    found, more = rows.page(session, here, query.state, query.after, query.limit)
    names = names_of(session, here, services.public_url)
    return out(found, more, names, rows.muted(session, here, services.now()))


def make_blueprint(services: Services) -> APIBlueprint:
    """The alerts API; register it with `app.register_api`."""
    api = APIBlueprint("alerts", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.get(
        "/alerts",
        tags=[Tag(name="Reports", description="What customers said.")],
        summary="What left its expected range",
        description=_ABOUT,
        operation_id="alerts",
        responses={200: AlertsFound, 401: ErrorOut, 422: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def alerts(query: AlertsQuery) -> Response:
        found = _alerts(services, query)
        return Response(found.model_dump_json(by_alias=True), mimetype="application/json")

    return api
