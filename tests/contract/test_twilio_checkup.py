"""The doctor's look at Twilio, by Twilio's real SDK against the simulator."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking_world import NOW, SENDER
from click.testing import CliRunner
from simulated_twilio import ACCOUNT, POOL, SERVICE, TOKEN, at_work
from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback.checkup import own_senders
from feedback.cli import group as cli
from feedback.finding import Finding
from feedback.provider_checkup import provider
from feedback.sender_checkup import Ours
from models.engine import make_engine
from models.workspace import Workspace
from surveys.channels.twilio_client import Access

PUBLIC = "https://ask.example.com"
INBOUND = f"{PUBLIC}/sms/twilio/inbound"
OTHER = "+447700900555"
PARENT = "AC" + "9" * 32
KEY, SECRET = "SK" + "1" * 32, "s" * 32
OURS = Ours(PUBLIC, SENDER, {})


def examined(ours: Ours = OURS, access: Mapping[str, Any] | None = None, **account: Any) -> Any:
    """What is found wrong, and all that is found."""
    with at_work(**{"inbound_url": INBOUND, **account}) as twilio:
        known = Access(ACCOUNT, TOKEN, twilio.base)
        found = list(provider(replace(known, **(access or {})), ours))
    return [one for one in found if not one.fine], found


def wrong(*args: Any, **account: Any) -> Finding:
    """The one thing that is wrong."""
    (found,), _ = examined(*args, **account)
    return found


@pytest.mark.parametrize("sender", [SENDER, SERVICE])
def test_nothing_is_wrong_with_a_whole_set_up(sender: str) -> None:
    ours = Ours(PUBLIC, sender, {POOL[0]: "shop", "FernField": "garden"})
    bad, found = examined(ours)
    assert bad == []
    assert any(INBOUND in one.words for one in found)
    assert any(one.subject == "sender FernField" and "link alone" in one.words for one in found)


def test_three_things_wrong_at_once_are_each_named_with_their_mend() -> None:
    ours = Ours("http://ask.example.com", SENDER, {OTHER: "shop, garden"})
    bad, _ = examined(ours, inbound_url="https://user:pass@old.example.com/hook?key=secret")
    address, webhook, number = bad
    assert address.subject == "PUBLIC_URL"
    assert "PUBLIC_URL=https://ask.example.com" in address.words
    assert webhook.subject == f"webhook of {SENDER}"
    assert "https://old.example.com/hook" in webhook.words
    assert "http://ask.example.com/sms/twilio/inbound, HTTP POST" in webhook.words
    assert number.subject == f"number {OTHER}"
    assert "shop, garden" in number.words and "21606" in number.words
    assert not any(hidden in repr(bad) for hidden in ("pass@", "key=secret", TOKEN))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:8000", "this machine or network only"),
        ("https://localhost", "this machine or network only"),
        ("https://10.1.2.3", "this machine or network only"),
        ("https://[::1]:8000", "this machine or network only"),
        ("https://waymark", "this machine or network only"),
        ("http://ask.example.com", "not https://"),
    ],
)
def test_an_address_that_twilio_cannot_reach_or_must_not(url: str, words: str) -> None:
    found = wrong(Ours(url, SENDER, {}), inbound_url=f"{url}/sms/twilio/inbound")
    assert found.subject == "PUBLIC_URL" and words in found.words


def test_a_service_must_be_there_with_a_number_and_tell_us() -> None:
    ours = replace(OURS, sender=SERVICE)
    assert "TWILIO_MESSAGING_SERVICE_SID" in wrong(ours, services={}).words
    empty = wrong(ours, services={SERVICE: ()})
    assert "no sender" in empty.words and "Sender Pool" in empty.words
    assert "only names" in wrong(ours, services={SERVICE: ("FernField",)}).words
    nowhere = wrong(ours, inbound_url=None)
    assert nowhere.subject == f"webhook of {SERVICE}"
    assert f"paste {INBOUND}" in nowhere.words


def test_a_service_may_leave_what_comes_in_to_its_numbers() -> None:
    ours = replace(OURS, sender=SERVICE)
    values = {"as_numbers_have_it": True, "inbound_url": "https://old.example.com/"}
    bad, _ = examined(ours, **values)
    assert [one.subject for one in bad] == [f"webhook of {number}" for number in POOL]
    assert examined(ours, as_numbers_have_it=True)[0] == []


def test_a_sub_account_is_told_with_its_parent_and_state() -> None:
    bad, found = examined(owner=PARENT)
    assert bad == []
    assert any(f"sub-account of {PARENT}" in one.words for one in found)
    for status, mend in (("suspended", f"sign in to {PARENT}"), ("closed", "another")):
        stopped = wrong(owner=PARENT, status=status)
        assert status in stopped.words and mend in stopped.words and PARENT in stopped.words
    assert "console says why" in wrong(status="suspended").words


def test_wrong_credentials_are_told_without_them() -> None:
    found = wrong(OURS, {"auth_token": "0" * 32})
    assert "20003" in found.words and "TWILIO_AUTH_TOKEN" in found.words
    assert "0" * 32 not in found.words.replace(ACCOUNT, "")


def test_a_key_signs_in_to_all_but_the_account_itself() -> None:
    by_key = {"api_key": KEY, "api_secret": SECRET}
    assert examined(OURS, by_key, keys={KEY: SECRET})[0] == []
    found = wrong(OURS, by_key, keys={KEY: "another"})
    assert "TWILIO_API_SECRET" in found.words and "AUTH_TOKEN" not in found.words


def test_another_account_than_ours() -> None:
    found = wrong(OURS, {"account_sid": PARENT})
    assert "TWILIO_ACCOUNT_SID" in found.words


def test_twilio_that_is_down_is_told_after_one_try() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(0)
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = list(provider(Access(ACCOUNT, TOKEN, base), OURS, patience=0.2))
        silent.accept()
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert [one.fine for one in found] == [True, False]
    assert "can't be asked (ReadTimeout)" in found[1].words
    (refused,) = (one for one in provider(Access(ACCOUNT, TOKEN, base), OURS) if not one.fine)
    assert "ConnectionError" in refused.words


def test_each_workspace_s_own_sender_is_looked_at(session: Session) -> None:
    for name, sender in (("b", SENDER), ("a", SENDER), ("c", None), ("d", "FernField")):
        session.add(Workspace(name=name, company=name, sender=sender, created_at=NOW))
    session.commit()
    assert own_senders(session) == {SENDER: "a, b", "FernField": "d"}


def test_the_command_says_it_and_ends_in_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(inbound_url=INBOUND) as twilio:
        told = {
            "WAYMARK_HOME": str(tmp_path),
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": OTHER,
            "TWILIO_API_BASE": twilio.base,
            "PUBLIC_URL": PUBLIC,
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        assert CliRunner().invoke(cli, ["workspace", "create", "shop"]).exit_code == 0
        with Session(make_engine(f"sqlite:///{tmp_path / 'waymark.db'}")) as session:
            session.execute(update(Workspace).values(sender=SENDER))
            session.commit()
        result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert f"MEND number {OTHER}: set by TWILIO_FROM, is not the account's" in result.output
    assert f"ok   number {SENDER}: of shop, is the account's" in result.output
    assert f"ok   webhook of {SENDER}" in result.output
    assert TOKEN not in result.output
