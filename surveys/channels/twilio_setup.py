"""What is set up at Twilio, read through its SDK: the account, its numbers, its services."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException

from surveys.channels.twilio_client import Access, connect

MOST_SENDERS = 100
T = TypeVar("T")


@dataclass(frozen=True)
class AccountThere:
    """An account; `parent` is whose sub-account it is."""

    sid: str
    status: str
    parent: str | None


@dataclass(frozen=True)
class NumberThere:
    """A number of the account, and where what comes in for it is told."""

    number: str
    sends_sms: bool
    url: str | None
    method: str | None
    application: str | None = None


@dataclass(frozen=True)
class ServiceThere:
    """A messaging service, and where what comes in is told: to it, or as each number has it."""

    sid: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    short_codes: tuple[str, ...]
    url: str | None
    method: str | None
    as_numbers_have_it: bool


@dataclass(frozen=True)
class WhatsAppThere:
    """A WhatsApp sender of the account, and where what comes in for it is told."""

    sender: str
    status: str
    url: str | None
    method: str | None


@dataclass(frozen=True)
class TemplateThere:
    """A template of the account: its words, and how its approval by WhatsApp stands."""

    sid: str
    body: str
    status: str
    reason: str


class Unreadable(Exception):
    """Twilio can't be asked: `code` is its own word for why, None where it didn't answer."""

    def __init__(self, words: str, code: str | None = None) -> None:
        self.words, self.code = words, code
        super().__init__(words)


class TwilioSetup:
    """Reads one account; raises Unreadable, and gives None for what is not there."""

    def __init__(self, access: Access, timeout: float) -> None:
        self._owner = connect(access.as_owner, timeout)
        self._client = connect(access, timeout)
        self._sid = access.account_sid

    def account(self) -> AccountThere | None:
        """The account itself, by its own token."""
        found = _read(lambda: self._owner.api.accounts(self._sid).fetch())
        if found is None:
            return None
        owner = found.owner_account_sid
        parent = None if owner in (None, found.sid) else str(owner)
        return AccountThere(str(found.sid), str(found.status), parent)

    def number(self, number: str) -> NumberThere | None:
        """One of the account's numbers."""
        mine = self._client.incoming_phone_numbers
        found = _read(lambda: mine.list(phone_number=number, limit=1)) or ()
        return next((_number(one) for one in found if one.phone_number == number), None)

    def service(self, sid: str) -> ServiceThere | None:
        """A messaging service with its senders."""
        there = self._client.messaging.v1.services(sid)
        found = _read(there.fetch)
        if found is None:
            return None
        return ServiceThere(
            sid=sid,
            numbers=_senders(there.phone_numbers, "phone_number", sms=True),
            names=_senders(there.alpha_senders, "alpha_sender"),
            short_codes=_senders(there.short_codes, "short_code"),
            url=found.inbound_request_url or None,
            method=found.inbound_method,
            as_numbers_have_it=bool(found.use_inbound_webhook_on_number),
        )

    def whatsapp(self, sender: str) -> WhatsAppThere | None:
        """One of the account's WhatsApp senders."""
        listed = self._client.messaging.v2.channels_senders
        found = _read(lambda: listed.list(channel="whatsapp", limit=MOST_SENDERS)) or ()
        return next((_whatsapp(one) for one in found if one.sender_id == sender), None)

    def template(self, sid: str) -> TemplateThere | None:
        """A template, with its approval."""
        there = self._client.content.v1.contents(sid)
        found = _read(there.fetch)
        if found is None:
            return None
        approval = _read(there.approval_fetch().fetch)
        asked: dict[str, Any] = (approval.whatsapp if approval is not None else None) or {}
        status = str(asked.get("status") or "unsubmitted").lower()
        reason = str(asked.get("rejection_reason") or "")
        return TemplateThere(sid, _body(found.types), status, reason)


def _whatsapp(found: Any) -> WhatsAppThere:
    told: dict[str, Any] = found.webhook or {}
    url, method = told.get("callback_url"), told.get("callback_method")
    return WhatsAppThere(str(found.sender_id), str(found.status), url or None, method)


def _body(types: Any) -> str:
    """The words of a template, whatever type it is of."""
    kinds = types.values() if isinstance(types, dict) else ()
    bodies = (one.get("body") for one in kinds if isinstance(one, dict))
    return next((str(body) for body in bodies if body), "")


def _senders(listed: Any, name: str, sms: bool = False) -> tuple[str, ...]:
    """A service's senders of one kind, as far as a person would look through them."""
    found = _read(lambda: listed.list(limit=MOST_SENDERS)) or ()
    able = (one for one in found if not sms or "SMS" in (one.capabilities or ()))
    return tuple(str(getattr(one, name)) for one in able)


def _number(found: Any) -> NumberThere:
    can = found.capabilities or {}
    return NumberThere(
        str(found.phone_number),
        bool(can.get("sms")),
        found.sms_url or None,
        found.sms_method,
        found.sms_application_sid or None,
    )


def _read(ask: Callable[[], T]) -> T | None:
    """What Twilio answers; None where it knows of no such thing."""
    try:
        return ask()
    except RequestException as error:
        raise Unreadable(type(error).__name__) from error
    except (TwilioException, ValueError, KeyError, TypeError, AttributeError) as error:
        status, code = _refusal(error)
        if status == 404:
            return None
        if status is None:
            raise Unreadable("what answers there is not Twilio") from error
        passing = status >= 500 or status == 429
        raise Unreadable(
            f"it answers {status}", None if passing else str(code or status)
        ) from error


def _refusal(error: Exception) -> tuple[int | None, int | None]:
    """The status and the code in an error of the SDK's: lists hide both in the answer they got."""
    if isinstance(error, TwilioRestException):
        return error.status, error.code
    answer = error.args[1] if len(error.args) > 1 else None
    status = getattr(answer, "status_code", None)
    try:
        return status, json.loads(answer.text).get("code") if answer is not None else None
    except (ValueError, AttributeError):
        return status, None
