"""The account and its numbers as the REST API shows them."""

from __future__ import annotations

import hashlib
from typing import Any

from surveys.channels.names import is_name
from surveys.simulator.account import Account
from surveys.simulator.message import VERSION

# A time like any other: nothing depends on it.
SET_UP, SET_UP_ISO = "Sun, 01 Nov 2026 09:00:00 +0000", "2026-11-01T09:00:00Z"
MESSAGING = "https://messaging.twilio.com/v1/Services"


def account_json(account: Account) -> dict[str, Any]:
    """The account's resource."""
    path = f"/{VERSION}/Accounts/{account.sid}"
    return {
        "auth_token": account.token,
        "date_created": SET_UP,
        "date_updated": SET_UP,
        "friendly_name": "Waymark's simulator",
        "owner_account_sid": account.owner or account.sid,
        "sid": account.sid,
        "status": account.status,
        "subresource_uris": {"messages": f"{path}/Messages.json"},
        "type": "Full",
        "uri": f"{path}.json",
    }


def numbers_json(account: Account, asked: str | None) -> dict[str, Any]:
    """The account's numbers in one page; only the one asked for."""
    rows = [_number(account, one) for one in account.all_numbers() if asked in (None, one)]
    path = f"/{VERSION}/Accounts/{account.sid}/IncomingPhoneNumbers.json?PageSize=50&Page=0"
    return {
        "end": max(len(rows) - 1, 0),
        "first_page_uri": path,
        "incoming_phone_numbers": rows,
        "next_page_uri": None,
        "page": 0,
        "page_size": 50,
        "previous_page_uri": None,
        "start": 0,
        "uri": path,
    }


def _number(account: Account, number: str) -> dict[str, Any]:
    sid = _number_sid(number)
    return {
        "account_sid": account.sid,
        "api_version": VERSION,
        "capabilities": {"fax": False, "mms": True, "sms": True, "voice": False},
        "date_created": SET_UP,
        "date_updated": SET_UP,
        "friendly_name": number,
        "phone_number": number,
        "sid": sid,
        "sms_method": "POST",
        "sms_url": account.inbound_url or "",
        "status": "in-use",
        "uri": f"/{VERSION}/Accounts/{account.sid}/IncomingPhoneNumbers/{sid}.json",
    }


def service_json(account: Account, sid: str) -> dict[str, Any]:
    """A messaging service; what comes in for its numbers goes where the account's does."""
    url = f"{MESSAGING}/{sid}"
    return {
        "account_sid": account.sid,
        "date_created": SET_UP_ISO,
        "date_updated": SET_UP_ISO,
        "fallback_method": "POST",
        "fallback_url": None,
        "friendly_name": "Waymark's service",
        "inbound_method": "POST",
        "inbound_request_url": account.inbound_url,
        "links": {"phone_numbers": f"{url}/PhoneNumbers"},
        "sid": sid,
        "smart_encoding": False,
        "status_callback": None,
        "sticky_sender": True,
        "url": url,
        "use_inbound_webhook_on_number": account.as_numbers_have_it,
        "validity_period": 36000,
    }


def pool_json(account: Account, sid: str) -> dict[str, Any]:
    """The numbers of a service in one page."""
    url = f"{MESSAGING}/{sid}/PhoneNumbers"
    numbers = (one for one in account.services[sid] if not is_name(one))
    rows = [
        {
            "account_sid": account.sid,
            "capabilities": ["SMS", "MMS"],
            "date_created": SET_UP_ISO,
            "date_updated": SET_UP_ISO,
            "phone_number": number,
            "service_sid": sid,
            "sid": _number_sid(number),
            "url": f"{url}/{_number_sid(number)}",
        }
        for number in numbers
    ]
    return _page("phone_numbers", rows, url)


def names_json(account: Account, sid: str) -> dict[str, Any]:
    """The names that a service may text under, in one page."""
    url = f"{MESSAGING}/{sid}/AlphaSenders"
    rows = [
        {
            "account_sid": account.sid,
            "alpha_sender": name,
            "capabilities": ["SMS"],
            "date_created": SET_UP_ISO,
            "date_updated": SET_UP_ISO,
            "service_sid": sid,
            "sid": _number_sid(name).replace("PN", "AI", 1),
            "url": f"{url}/{name}",
        }
        for name in account.services[sid]
        if is_name(name)
    ]
    return _page("alpha_senders", rows, url)


def short_codes_json(sid: str) -> dict[str, Any]:
    """A service's short codes: none."""
    return _page("short_codes", [], f"{MESSAGING}/{sid}/ShortCodes")


def _page(key: str, rows: list[dict[str, Any]], url: str) -> dict[str, Any]:
    meta = {"key": key, "page": 0, "page_size": 50, "url": url}
    links = {"first_page_url": url, "next_page_url": None, "previous_page_url": None}
    return {key: rows, "meta": meta | links}


def _number_sid(number: str) -> str:
    return f"PN{hashlib.sha256(number.encode()).hexdigest()[:32]}"
