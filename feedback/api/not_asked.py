"""GET /api/v1/not-asked: why people were not asked, by rule, survey, channel and over time."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ConfigDict, Field

from feedback.api.asked import as_json, get_report, zone_here
from feedback.reporting.not_asked import Narrow, not_asked
from feedback.reporting.not_asked_schema import NotAsked
from feedback.reporting.period import read_period
from feedback.shapes import Shape
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_ABOUT = (
    "Invitations that were refused, or came too late, by the rule that refused them: in all, by "
    "survey, by channel, and by day, week or month; and what each quota has had. The last thirty "
    "days where no period is given. `waiting` are those that wait now, by the rule that lets them "
    "wait, with the first and the last moment they wait for."
)


class NotAskedQuery(Shape):
    """Which refusals."""

    model_config = ConfigDict(extra="forbid")

    start: str | None = Field(
        default=None, alias="from", description="A date, or a time with its zone."
    )
    end: str | None = Field(
        default=None, alias="to", description="A date, that day included, or a time with its zone."
    )
    rule: str | None = Field(
        default=None, max_length=60, description="The rule that refused, or lets wait."
    )
    survey: str | None = Field(default=None, max_length=63, description="A survey's key.")
    channel: str | None = Field(default=None, max_length=20, description="`sms`, `web`, ...")


def make_blueprint(services: Services) -> APIBlueprint:
    """The API of refusals; register it with `app.register_api`."""
    api = APIBlueprint("not_asked", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @get_report(api, "/not-asked", "not_asked", "Why people were not asked", _ABOUT, NotAsked)
    @allow(Access.KEY_OR_SESSION)
    def why(query: NotAskedQuery) -> Response:
        ends = read_period(query.model_dump(by_alias=True), zone_here())
        narrow = Narrow(query.rule, query.survey, query.channel)
        whose = (db.session(), g.workspace_id, services.now(), zone_here())
        return as_json(not_asked(*whose, ends, narrow))

    return api
