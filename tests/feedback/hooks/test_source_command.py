from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.api.schemas import FieldError
from feedback.commands.source import command
from feedback.hooks.mapping import shipped_text
from feedback.refusals import Refused, keep
from feedback.secret_box import opened
from models.errors import Conflict, InvalidInput, NotFound
from models.intake import IntakeSource
from models.workspace import Workspace

KEY = "k" * 40
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = {"WAYMARK_HOME": str(tmp_path), "DATABASE_URL": sqlite_url, "SECRET_KEY": KEY}
    for name, value in {**settings, "PUBLIC_URL": "https://ask.example"}.items():
        monkeypatch.setenv(name, value)

    def ran(*words: str, said: str = "") -> Result:
        given = [words[0], "--workspace", "shop", *words[1:]]
        return CliRunner().invoke(command, given, input=said)

    return ran


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: Callable[..., Workspace]) -> Workspace:
    return make_workspace(sqlite_session)


def source(session: Session) -> IntakeSource:
    session.expire_all()
    return session.scalars(select(IntakeSource)).one()


def test_a_source_is_added_and_told_its_secret(run: Run, sqlite_session: Session) -> None:
    said = run("add", "--kind", "shopify")
    made = source(sqlite_session)
    assert said.output.startswith(f"https://ask.example/hooks/shopify/{made.token}\n")
    assert "waymark source secret --workspace shop --name shopify" in said.output
    assert "no secret yet" in run("list").stderr
    run("secret", "--name", "shopify", said=" shpss_0123456789 \n")
    kept = source(sqlite_session).secret
    assert kept and opened(kept, KEY) == "shpss_0123456789"
    listed = run("list")
    assert "shpss" not in listed.output and "no secret yet" not in listed.output


def test_a_secret_that_we_make_is_shown_once(run: Run, sqlite_session: Session) -> None:
    said = run("add", "--kind", "woocommerce", "--name", "shop-2")
    kept = source(sqlite_session).secret
    assert kept and opened(kept, KEY) in said.output
    assert opened(kept, KEY) not in run("list").output


def test_a_mapping_is_printed_changed_and_taken_back(run: Run, tmp_path: Path) -> None:
    run("add", "--kind", "json")
    assert run("mapping", "--name", "json").output == shipped_text("json")
    own = tmp_path / "own.yaml"
    own.write_text("events: [{event: x, id: body.id, customer: {id: body.who}}]")
    assert "own.yaml" in run("mapping", "--name", "json", "--file", str(own)).output
    assert "id: body.who" in run("mapping", "--name", "json").output
    run("mapping", "--name", "json", "--shipped")
    assert run("mapping", "--name", "json").output == shipped_text("json")
    own.write_text("events: [{event: x, id: 'body..', customer: {id: body.who}}]")
    wrong = run("mapping", "--name", "json", "--file", str(own))
    assert isinstance(wrong.exception, InvalidInput) and "own.yaml:1" in str(wrong.exception)


def test_a_removed_source_frees_its_name(run: Run) -> None:
    for _ in range(2):
        assert run("add", "--kind", "stripe").exit_code == 0
        assert isinstance(run("add", "--kind", "stripe").exception, Conflict)
        assert run("remove", "--name", "stripe").exit_code == 0
    assert isinstance(run("remove", "--name", "stripe").exception, NotFound)
    assert run("list").output == ""


@pytest.mark.parametrize("words", [("--name", "Shop 1"), ("--secret", "short")])
def test_what_cannot_be_is_named(run: Run, words: tuple[str, ...]) -> None:
    assert isinstance(run("add", "--kind", "stripe", *words).exception, InvalidInput)


def test_a_folder_is_made(run: Run, tmp_path: Path) -> None:
    said = run("add", "--kind", "folder", "--name", "nightly")
    assert said.output.splitlines()[0] == str(tmp_path / "inbox" / "shop" / "nightly")
    assert (tmp_path / "inbox" / "shop" / "nightly").is_dir()


def test_refusals_are_listed(
    run: Run, sqlite_session: Session, shop: Workspace, now: datetime
) -> None:
    error = FieldError(message="is no phone number", field="customer.phone", mend="Mend it.")
    keep(sqlite_session, shop.id, "api", [Refused("e1", error), Refused(None, error)], now)
    sqlite_session.commit()
    lines = run("refused").output.splitlines()
    assert lines[1] == (
        "2026-11-18T12:00:00+00:00\tapi\te1\tcustomer.phone: is no phone number. Mend it."
    )
    assert len(run("refused", "--limit", "1").output.splitlines()) == 1
