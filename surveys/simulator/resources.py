"""The account and its numbers as the REST API shows them."""

from __future__ import annotations

import hashlib
from typing import Any

from surveys.simulator.account import Account
from surveys.simulator.message import VERSION

# A time like any other: nothing depends on it.
SET_UP = "Sun, 01 Nov 2026 09:00:00 +0000"


def account_json(account: Account) -> dict[str, Any]:
    """The account's resource."""
    path = f"/{VERSION}/Accounts/{account.sid}"
    return {
        "auth_token": account.token,
        "date_created": SET_UP,
        "date_updated": SET_UP,
        "friendly_name": "Waymark's simulator",
        "owner_account_sid": account.sid,
        "sid": account.sid,
        "status": "active",
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
    sid = f"PN{hashlib.sha256(number.encode()).hexdigest()[:32]}"
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
