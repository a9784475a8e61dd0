"""What Twilio's REST API has of WhatsApp: templates with their approval, and senders."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify

from surveys.channels.addresses import WHATSAPP, address_on
from surveys.simulator.account import Account
from surveys.simulator.problems import Problem
from surveys.simulator.template import Template, approval_json, content_json, contents_json

CONTENT, SENDERS = "/v1/Content", "/v2/Channels/Senders"


def make_whatsapp(account: Account) -> Blueprint:
    """The Content API and the list of senders, to read."""
    blueprint = Blueprint("whatsapp", __name__)

    def found(sid: str) -> Template:
        template = account.template(sid)
        if template is None:
            raise Problem(20404)
        return template

    @blueprint.get(CONTENT)
    def contents() -> Response:
        return jsonify(contents_json(account.templates, account.sid))

    @blueprint.get(f"{CONTENT}/<sid>")
    def content(sid: str) -> Response:
        return jsonify(content_json(found(sid), account.sid))

    @blueprint.get(f"{CONTENT}/<sid>/ApprovalRequests")
    def approval(sid: str) -> Response:
        return jsonify(approval_json(found(sid), account.sid))

    @blueprint.get(SENDERS)
    def senders() -> Response:
        return jsonify(_senders_json(account))

    return blueprint


def _senders_json(account: Account) -> dict[str, Any]:
    url = f"https://messaging.twilio.com{SENDERS}"
    links = {"first_page_url": url, "next_page_url": None, "previous_page_url": None}
    meta = {"key": "senders", "page": 0, "page_size": 50, "url": url}
    return {"meta": meta | links, "senders": [_sender(account, one) for one in account.whatsapp]}


def _sender(account: Account, number: str) -> dict[str, Any]:
    """A sender; what comes in for it goes where the account's does."""
    sid = f"XE{hashlib.sha256(number.encode()).hexdigest()[:32]}"
    return {
        "configuration": {"waba_id": "1234567890"},
        "offline_reasons": None,
        "profile": {"name": "Waymark's simulator"},
        "properties": {"messaging_limit": "1K Customers/24hr", "quality_rating": "HIGH"},
        "sender_id": address_on(WHATSAPP, number),
        "sid": sid,
        "status": "ONLINE",
        "url": f"https://messaging.twilio.com{SENDERS}/{sid}",
        "webhook": {
            "callback_method": "POST",
            "callback_url": account.inbound_url,
            "fallback_method": "POST",
            "fallback_url": None,
            "status_callback_method": "POST",
            "status_callback_url": None,
        },
    }
