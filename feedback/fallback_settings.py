"""Settings of the sender, perhaps of another account, that stands in while the first fails."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from feedback import setting_checks as checks

_TOGETHER = (
    ("account_sid", "auth_token"),
    ("auth_token", "account_sid"),
    ("api_key", "api_secret"),
    ("api_secret", "api_key"),
    ("api_key", "account_sid"),
    ("region", "account_sid"),
    ("edge", "account_sid"),
)
_NAMES = ("account_sid", "auth_token", "from", "messaging_service_sid", "api_key", "api_secret")


class FallbackSettings(BaseModel):
    """The fall-back's own; field names are the variables' names.

    With a sender alone it belongs to the first account.
    """

    twilio_fallback_account_sid: str | None = Field(default=None, pattern=r"^AC[0-9a-fA-F]{32}$")
    twilio_fallback_auth_token: str | None = Field(default=None, repr=False, min_length=8)
    twilio_fallback_from: Annotated[str, AfterValidator(checks.number)] | None = None
    twilio_fallback_messaging_service_sid: str | None = Field(
        default=None, pattern=r"^MG[0-9a-fA-F]{32}$"
    )
    twilio_fallback_api_key: str | None = Field(default=None, pattern=r"^SK[0-9a-fA-F]{32}$")
    twilio_fallback_api_secret: str | None = Field(default=None, repr=False, min_length=8)
    twilio_fallback_region: Annotated[str, AfterValidator(checks.twilio_region)] | None = None
    twilio_fallback_edge: Annotated[str, AfterValidator(checks.twilio_edge)] | None = None
    twilio_fallback_api_base: Annotated[str, AfterValidator(checks.web_address)] | None = None

    @property
    def fallback_sender(self) -> str | None:
        """The number or messaging service that stands in; None where nobody does."""
        return self.twilio_fallback_messaging_service_sid or self.twilio_fallback_from


def problems(settings: FallbackSettings, account_sid: str | None, sender: str | None) -> list[str]:
    """What is missing or can't be, beside the first account and its sender."""
    given = {name: getattr(settings, f"twilio_fallback_{name}") for name in _NAMES}
    if not any(given.values()):
        return []
    if account_sid is None:
        return ["TWILIO_ACCOUNT_SID is missing: there is no first sender to stand in for"]
    known = {**given, "region": settings.twilio_fallback_region}
    known["edge"] = settings.twilio_fallback_edge
    found = [
        f"{_name(absent)} is missing beside {_name(there)}"
        for there, absent in _TOGETHER
        if known[there] and not known[absent]
    ]
    if settings.fallback_sender is None:
        found.append(f"{_name('from')} or {_name('messaging_service_sid')} is missing")
    elif settings.fallback_sender == sender:
        found.append(f"{_name('from')} is the first sender itself: name another one")
    if given["account_sid"] == account_sid:
        found.append(f"{_name('account_sid')} is TWILIO_ACCOUNT_SID: leave it and its token out")
    return found


def _name(field: str) -> str:
    return f"TWILIO_FALLBACK_{field.upper()}"
