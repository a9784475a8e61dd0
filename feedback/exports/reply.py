"""An export as an answer over HTTP: sent while it is read, stopped when nobody listens any more."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask import Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback.exports.formats import FORMATS, chunks
from feedback.exports.kinds import table
from feedback.exports.wanted import Wanted


def export_reply(
    engine: Engine, kind: str, format_: str, wanted: Wanted, now: datetime
) -> Response:
    """A file to save. What can't be had is refused here, before the first byte.

    The server closes the iterator when the connection breaks, and with it the reading ends.
    """
    made = table(kind, partial(Session, engine), wanted, now)
    body = chunks(made, format_, wanted.zone)
    day = now.astimezone(wanted.zone).date().isoformat()
    return saved(Response(body, mimetype=FORMATS[format_][1]), f"{kind}-{day}.{format_}")


def saved(reply: Response, name: str) -> Response:
    """The answer as a file of this name, which nobody between keeps."""
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply
