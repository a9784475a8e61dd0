from __future__ import annotations

import os
import re
import shlex
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from sqlalchemy.orm import Session

from feedback.api.doc_operations import coded
from feedback.app import create_app
from feedback.configuration.apply import apply_text
from feedback.settings import load
from feedback.workspaces import add_key

JOURNEY = "journeys: [{key: shop, stages: [{key: buy, touchpoints: [{key: till, events: [e]}]}]}]"


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Flask:
    return create_app(load({"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url}))


@pytest.fixture
def key(sqlite_session: Session, make_workspace: Any, now: datetime) -> str:
    workspace = make_workspace(sqlite_session)
    apply_text(sqlite_session, workspace, JOURNEY, now)
    made = add_key(sqlite_session, workspace, "contract", now)
    sqlite_session.commit()
    return made


EXAMPLES = settings(
    max_examples=int(os.environ.get("WAYMARK_CONTRACT_EXAMPLES", "20")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _leaves_no_trace(case: schemathesis.Case) -> bool:
    """Whether something wrong in the query is not in the address: `{"": []}` is nothing at all,
    and a list or an object is names that are repeated, of which one counts."""
    return any(
        value is None or isinstance(value, list | dict) for value in (case.query or {}).values()
    )


# A batch is taken message by message: a wrong one is refused by itself, inside an answer of 200.
BY_MESSAGE = ("/v1/batch", "/v1/import")


# Our schema can't say what a phone number or a past time is, so that data which fits it may
# still be refused: that one check is left out. All others hold, on good and on bad data.
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_api_keeps_the_contract_it_publishes(app: Flask, key: str, mode: Any) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 2
    for operation in operations:

        @EXAMPLES
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: schemathesis.Case) -> None:
            lenient = case.operation.path in BY_MESSAGE or _leaves_no_trace(case)
            unseen = [negative_data_rejection] if lenient else []
            case.call_and_validate(
                headers={"Authorization": f"Bearer {key}"},
                excluded_checks=[positive_data_acceptance, *unseen],
            )

        holds()


def test_the_description_is_openapi_3_1_and_names_the_limits(app: Flask) -> None:
    described = app.test_client().get("/openapi.json").json
    assert described
    assert described["openapi"].startswith("3.1")
    parts = described["components"]["schemas"]
    assert parts["EventBatch"]["properties"]["events"]["maxItems"] == 500
    assert parts["EventIn"]["required"] == ["id", "event", "customer"]
    assert parts["EventIn"]["additionalProperties"] is False
    assert described["paths"]["/api/v1/events"]["post"]["security"] == [{"key": []}]


def test_the_page_of_the_api_needs_nothing_from_elsewhere(app: Flask) -> None:
    page = app.test_client().get("/docs").text
    assert "/api/v1/events" in page
    assert "https://" not in page.replace("https://waymark", "")


def _said(app: Flask) -> str:
    """The page's words, without its tags."""
    page = app.test_client().get("/docs").text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_page_names_every_field_of_the_document(app: Flask) -> None:
    client = app.test_client()
    described, page = client.get("/openapi.json").json, client.get("/docs").text
    assert described
    names = {
        name
        for part in described["components"]["schemas"].values()
        for name in part.get("properties", {})
    }
    missing = {name for name in names if f"<code>{name}</code></th>" not in page}
    assert len(names) > 30 and not missing


def test_the_page_says_type_need_and_limits(app: Flask) -> None:
    said = _said(app)
    assert "event text, required What happened. 1 to 120 characters." in said
    assert "events list: object, required" in said and "1 to 500 items." in said
    assert "phone text or null, optional" in said
    assert "status accepted or duplicate or error" in said
    assert "journey text, required, in the path Its key or its id. At most 63 characters." in said
    assert "A field not named here is refused." in said
    page = app.test_client().get("/docs").text
    assert re.search(r'class="in-1"><th scope="row"><code>phone<', page)


def test_the_page_shows_backticks_as_code(app: Flask) -> None:
    page = app.test_client().get("/docs").text
    assert "<code>{&#34;events&#34;: [...]}</code> with up to 500" in page
    assert "`" not in page
    assert coded("<b> is `a<b`") == "&lt;b&gt; is <code>a&lt;b</code>"


def test_the_example_of_the_page_is_taken(app: Flask, key: str) -> None:
    page = unescape(app.test_client().get("/docs").text)
    words = shlex.split(page.split("<pre", 1)[1].split("<code>")[1].split("</code>")[0])
    assert words[:3] == ["curl", "-X", "POST"] and "Authorization: Bearer $WAYMARK_KEY" in words
    reply = app.test_client().post(
        words[3].removeprefix("http://localhost"),
        data=words[words.index("-d") + 1],
        headers={"Authorization": f"Bearer {key}"},
    )
    assert reply.status_code == 202
    asked = re.search(r"curl ('?)http://localhost(/api/v1/journeys/[^\s']+)", page)
    assert asked
    report = app.test_client().get(asked[2], headers={"Authorization": f"Bearer {key}"})
    assert report.status_code == 200
