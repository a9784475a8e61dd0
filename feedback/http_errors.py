"""The one place where our errors become HTTP: JSON for machines, a kind page for people."""

from __future__ import annotations

import structlog
from flask import Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException

from models.base import db
from models.errors import (
    Busy,
    Conflict,
    Expired,
    Forbidden,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    WaymarkError,
)

STATUS: dict[type[WaymarkError], int] = {
    InvalidInput: 422,
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Expired: 410,
    Busy: 429,
}
RETRY_AFTER = 5
"""Seconds after which a client that met an overloaded database, or a busy process, tries again."""
SEGMENT = "/v1/"
API_PATHS = ("/api/", SEGMENT, "/hooks/", "/openapi.json")

log = structlog.get_logger(__name__)


def status_of(error: WaymarkError) -> int:
    """The HTTP status of an error: its nearest named ancestor's."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def wants_json() -> bool:
    """Machines get JSON: API paths, and whoever asks for nothing else."""
    return request.path.startswith(API_PATHS)


def _json(status: int, message: str, field: str | None, mend: str | None) -> ResponseReturnValue:
    error = {"message": message, "field": field, "mend": mend}
    if request.path.startswith(SEGMENT):  # what Segment's SDKs read
        return jsonify(error=error, code=f"http_{status}", message=message), status
    return jsonify(error=error), status


def _page(status: int, message: str, mend: str | None) -> ResponseReturnValue:
    return render_template("error.html", status=status, message=message, mend=mend), status


def _ours(error: WaymarkError) -> ResponseReturnValue:
    db.session.rollback()
    status = status_of(error)
    if isinstance(error, Busy):
        return _later(status, error.message, error.mend)
    if wants_json():
        return _json(status, error.message, error.field, error.mend)
    if isinstance(error, NotAuthenticated):
        return redirect(url_for("pages.sign_in", next=request.full_path.rstrip("?")))
    return _page(status, str(error), error.mend)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, CSRFError):
        message = "this form was open for too long; nothing was changed"
        return _page(400, message, "Go back, reload the page and send it again.")
    message = error.description or error.name
    if wants_json():
        return _json(status, message, None, None)
    return _page(status, message, None)


def _overloaded(error: SQLAlchemyError) -> ResponseReturnValue:
    """The database does not answer, or has no connection left: a machine tries again by itself."""
    db.session.rollback()
    log.warning("database_unreachable", reason=type(error).__name__)
    message = "the database does not answer just now; nothing of this was stored"
    mend = f"Try again in {RETRY_AFTER} seconds."
    return _later(503, message, mend)


def _later(status: int, message: str, mend: str | None) -> ResponseReturnValue:
    told = _json(status, message, None, mend) if wants_json() else _page(status, message, mend)
    answer = make_response(told)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _unforeseen(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("request_failed", path=request.url_rule.rule if request.url_rule else None)
    message = "something went wrong on our side; nothing you sent before was lost"
    if wants_json():
        return _json(500, message, None, "try again in a minute")
    return _page(500, message, "Try again in a minute.")


def install(app: Flask) -> None:
    """Turn every error into an answer a person or a machine can use."""
    app.register_error_handler(WaymarkError, _ours)
    app.register_error_handler(HTTPException, _http)
    for kind in (OperationalError, TimeoutError):
        app.register_error_handler(kind, _overloaded)
    app.register_error_handler(Exception, _unforeseen)
