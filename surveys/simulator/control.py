"""The simulator's own door, in JSON: what phones got, what goes wrong, what somebody types."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import InvalidInput
from surveys.channels.addresses import is_whatsapp, plain
from surveys.simulator.faults import checked
from surveys.simulator.message import Message
from surveys.simulator.numbers import is_number
from surveys.simulator.service import Simulator


class Typed(BaseModel):
    """What a phone's owner sends; `media` are the kinds of what is attached.

    `button` is the id of a button that they tapped, whose words are the body.
    """

    model_config = ConfigDict(extra="forbid")
    body: str = Field(default="", max_length=1600)
    to: str | None = None
    button: str | None = Field(default=None, max_length=256)
    media: list[str] = Field(default=[], max_length=10)


class Wrong(BaseModel):
    """What is to go wrong: chances by name, and how the next requests to send are met."""

    model_config = ConfigDict(extra="forbid")
    odds: dict[str, float] | None = None
    next: list[str] = []


class Blocked(BaseModel):
    """The senders whose messages are lost, each with the code that receipts then tell."""

    model_config = ConfigDict(extra="forbid")
    senders: dict[str, int]


def make_blueprint(simulator: Simulator) -> Blueprint:
    """Everything under `/simulator`."""
    blueprint = Blueprint("control", __name__, url_prefix="/simulator")
    _add_phones(blueprint, simulator)
    _add_settings(blueprint, simulator)

    @blueprint.errorhandler(InvalidInput)
    @blueprint.errorhandler(ValidationError)
    def wrong(error: InvalidInput | ValidationError) -> tuple[Response, int]:
        return jsonify(error=_words(error)), 400

    return blueprint


def type_from(simulator: Simulator, phone: str, typed: Typed) -> Message:
    """Send what a phone's owner typed; raises InvalidInput."""
    if not is_number(plain(phone)):
        mend = "Write it with its country code, such as +447700900123."
        raise InvalidInput("is no phone number", field="phone", mend=mend)
    first = simulator.account.first_for(phone)
    if first is None:
        mend = "Start the simulator with --whatsapp NUMBER."
        raise InvalidInput("the account has no WhatsApp sender", field="to", mend=mend)
    to = typed.to or first
    if not simulator.account.has(to) or is_whatsapp(to) != is_whatsapp(phone):
        raise InvalidInput("is none of the account's numbers", field="to")
    if not typed.body.strip() and not typed.media:
        raise InvalidInput("there is nothing to send", field="body")
    return simulator.typed(phone, typed.body, typed.to, typed.media, typed.button)


def _add_phones(blueprint: Blueprint, simulator: Simulator) -> None:
    @blueprint.get("/phones")
    def phones() -> Response:
        return jsonify({number: _phone(simulator, number) for number in simulator.book.phones()})

    @blueprint.get("/phones/<number>")
    def phone(number: str) -> Response:
        return jsonify(_phone(simulator, number))

    @blueprint.post("/phones/<number>")
    def typed(number: str) -> Response:
        told = Typed.model_validate(request.get_json(force=True))
        message = type_from(simulator, number, told)
        return jsonify(sid=message.sid, answered=message.answered)


def _add_settings(blueprint: Blueprint, simulator: Simulator) -> None:
    faults = simulator.faults

    @blueprint.get("/")
    def state() -> Response:
        counted = Counter(one.status for one in simulator.book.newest_first())
        told: dict[str, Any] = {"messages": counted}
        told["webhooks"] = dict(simulator.webhooks.answers)
        told |= {"waiting": simulator.agenda.waiting, "odds": faults.odds, "seed": faults.seed}
        return jsonify({**told, "blocked": simulator.blocks.listed()})

    @blueprint.post("/faults")
    def go_wrong() -> Response:
        wrong = Wrong.model_validate(request.get_json(force=True))
        if wrong.odds is not None:
            faults.odds = checked(wrong.odds)
        faults.next(wrong.next)
        return jsonify(odds=faults.odds)

    @blueprint.post("/blocked")
    def block() -> Response:
        simulator.blocks.set(Blocked.model_validate(request.get_json(force=True)).senders)
        return jsonify(blocked=simulator.blocks.listed())

    @blueprint.get("/opt-outs")
    def opt_outs() -> Response:
        return jsonify(simulator.opt_outs.listed())

    @blueprint.get("/requests")
    def requests() -> Response:
        return jsonify([vars(one) for one in list(simulator.heard)])

    @blueprint.post("/settle")
    def settle() -> Response:
        return jsonify(settled=simulator.settle())

    @blueprint.post("/reset")
    def reset() -> Response:
        simulator.reset()
        return jsonify(reset=True)


def _words(error: InvalidInput | ValidationError) -> str:
    if isinstance(error, InvalidInput):
        return str(error)
    found = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)


def _phone(simulator: Simulator, number: str) -> dict[str, Any]:
    """What a phone got, each text with how often, and what its owner sent."""
    messages = simulator.book.of_phone(number)
    got = [one for one in messages if one.arrived]
    return {
        "received": [_got(one) for one in sorted(got, key=lambda one: one.arrived or one.created)],
        "times": Counter(one.body for one in got),
        "sent": [
            {"sid": one.sid, "body": one.body, "to": one.to, "answered": one.answered}
            for one in messages
            if one.inbound
        ],
    }


def _got(message: Message) -> dict[str, Any]:
    at = message.arrived.isoformat() if message.arrived else None
    return {"sid": message.sid, "from": message.sender, "body": message.body, "at": at}
