"""The HTTP client under Twilio's SDK, sent elsewhere than to Twilio."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's client, sent to another scheme and host: a proxy, or a server of a test."""

    def __init__(self, base: str | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(base) if base else None

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """Send a request of the SDK to the base address, its path kept."""
        if self._base is not None:
            there = urlsplit(url)
            path = self._base.path.rstrip("/") + there.path
            url = urlunsplit((self._base.scheme, self._base.netloc, path, there.query, ""))
        return super().request(method, url, *args, **options)
