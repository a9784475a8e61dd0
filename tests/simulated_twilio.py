"""The simulator at work for a test, and Twilio's description to hold it and us to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jsonschema
import requests
from asking_world import SENDER

from surveys.simulator.account import Account
from surveys.simulator.app import create_app
from surveys.simulator.faults import Faults
from surveys.simulator.message import Message
from surveys.simulator.server import running
from surveys.simulator.service import Simulator

ACCOUNT = "AC" + "0" * 32
TOKEN = "f" * 32
SERVICE = "MG" + "a" * 32
POOL = ("+447700900001", "+447700900002")
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
LATE = 60.0
Form = dict[str, list[str]]


@dataclass(frozen=True)
class Twilio:
    """The simulator, and where it listens; what is due happens when `settle` says so."""

    simulator: Simulator
    base: str

    @property
    def messages(self) -> list[Message]:
        """What was accepted, oldest first."""
        accepted = [one for one in self.simulator.book.newest_first() if not one.inbound]
        return [one for one in accepted if one.direction == "outbound-api"][::-1]

    @property
    def sent_forms(self) -> list[Form]:
        """The requests to send, whatever became of them."""
        return [dict(one.fields) for one in self.simulator.heard if one.method == "POST"]

    @property
    def queries(self) -> list[Form]:
        """The requests to read."""
        return [dict(one.fields) for one in self.simulator.heard if one.method == "GET"]

    def phone(self, number: str) -> list[str]:
        """What was accepted for a phone."""
        return [message.body for message in self.messages if message.to == number]

    def got(self, number: str) -> list[str]:
        """What reached a phone."""
        mine = self.simulator.book.of_phone(number)
        return [message.body for message in mine if message.arrived]

    def next(self, *moods: str) -> None:
        """How the next requests to send are met."""
        self.simulator.faults.next(moods)

    def settle(self) -> None:
        """Let everything accepted take its course."""
        assert self.simulator.settle()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """A resource of the account, without the SDK."""
        address = f"{self.base}{ROOT}/{path}".rstrip("/") + ".json"
        answer = requests.get(address, query, auth=(ACCOUNT, TOKEN), timeout=10)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def at_work(
    faults: Faults | None = None, clocks: Mapping[str, Any] | None = None, **account: Any
) -> Iterator[Twilio]:
    """A simulated account with one number and one service, on a free local port."""
    numbers = {"numbers": (SENDER,), "services": {SERVICE: POOL}}
    held = Account(**{"token": TOKEN, "sid": ACCOUNT, **numbers, **account})
    simulator = Simulator(held, faults, late_seconds=LATE, **(clocks or {}))
    with running(simulator, create_app(simulator)) as base:
        yield Twilio(simulator, base)


def schema(description: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema of Twilio's description, as JSON Schema: null where that is allowed."""
    found = dict(description["components"]["schemas"][name])
    found["properties"] = {
        key: {"anyOf": [value, {"type": "null"}]} if value.get("nullable") else value
        for key, value in found["properties"].items()
    }
    return found | {"components": description["components"]}


def check_form(description: dict[str, Any], form: Form) -> None:
    """A form as Twilio describes it: known fields, of their types, nothing repeated."""
    create = description["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    body = create["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    strict = dict(body) | {"additionalProperties": False}
    strict |= {"components": description["components"]}
    assert all(len(values) == 1 for values in form.values())
    jsonschema.validate({name: values[0] for name, values in form.items()}, strict)
