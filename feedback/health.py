"""Is it alive, is it ready, and what does Prometheus see."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from feedback import metrics
from feedback.jobs import lease
from models import migrate
from models.base import db
from surveys.access import Access, allow
from surveys.services import Services


def reasons_not_ready(session: Session, now: datetime, *, with_clock: bool = True) -> list[str]:
    """Why this process should get no traffic yet; empty when it is ready."""
    try:
        if why := migrate.unfit(session.connection()):
            return [str(why)]
        if with_clock and lease.holder(session, lease.CLOCK) is None:
            return ["no clock is active: start `waymark clock`"]
    except SQLAlchemyError:
        return ["the database does not answer"]
    return []


def make_blueprint(services: Services) -> Blueprint:
    """Routes `/healthz`, `/readyz` and `/metrics`."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    @allow(Access.PUBLIC)
    def healthz() -> ResponseReturnValue:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    @allow(Access.PUBLIC)
    def readyz() -> ResponseReturnValue:
        # a balancer that asks with ?clock=0 sends on pages and webhooks while no clock is active
        with_clock = request.args.get("clock") != "0"
        reasons = reasons_not_ready(db.session(), services.now(), with_clock=with_clock)
        if reasons:
            return jsonify(status="not ready", reasons=reasons), 503
        return jsonify(status="ready")

    @blueprint.get("/metrics")
    @allow(Access.PUBLIC)
    def prometheus() -> ResponseReturnValue:
        text = b"".join(metrics.exposition(db.session(), services.now()))
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint
