"""Who sent a webhook: each kind's own proof, checked over the bytes as they came.

Written out with the standard library's HMAC: what Shopify, WooCommerce, Stripe and Zendesk document
is one line each, and none but Stripe offers a Python library that does no more than this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from models.errors import NotAuthenticated

TOLERANCE = timedelta(minutes=5)
"""How old a signature with a time may be (Stripe's own default), and how far ahead."""
Headers = Mapping[str, str]
"""By their names in small letters."""
Check = Callable[[str, Headers, bytes, datetime], None]


def _refuse(what: str, field: str, mend: str) -> NotAuthenticated:
    return NotAuthenticated(what, field=field, mend=mend)


def _digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def _in_base64(secret: str, signed: bytes) -> str:
    return base64.b64encode(_digest(secret, signed)).decode()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _header(headers: Headers, name: str) -> str:
    given = headers.get(name.lower(), "")
    if not given:
        raise _refuse("is missing", name, "Give the source its secret on both sides.")
    return given


def _mismatch(name: str) -> NotAuthenticated:
    return _refuse("doesn't fit the body", name, "Check that both sides know the same secret.")


def _fresh(at: datetime, now: datetime, name: str) -> None:
    if abs(now - at) > TOLERANCE:
        mend = "Send it anew, with both clocks right: a call is taken for five minutes."
        raise _refuse("was signed at another time", name, mend)


def _base64_header(name: str) -> Check:
    def check(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
        if not _same(_header(headers, name), _in_base64(secret, body)):
            raise _mismatch(name)

    return check


def stripe(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
    """`t=SECONDS,v1=HEX[,v1=…]`, over the time, a dot, and the body."""
    name = "Stripe-Signature"
    parts = [part.split("=", 1) for part in _header(headers, name).split(",") if "=" in part]
    times = [text.strip() for key, text in parts if key.strip() == "t"]
    signatures = [text.strip() for key, text in parts if key.strip() == "v1"]
    if not times or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 11:
        raise _refuse("holds no time", name, "Send it as t=…,v1=….")
    wanted = _digest(secret, times[0].encode() + b"." + body).hex()
    if not any(_same(one, wanted) for one in signatures):
        raise _mismatch(name)
    _fresh(datetime.fromtimestamp(int(times[0]), UTC), now, name)


def zendesk(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
    """Base64 over the time as it is written and the body."""
    name, at = "X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp"
    given, written = _header(headers, name), _header(headers, at)
    if not _same(given, _in_base64(secret, written.encode() + body)):
        raise _mismatch(name)
    try:
        signed = datetime.fromisoformat(written)
    except ValueError:
        raise _refuse("is no time", at, "Send it as Zendesk does.") from None
    _fresh(signed if signed.tzinfo else signed.replace(tzinfo=UTC), now, at)


def plain(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
    """A bearer token, or `X-Waymark-Signature: t=SECONDS,v1=HEX` made as Stripe makes its own."""
    authorization = headers.get("authorization", "")
    if authorization.lower().startswith("bearer "):
        if not _same(authorization[7:].strip(), secret):
            raise _refuse("is not the source's secret", "Authorization", "Send `Bearer SECRET`.")
        return
    signature = headers.get("x-waymark-signature", "")
    if not signature:
        mend = "Send `Authorization: Bearer SECRET`, or X-Waymark-Signature."
        raise _refuse("is missing", "Authorization", mend)
    try:
        stripe(secret, {"stripe-signature": signature}, body, now)
    except NotAuthenticated as error:
        raise _refuse(error.message, "X-Waymark-Signature", error.mend or "") from error


CHECKS: Mapping[str, Check] = {
    "shopify": _base64_header("X-Shopify-Hmac-Sha256"),
    "woocommerce": _base64_header("X-WC-Webhook-Signature"),
    "stripe": stripe,
    "zendesk": zendesk,
    "json": plain,
}
TOPICS: Mapping[str, str] = {"shopify": "X-Shopify-Topic", "woocommerce": "X-WC-Webhook-Topic"}
DELIVERIES: Mapping[str, str] = {
    "shopify": "X-Shopify-Webhook-Id",
    "woocommerce": "X-WC-Webhook-Delivery-ID",
    "zendesk": "X-Zendesk-Webhook-Invocation-Id",
}
