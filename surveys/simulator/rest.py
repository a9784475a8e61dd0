"""Twilio's REST API of 2010-04-01, as far as messages go, and its messaging services."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from surveys.simulator import moods
from surveys.simulator.message import VERSION, as_json
from surveys.simulator.paging import listed
from surveys.simulator.problems import Problem
from surveys.simulator.resources import (
    account_json,
    names_json,
    numbers_json,
    pool_json,
    service_json,
    short_codes_json,
)
from surveys.simulator.service import Heard, Simulator
from surveys.simulator.whatsapp_rest import CONTENT, SENDERS, make_whatsapp

ROOT, SERVICES = f"/{VERSION}/Accounts", "/v1/Services"
ROOTS = (ROOT, SERVICES, CONTENT, SENDERS)


def install(app: Flask, simulator: Simulator) -> None:
    """Answer as Twilio does, in its shape also where there is nothing."""
    app.register_blueprint(_messages(simulator))
    app.register_blueprint(_account(simulator))
    app.register_blueprint(_services(simulator))
    app.register_blueprint(make_whatsapp(simulator.account))

    @app.before_request
    def authenticate() -> None:
        if not request.path.startswith(ROOTS):
            return
        given = request.authorization
        known = {simulator.account.sid: simulator.account.token}
        if request.path != f"{ROOT}/{simulator.account.sid}.json":  # no key reads the account
            known |= simulator.account.keys
        if given is None or given.type != "basic" or not given.password:
            raise Problem(20003)
        if known.get(given.username or "") != given.password:
            raise Problem(20003)
        values = request.form if request.method == "POST" else request.args
        came = Heard(request.method, request.path, values.to_dict(flat=False))
        simulator.heard.append(came)

    @app.errorhandler(Problem)
    def refuse(problem: Problem) -> tuple[Response, int]:
        return jsonify(problem.as_json()), problem.status

    @app.errorhandler(NotFound)
    @app.errorhandler(MethodNotAllowed)
    def nothing(error: NotFound | MethodNotAllowed) -> Any:
        if not request.path.startswith(ROOTS):
            return error
        return refuse(Problem(20404 if isinstance(error, NotFound) else 20004))


def _messages(simulator: Simulator) -> Blueprint:
    """Sending, the list, and one message."""
    here = f"{ROOT}/{simulator.account.sid}/Messages"
    blueprint = Blueprint("messages", __name__)

    @blueprint.post(f"{here}.json")
    def create() -> Response:
        mood = simulator.mood(request.form.get("To", ""), request.form.get("Body", ""))
        refused = moods.before(mood, simulator)
        if refused is not None:
            return refused
        answer = jsonify(as_json(simulator.send(request.form)))
        answer.status_code = 201
        return moods.after(mood, simulator, answer)

    @blueprint.get(f"{here}.json")
    def page() -> Response:
        if simulator.faults.happens("lists", str(simulator.faults.tried("list"))):
            raise Problem(20500)
        return jsonify(listed(simulator.book, request.args, request.path))

    @blueprint.get(f"{here}/<sid>.json")
    def one(sid: str) -> Response:
        message = simulator.book.get(sid)
        if message is None:
            raise Problem(20404)
        return jsonify(as_json(message))

    return blueprint


def _account(simulator: Simulator) -> Blueprint:
    """The account, and where its numbers send what comes in."""
    account = simulator.account
    here = f"{ROOT}/{account.sid}"
    blueprint = Blueprint("account", __name__)

    @blueprint.get(f"{here}.json")
    def whole() -> Response:
        return jsonify(account_json(account))

    @blueprint.get(f"{here}/IncomingPhoneNumbers.json")
    def numbers() -> Response:
        return jsonify(numbers_json(account, request.args.get("PhoneNumber")))

    return blueprint


def _services(simulator: Simulator) -> Blueprint:
    """Messaging services, each with its senders."""
    account = simulator.account
    blueprint = Blueprint("services", __name__, url_prefix=f"{SERVICES}/<sid>")

    @blueprint.before_request
    def known() -> None:
        if (request.view_args or {}).get("sid") not in account.services:
            raise Problem(20404)

    @blueprint.get("")
    def service(sid: str) -> Response:
        return jsonify(service_json(account, sid))

    @blueprint.get("/PhoneNumbers")
    def numbers(sid: str) -> Response:
        return jsonify(pool_json(account, sid))

    @blueprint.get("/AlphaSenders")
    def names(sid: str) -> Response:
        return jsonify(names_json(account, sid))

    @blueprint.get("/ShortCodes")
    def short_codes(sid: str) -> Response:
        return jsonify(short_codes_json(sid))

    return blueprint
