"""GET /api/v1/experiments and one of them: ways of asking, tried beside each other."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from feedback.api.schemas import ErrorOut
from feedback.experiments.life import find, listed
from feedback.experiments.read import read
from feedback.experiments.schema import (
    ExperimentOut,
    ExperimentsFound,
    experiment_out,
    line_out,
)
from feedback.shapes import Shape
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services

_LIST = "Every experiment on a trigger, the newest first."
_ONE = (
    "What each variant led to, and how far it is from the control. The intervals hold at every "
    "look together, so that looking often and stopping early does no harm."
)
_TAG = Tag(name="Asking", description="Whom is asked, and how.")


class ExperimentPath(Shape):
    """Which experiment."""

    key: str = Field(
        max_length=63,
        description="The experiment's key.",
        json_schema_extra={"example": "ask_sooner"},
    )


def make_blueprint(services: Services) -> APIBlueprint:
    """The experiments API; register it with `app.register_api`."""
    api = APIBlueprint("experiments", __name__, url_prefix="/api/v1", abp_security=[{"key": []}])

    @api.get(
        "/experiments",
        tags=[_TAG],
        summary="The experiments",
        description=_LIST,
        operation_id="experiments",
        responses={200: ExperimentsFound, 401: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def experiments() -> Response:
        rows = listed(db.session(), g.workspace_id)
        found = ExperimentsFound(experiments=[line_out(one) for one in rows])
        return Response(found.model_dump_json(), mimetype="application/json")

    @api.get(
        "/experiments/<string:key>",
        tags=[_TAG],
        summary="What an experiment shows",
        description=_ONE,
        operation_id="experiment",
        responses={200: ExperimentOut, 401: ErrorOut, 404: ErrorOut, 422: ErrorOut},
    )
    @allow(Access.KEY_OR_SESSION)
    def experiment(path: ExperimentPath) -> Response:
        session = db.session()
        one = find(session, g.workspace_id, path.key)
        found = experiment_out(one, read(session, one, services.now()))
        return Response(found.model_dump_json(), mimetype="application/json")

    return api
