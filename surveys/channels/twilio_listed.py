"""Whether a message in Twilio's list is one of ours."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from surveys.channels.gateway import Outgoing


def same(listed: Any, outgoing: Outgoing) -> bool:
    """Our words to this address, sent by the API and not received from it.

    A template's text is the provider's, who may word it otherwise than we know: there all that
    we filled in must be found.
    """
    if not str(listed.direction).startswith("outbound"):
        return False
    there = _words(listed.body or "")
    if outgoing.content is None:
        return there == _words(outgoing.body)
    filled = json.loads(outgoing.content.variables).values()
    return all(_words(value) in there for value in filled)


def _words(body: str) -> str:
    """A text without what Twilio may change in it: its smart encoding replaces signs."""
    decomposed = unicodedata.normalize("NFKD", body)
    return "".join(char for char in decomposed if char.isalnum()) or body.strip()
