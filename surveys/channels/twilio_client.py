"""How Twilio is reached: whose account, by which key, in which region, through its own SDK."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from twilio.rest import Client

from surveys.channels.twilio_http import RebasedHttpClient


@dataclass(frozen=True)
class Access:
    """One account's credentials, and where its requests go.

    `api_key` and its secret sign in where there are any, else the account's own token does.
    `region` and `edge` are Twilio's; `api_base` sends the SDK elsewhere than to Twilio.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    api_base: str | None = None
    region: str | None = None
    edge: str | None = None
    api_key: str | None = None
    api_secret: str | None = field(default=None, repr=False)

    @property
    def as_owner(self) -> Access:
        """The same by the account's own token: a key may not read the account itself."""
        return replace(self, api_key=None, api_secret=None)


def connect(access: Access, timeout: float) -> Any:
    """The SDK's client; it sends nothing yet, and belongs to one thread."""
    return Client(
        access.api_key or access.account_sid,
        access.api_secret if access.api_key else access.auth_token,
        access.account_sid,
        region=access.region,
        edge=access.edge,
        http_client=RebasedHttpClient(access.api_base, timeout),
    )
