"""A workspace with a key, and Waymark served on loopback for SDKs to talk to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from segment_world import NOW, SHOP, Served
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from feedback.app import create_app, make_services
from feedback.configuration.apply import apply_text
from feedback.settings import load
from feedback.workspaces import add_key
from models.workspace import Workspace


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop(session: Session, workspace: Workspace, now: datetime) -> Workspace:
    apply_text(session, workspace, SHOP, now)
    session.commit()
    return workspace


@pytest.fixture
def key(session: Session, shop: Workspace, now: datetime) -> str:
    made = add_key(session, shop, "sdk", now)
    session.commit()
    return made


@cache
def _app_on(url: str) -> Flask:
    """One application a database for all these tests: making one takes longer than most of them."""
    settings = load({"DATABASE_URL": url, "SECRET_KEY": "k" * 40, "PUBLIC_URL": "http://127.0.0.1"})
    return create_app(settings, make_services(settings, lambda: NOW))


@pytest.fixture
def app(database_url: str, now: datetime) -> Flask:
    assert now == NOW
    return _app_on(database_url)


@pytest.fixture
def served(app: Flask, key: str) -> Iterator[Served]:
    made = Served(app, "", key)

    def flaky(environ: Any, start_response: Any) -> Any:
        if made.fail:
            made.fail -= 1
            start_response("503 Service Unavailable", [("Content-Type", "application/json")])
            return [b'{"code": "busy", "message": "again"}']

        def start(status: str, headers: Any, *rest: Any) -> Any:
            made.statuses.append(status)
            return start_response(status, headers, *rest)

        return app.wsgi_app(environ, start)

    server = make_server("127.0.0.1", 0, flaky, threaded=True, request_handler=_Quiet)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
