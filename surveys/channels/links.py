"""Short links to the survey page."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
TOKEN_LENGTH = 9
_EXAMPLE = "aB3dE5gH7"


def new_token() -> str:
    """An unguessable token of 9 letters and digits: 53 random bits.

    Nine, because `https://` + a host of 20 + `/s/` leaves no more of the 40 characters that
    a link in an SMS may take; no punctuation, because phones leave a trailing `-` or `_` out
    of the link they draw.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


def short_link(public_url: str, token: str) -> str:
    """The address of an invitation's survey page."""
    return f"{public_url.rstrip('/')}/s/{token}"


def example_link(public_url: str) -> str:
    """A link that leads nowhere, as long as a real one: to show and to measure a message."""
    return short_link(public_url, _EXAMPLE)
