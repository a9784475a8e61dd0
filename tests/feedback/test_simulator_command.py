"""`waymark simulator` as somebody starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from feedback.settings import load


def start(*arguments: str, root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "feedback", "simulator", "--port", "0", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    )


def test_it_prints_settings_that_waymark_takes_and_answers_to_them(repository_root: Path) -> None:
    process = start("--webhooks", "http://127.0.0.1:1/", "--service", root=repository_root)
    assert process.stdout
    told: dict[str, str] = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").strip().partition("=")
            told[name] = value
        if "TWILIO_API_BASE" in told:
            break
    settings = load({**told, "SECRET_KEY": "s" * 40, "DATABASE_URL": "sqlite:///x"})
    assert settings.twilio_messaging_service_sid
    account = settings.twilio_account_sid
    answer = requests.get(
        f"{settings.twilio_api_base}/2010-04-01/Accounts/{account}.json",
        auth=(str(account), str(settings.twilio_auth_token)),
        timeout=10,
    )
    assert answer.json()["status"] == "active"
    assert "<h1>Phones</h1>" in requests.get(f"{settings.twilio_api_base}/", timeout=10).text
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--faults", "lately=1"], "there is no fault 'lately'"),
        (["--delays", "sent"], "is no list of delays"),
        (["--blocked", "+447700900999=30034"], "is none of the account's numbers"),
        (["--number", "12"], "--number: can't be '12'"),
        (["--account", "me"], "--account: can't be 'me'"),
        (["--webhooks", "here"], "--webhooks: can't be"),
    ],
)
def test_what_is_wrong_is_said_with_its_mend(
    repository_root: Path, arguments: list[str], said: str
) -> None:
    process = start(*arguments, root=repository_root)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said in errors
