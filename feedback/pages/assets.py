"""Static files under an address that changes with their content, so that they cache for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from models.errors import NotFound
from surveys.access import Access, allow

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def digest(name: str) -> str:
    """The first letters of a file's SHA-256."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file as it is now."""
    return url_for("pages.static_file", stamp=digest(name), name=name)


def add_routes(blueprint: Blueprint) -> None:
    """Serve the files of `static/`."""

    @blueprint.get("/assets/<stamp>/<path:name>")
    @allow(Access.PUBLIC)
    def static_file(stamp: str, name: str) -> Response:
        path = (FOLDER / name).resolve()
        if not path.is_relative_to(FOLDER) or not path.is_file():
            raise NotFound("there is no such file")
        reply = send_from_directory(FOLDER, name)
        current = stamp == digest(name)
        reply.headers["Cache-Control"] = FOREVER if current else "no-cache"
        return reply
