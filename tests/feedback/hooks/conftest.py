"""A workspace with sources, and calls to them signed as each kind signs."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hooks_world import KEY, NOW, SECRET, Make, Send, signed
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from feedback.app import create_app, make_services
from feedback.hooks import sources
from feedback.settings import load
from models.intake import IntakeSource
from models.workspace import Workspace


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
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make(session: Session, workspace: Workspace, now: datetime) -> Make:
    def made(kind: str, secret: str | None = SECRET, name: str | None = None) -> IntakeSource:
        source = sources.add(session, workspace, kind, name or kind, secret, KEY, now).source
        session.commit()
        return source

    return made


@pytest.fixture
def send(client: FlaskClient, now: datetime) -> Send:
    """Post a payload to a source, signed as its kind signs."""

    def sent(source: IntakeSource, body: Any, topic: str = "", **more: Any) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = dict(signed(source.kind, raw, more.pop("at", now), more.pop("secret", SECRET)))
        headers |= {"X-Shopify-Topic": topic} if topic else {}
        headers |= more.pop("headers", {})
        return client.post(f"/hooks/{source.kind}/{source.token}", data=raw, headers=headers)

    return sent
