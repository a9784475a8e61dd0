"""Where the database does not answer, whoever asks is told when to try again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from feedback.app import create_app
from feedback.settings import load


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """The program, its PostgreSQL gone."""
    settings = load(
        {
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": "https://ask.example.com",
            "WAYMARK_HOME": str(tmp_path),
        }
    )
    return create_app(settings).test_client()


def test_a_machine_is_told_when_to_try_again(client: FlaskClient) -> None:
    answer = client.post("/api/v1/events", json={}, headers={"Authorization": "Bearer wmk_x"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert answer.json["error"]["message"] == (  # type: ignore[index]
        "the database does not answer just now; nothing of this was stored"
    )


def test_a_person_gets_a_page_that_says_so(client: FlaskClient) -> None:
    with client.session_transaction() as cookies:
        cookies["user_id"] = 1
    answer = client.get("/operations")
    assert answer.status_code == 503
    assert "Try again in 5 seconds." in answer.get_data(as_text=True)
