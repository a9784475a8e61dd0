"""GET /api/v1/comments and a pain point's causes: what customers said, and why."""

from __future__ import annotations

from collections import defaultdict

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ConfigDict, Field
from sqlalchemy import select

from feedback.api.asked import (
    JourneyPath,
    ReportQuery,
    as_json,
    get_report,
    narrowed,
    zone_here,
)
from feedback.causes.one import Asked, Place, causes_at, find_point, scope_of
from feedback.causes.out import why
from feedback.causes.schema import PainPointWhy
from feedback.search.alike import look_for
from feedback.search.schema import CommentsFound, out
from feedback.search.wanted import SORTS, read_wanted
from feedback.shapes import Shape
from feedback.themes.rows import catalogue_of
from models.base import db
from models.errors import Conflict
from models.reading import Mention
from surveys.access import Access, allow
from surveys.services import Services

_COMMENTS = (
    "Comments by their words and by what was understood of them, a page at a time. In `q` all "
    'words must be there, in any form of theirs; "words in quotes" one after the other; -words '
    "not at all. With `by=meaning` it gives the up to 100 comments that come nearest to `q` in "
    "meaning, whatever their words, nearest first; only those read (in English) are compared. "
    "With a `theme`, `sentiment` is that of what is said of the theme. Personal data "
    "is masked."
)
_WHY = (
    "One pain point: what it costs, where it concentrates, since when it is heard more or less "
    "often, and quotes of four kinds. Of a long history an even draw is looked at, and "
    "`looked_at` says how large."
)


class PainPointPath(JourneyPath):
    """Which pain point."""

    touchpoint: str = Field(max_length=63, json_schema_extra={"example": "parcel"})
    theme: str = Field(max_length=63, json_schema_extra={"example": "delivery_speed"})


class CommentsQuery(Shape):
    """What narrows the comments, and the page of them."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=300, description="Words to look for.")
    by: str | None = Field(default=None, description="`words` (as without it) or `meaning`.")
    journey: str | None = Field(default=None, description="The key of a journey.")
    stage: str | None = Field(default=None, description="The key of a stage.")
    touchpoint: str | None = Field(default=None, description="The key of a touchpoint.")
    theme: str | None = Field(default=None, description="The key of a theme.")
    sentiment: str | None = Field(default=None, description="`negative`, `neutral`, `positive`.")
    emotion: str | None = Field(default=None, json_schema_extra={"example": "frustration"})
    language: str | None = Field(
        default=None, description="The comment's own.", json_schema_extra={"example": "en"}
    )
    asked_in: str | None = Field(
        default=None,
        description="The language its survey was answered in, as reports count it.",
    )
    channel: str | None = Field(default=None, description="`sms` or `web`.")
    survey: str | None = Field(default=None, description="The key of a survey.")
    segment: str | None = Field(default=None, description="The key of a segment.")
    start: str | None = Field(
        default=None, alias="from", description="A date, or a time with its zone."
    )
    end: str | None = Field(
        default=None, alias="to", description="A date, that day included, or a time with its zone."
    )
    urgent: str | None = Field(default=None, description="`yes` or `no`.")
    sort: str | None = Field(default=None, description=f"One of {', '.join(SORTS)}.")
    after: str | None = Field(default=None, max_length=80, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=200)


def _comments(services: Services, query: CommentsQuery) -> CommentsFound:
    session = db.session()
    themes = catalogue_of(session, g.workspace_id)
    given = query.model_dump(by_alias=True, exclude_none=True, exclude={"after", "limit"})
    wanted = read_wanted(given, zone_here())
    found = look_for(
        session, g.workspace_id, wanted, themes, query.limit, services.now, query.after
    )
    if found.alike and found.alike.waiting:
        mend = "Ask again in a moment; is a worker running?"
        raise Conflict("what you look for was not worked out in time", field="q", mend=mend)
    mentions: dict[int, list[Mention]] = defaultdict(list)
    mine = select(Mention).where(Mention.comment_id.in_([row.id for row in found.rows]))
    for mention in session.scalars(mine):
        mentions[mention.comment_id].append(mention)
    return out(found, mentions, themes)


def _why(services: Services, path: PainPointPath, query: ReportQuery) -> PainPointWhy:
    session, now = db.session(), services.now()
    asked, place = Asked(path.journey, *narrowed(query)), Place(path.touchpoint, path.theme)
    report, point = find_point(session, g.workspace_id, now, asked, place)
    scope = scope_of(session, g.workspace_id, now, asked)
    return why(report, point, causes_at(session, scope, place, zone_here()))


def make_blueprint(services: Services) -> APIBlueprint:
    """The comments API; register it with `app.register_api`."""
    api = APIBlueprint("comments", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @get_report(
        api, "/comments", "comments", "What customers said, searched", _COMMENTS, CommentsFound
    )
    @allow(Access.KEY_OR_SESSION)
    def comments(query: CommentsQuery) -> Response:
        return as_json(_comments(services, query))

    @get_report(
        api,
        "/journeys/<string:journey>/pain-points/<string:touchpoint>/<string:theme>",
        "pain_point",
        "Why it hurts",
        _WHY,
        PainPointWhy,
    )
    @allow(Access.KEY_OR_SESSION)
    def pain_point(path: PainPointPath, query: ReportQuery) -> Response:
        return as_json(_why(services, path, query))

    return api
