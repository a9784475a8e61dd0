"""What Waymark is told in its environment so that it texts by the simulator."""

from __future__ import annotations

from surveys.channels.addresses import WHATSAPP, address_on
from surveys.simulator.account import Account

INBOUND = "/sms/twilio/inbound"


def environment(account: Account, webhooks: str, base: str) -> dict[str, str]:
    """The variables; PUBLIC_URL among them, since signatures cover the address that is told."""
    service = next(iter(account.services), None)
    sender = {"TWILIO_FROM": account.numbers[0]}
    whatsapp = account.whatsapp[:1]
    return {
        "PUBLIC_URL": webhooks,
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.token,
        **({"TWILIO_MESSAGING_SERVICE_SID": service} if service else sender),
        **({"TWILIO_WHATSAPP_FROM": address_on(WHATSAPP, whatsapp[0])} if whatsapp else {}),
        "TWILIO_API_BASE": base,
    }
