"""POST /api/v1/what-if: the last days under changed rules, beside what happened."""

from __future__ import annotations

from typing import Annotated

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from feedback.api.asked import as_json
from feedback.api.problems import dotted
from feedback.api.schemas import ErrorOut
from feedback.configuration.problems import ConfigurationError
from feedback.whatif.ask import DAYS, MOST_DAYS, MOST_EVENTS, Ask, what_if
from feedback.whatif.changed import Wanted
from feedback.whatif.given import LONGEST, from_data, from_text
from feedback.whatif.schema import WhatIf
from feedback.whatif.turn import in_turn
from models.base import db
from models.errors import InvalidInput
from surveys.access import Access, allow
from surveys.firing import setting_of
from surveys.services import Services

_ABOUT = (
    "Replays the events of the last days under changed rules, without sending, and tells who would "
    "have been asked, when, and at what cost (`then`), beside the rules as they are (`now`) and "
    "what really `happened`. Nothing is stored. 422 where the period holds more than "
    f"{MOST_EVENTS:,} events: ask about fewer days, or run `waymark whatif`. "
    "One is worked out at a time: 429 with `Retry-After` meanwhile."
)
_TAG = Tag(name="Asking", description="Whom is asked, and how.")
Key = Annotated[str, StringConstraints(min_length=1, max_length=63)]
Share = Annotated[float, Field(gt=0, le=1)]


class WhatIfIn(BaseModel):
    """Which period, and what would change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    days: int = Field(default=DAYS, ge=1, le=MOST_DAYS, description="The last so many days.")
    configuration: dict[str, JsonValue] | Annotated[str, Field(max_length=LONGEST)] = Field(
        default={},
        description="What would change, as `waymark apply` takes it: as an object, or YAML text.",
        examples=[{"workspace": {"quarantine_days": 14}}],
    )
    samples: dict[Key, Share] = Field(
        default={},
        max_length=100,
        description="Shares of the customers whom single triggers ask, by their keys.",
    )


def make_blueprint(services: Services) -> APIBlueprint:
    """The API of what-ifs; register it with `app.register_api`."""
    api = APIBlueprint("what_if", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.post(
        "/what-if",
        tags=[_TAG],
        summary="What changed rules would have done",
        description=_ABOUT,
        operation_id="what_if",
        responses={200: WhatIf, 401: ErrorOut, 422: ErrorOut, 429: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def ask(body: WhatIfIn) -> Response:
        given = body.configuration
        document = from_text(given) if isinstance(given, str) else from_data(given)
        asked = Ask(Wanted(document, body.samples), body.days)
        try:
            return as_json(in_turn(lambda: _found(asked, services)))
        except ConfigurationError as error:
            raise _first(error) from error

    return api


def _found(asked: Ask, services: Services) -> WhatIf:
    return what_if(db.session(), g.workspace_id, asked, setting_of(services), services.now())


def _first(error: ConfigurationError) -> InvalidInput:
    """The first problem, at its field."""
    first = error.problems[0]
    path = first.path if first.path[:1] == ("samples",) else ("configuration", *first.path)
    return InvalidInput(first.what, field=dotted(path), mend=first.mend)
