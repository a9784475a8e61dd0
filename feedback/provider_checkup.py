"""What can be wrong between Waymark and Twilio, each with its mend, down to what to paste where."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from feedback.finding import Finding
from feedback.sender_checkup import Ours, senders
from feedback.whatsapp_checkup import OurWhatsApp, whatsapp
from surveys.channels.errors import known
from surveys.channels.twilio_client import Access
from surveys.channels.twilio_setup import AccountThere, TwilioSetup, Unreadable

PATIENCE_SECONDS = 5.0


def provider(
    access: Access,
    ours: Ours,
    patience: float = PATIENCE_SECONDS,
    by_whatsapp: OurWhatsApp | None = None,
) -> Iterator[Finding]:
    """Everything that must be right for messages to leave and replies to come.

    The first time that Twilio doesn't answer is the last that it is asked.
    """
    yield public_address(ours)
    there = TwilioSetup(access, patience)
    asked_by = access.as_owner
    try:
        account = there.account()
        yield account_words(account, access)
        asked_by = access
        if account is not None and account.status == "active":
            yield from senders(there, ours)
            if by_whatsapp is not None:
                yield from whatsapp(there, by_whatsapp)
    except Unreadable as error:
        yield unreadable(error, asked_by)


def public_address(ours: Ours) -> Finding:
    """Can Twilio reach us, and safely."""
    url, subject = ours.public_url, "PUBLIC_URL"
    host = urlsplit(url).hostname or ""
    follow = "The addresses below follow it"
    if _is_private(host):
        why = f"{url} is known on this machine or network only, so no reply reaches it"
        mend = "set PUBLIC_URL to the https:// address that customers and Twilio reach"
        return Finding(subject, False, f"{why}: {mend}. {follow}")
    if not url.startswith("https://"):
        why = f"{url} is not https://, so numbers and answers travel for all to read"
        mend = f"end TLS in a proxy and set PUBLIC_URL=https://{url.partition('://')[2]}"
        return Finding(subject, False, f"{why}: {mend}. {follow}")
    return Finding(subject, True, f"{url}; incoming messages belong to {ours.inbound}")


def _is_private(host: str) -> bool:
    """Whether a host is surely known here only; names are not looked up."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def account_words(account: AccountThere | None, access: Access) -> Finding:
    """Is the account there and alive, and whose sub-account is it."""
    if account is None:
        return unreadable(Unreadable("it knows no such account", "20404"), access)
    whose = f", a sub-account of {account.parent}," if account.parent else ""
    if account.status == "active":
        return Finding("Twilio", True, f"answers; account {account.sid}{whose} is active")
    words = f"account {account.sid}{whose} is {account.status}: {_awaken(account)}"
    return Finding("Twilio", False, words)


def _awaken(account: AccountThere) -> str:
    """How an account that is not active comes back."""
    if account.status != "suspended":
        return "it can't be opened again, so set another TWILIO_ACCOUNT_SID"
    if account.parent is None:
        return "Twilio's console says why, and whom to write to"
    return f"sign in to {account.parent}, and make it active under Account management > Subaccounts"


def unreadable(error: Unreadable, access: Access) -> Finding:
    """Twilio refuses us, or doesn't answer."""
    if error.code is None:
        mend = "Nothing was checked there. Try again, and see status.twilio.com"
        if access.api_base or access.region or access.edge:
            mend += "; are TWILIO_API_BASE, TWILIO_REGION and TWILIO_EDGE right"
        return Finding("Twilio", False, f"can't be asked ({error.words}). {mend}")
    why = known(error.code).words or error.words
    if access.api_key:
        mend = "Make a new key under Account > API keys & tokens, and set TWILIO_API_KEY"
        mend += " and TWILIO_API_SECRET to it"
    else:
        mend = "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN anew from the console's first page"
    region = f"; those of region {access.region} are its own" if access.region else ""
    return Finding("Twilio", False, f"{why} ({error.code}). {mend}{region}")
