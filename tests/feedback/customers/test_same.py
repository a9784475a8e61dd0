from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.commands.customer import command
from feedback.customers.same import alike, merge_all
from models.customer import Customer
from models.workspace import Workspace

PHONE = "+447700900001"


@pytest.fixture
def people(session: Session, workspace: Workspace, now: datetime) -> Workspace:
    def add(key: str, **more: Any) -> None:
        about = {"attributes": {}, "created_at": now, "updated_at": now, **more}
        session.add(Customer(workspace_id=workspace.id, external_id=key, **about))

    add("a", phone=PHONE, email="Ada@example.org")
    add("b", phone=PHONE, email="bob@example.org")
    add("c", email="ada@EXAMPLE.org")
    add("d")
    add("e")
    session.commit()
    return workspace


@pytest.mark.parametrize(("by", "groups"), [("phone", [["a", "b"]]), ("email", [["a", "c"]])])
def test_who_shares_an_address_is_found(
    session: Session, people: Workspace, by: str, groups: list[list[str]]
) -> None:
    assert [one.ids for one in alike(session, people.id, by)] == groups


def test_they_are_merged_into_the_oldest(
    session: Session, people: Workspace, now: datetime
) -> None:
    for by in ("phone", "email"):
        assert [merge_all(session, one, now) for one in alike(session, people.id, by)] == [1]
        session.commit()
        assert alike(session, people.id, by) == []
    assert list(session.scalars(select(Customer.external_id).order_by("id"))) == ["a", "d", "e"]


def test_the_command_merges_only_when_asked(
    session: Session, people: Workspace, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "k" * 40,
        "PUBLIC_URL": "http://127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    asked = ["same", "--workspace", "shop", "--by", "phone"]
    assert CliRunner().invoke(command, asked).output == "a\tb\n"
    assert CliRunner().invoke(command, asked).output == "a\tb\n"
    assert CliRunner().invoke(command, [*asked, "--merge"]).output == "a\tb\n"
    assert CliRunner().invoke(command, asked).output == ""
    said = CliRunner().invoke(command, ["merge", "a", "b", "--workspace", "shop"])
    assert "one customer already: a" in said.output
    said = CliRunner().invoke(command, ["merge", "a", "c", "--workspace", "shop"])
    assert said.output.startswith("c is a now; moved: ")
