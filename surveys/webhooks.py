"""Twilio's webhooks: verified by signature, idempotent, and never a 400 for a strange body."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from models.base import db
from models.errors import Forbidden
from surveys.access import Access, allow
from surveys.inbound import Inbound, receive
from surveys.persisting import persist
from surveys.receipts import apply_status
from surveys.services import Services

log = logging.getLogger(__name__)

NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
LONGEST_ADDRESS, LONGEST_ID = 34, 64


def make_blueprint(services: Services) -> Blueprint:
    """`POST /sms/twilio/inbound` and `/sms/twilio/status`."""
    blueprint = Blueprint("twilio", __name__, url_prefix="/sms/twilio")

    @blueprint.post("/inbound")
    @allow(Access.SIGNED)
    def inbound() -> Response:
        verify(services)
        came = _inbound(services.gateway.name)
        if came is None:
            log.warning("a signed inbound request holds no message")
        else:
            _persist(lambda session, now: receive(session, services, came, now), services)
        return _empty()

    @blueprint.post("/status")
    @allow(Access.SIGNED)
    def status() -> Response:
        verify(services)
        provider = services.gateway.name
        _persist(lambda session, now: _receipt(session, provider, now), services)
        return _empty()

    return blueprint


def verify(services: Services) -> None:
    """Refuse what Twilio didn't sign (Forbidden), by SHA-1 or, where it says so, SHA-256.

    Each account signs with its own token. The address that was signed is the public one,
    whatever a proxy made of it on the way.
    """
    tokens = (services.twilio_auth_token, services.twilio_fallback_token)
    signature = request.headers.get(SIGNATURE_HEADER, "")
    signed_url = services.public_url + request.full_path.removesuffix("?")
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER))
    for token in filter(None, tokens):
        if RequestValidator(token).validate(signed_url, request.form, signature, algorithm):
            return
    raise Forbidden(
        "the request isn't signed by Twilio",
        field=SIGNATURE_HEADER,
        mend="Check that PUBLIC_URL is the address Twilio calls and that the token is current.",
    )


def _inbound(provider: str) -> Inbound | None:
    """The message in a request, fit to be kept; None where what makes one is missing."""
    form = {name: value.replace("\x00", "") for name, value in request.form.items()}
    provider_id = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    address, to = form.get("From", ""), form.get("To", "")
    if not provider_id or not address or len(provider_id) > LONGEST_ID:
        return None
    if max(len(address), len(to)) > LONGEST_ADDRESS:
        return None
    media = form.get("NumMedia", "0")
    return Inbound(
        provider=provider,
        provider_id=provider_id,
        sender_to=to,
        address_from=address,
        body=form.get("Body") or form.get("ButtonText") or form.get("ListTitle") or "",
        media_count=int(media) if media.isascii() and media.isdigit() else 0,
        opt_out_type=form.get("OptOutType") or None,
        service=form.get("MessagingServiceSid") or None,
        button=form.get("ButtonPayload") or form.get("ListId") or None,
    )


def _receipt(session: Session, provider: str, now: datetime) -> bool:
    form = request.form
    provider_id = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not provider_id or not status or len(provider_id) > LONGEST_ID:
        log.warning("a signed receipt names no message or no status")
        return False
    ours = request.args.get("m", type=int)
    code = form.get("ErrorCode") or None
    return apply_status(session, provider, provider_id, status.lower(), code, now, ours)


def _persist(work: Callable[[Session, datetime], object], services: Services) -> None:
    """Do the work, however often the database is away: a webhook that failed isn't repeated."""
    persist(db.session(), lambda session: work(session, services.now()))


def _empty() -> Response:
    return Response(NO_REPLY, content_type="text/xml; charset=utf-8")
