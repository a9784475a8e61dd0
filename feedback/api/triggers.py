"""GET /api/v1/triggers, /campaigns and one of them: what asks, and what came of it."""

from __future__ import annotations

from typing import Literal

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ConfigDict, Field

from feedback.api.asked import as_json, get_report, zone_here
from feedback.api.triggers_out import campaigns_found, triggers_found, whole
from feedback.reporting.period import Period, read_period
from feedback.reporting.triggers import period_of
from feedback.reporting.triggers_schema import CampaignsFound, TriggersFound, TriggerWhole
from feedback.shapes import Shape
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_COUNTS = (
    "`counts` are the invitations made in the period, the last thirty days where none is given, by "
    "what has become of them."
)
_TRIGGERS = f"What sets surveys off, in the order in which it was made. {_COUNTS}"
_CAMPAIGNS = f"One-off rounds of questions, the newest first, and how far they are. {_COUNTS}"
_ONE = (
    "A trigger or a campaign by its key, its invitations by day, week or month too, and what it "
    "has learnt of the hour of sending."
)
LAST_ID = 2**63 - 1


class CountsQuery(Shape):
    """Of which time the invitations are counted."""

    model_config = ConfigDict(extra="forbid")

    start: str | None = Field(
        default=None, alias="from", description="A date, or a time with its zone."
    )
    end: str | None = Field(
        default=None, alias="to", description="A date, that day included, or a time with its zone."
    )

    def period(self, services: Services) -> Period:
        """The period that is asked for."""
        ends = read_period({"from": self.start, "to": self.end}, zone_here())
        return period_of(ends, services.now())


class CampaignsQuery(CountsQuery):
    """Which page, and of which time the invitations are counted."""

    after: int | None = Field(
        default=None, ge=1, le=LAST_ID, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


class TriggersQuery(CampaignsQuery):
    """Which triggers, which page, and of which time the invitations are counted."""

    kind: Literal["event", "date", "recurring"] | None = Field(
        default=None, description="All when left out; campaigns stand for themselves."
    )
    survey: str | None = Field(default=None, max_length=63, description="A survey's key.")


class TriggerPath(Shape):
    """Which one."""

    key: str = Field(
        max_length=63,
        description="The trigger's or campaign's key.",
        json_schema_extra={"example": "after_delivery"},
    )


def make_blueprint(services: Services) -> APIBlueprint:
    """The API of triggers; register it with `app.register_api`."""
    api = APIBlueprint("triggers", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @get_report(api, "/triggers", "triggers", "The triggers", _TRIGGERS, TriggersFound)
    @allow(Access.KEY_OR_SESSION)
    def triggers(query: TriggersQuery) -> Response:
        where = (db.session(), g.workspace_id, query.period(services))
        page = (query.after, query.limit)
        return as_json(triggers_found(*where, page, query.kind, query.survey))

    @get_report(api, "/campaigns", "campaigns", "The campaigns", _CAMPAIGNS, CampaignsFound)
    @allow(Access.KEY_OR_SESSION)
    def campaigns(query: CampaignsQuery) -> Response:
        where = (db.session(), g.workspace_id, query.period(services))
        return as_json(campaigns_found(*where, (query.after, query.limit)))

    @get_report(api, "/triggers/<string:key>", "trigger", "One trigger", _ONE, TriggerWhole)
    @allow(Access.KEY_OR_SESSION)
    def trigger(path: TriggerPath, query: CountsQuery) -> Response:
        where = (db.session(), g.workspace_id, query.period(services))
        return as_json(whole(*where, path.key, zone_here(), services.now()))

    return api
