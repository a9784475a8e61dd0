"""Numbers that behave in chosen ways, in a range no subscriber has.

+15005550001  undelivered, 30003 (unreachable)
+15005550002  refused, 21610 (has stopped this sender)
+15005550003  the first try times out and is not accepted
+15005550004  the first try meets a busy provider, 429
+15005550005  undelivered, 30007 (filtered by the carrier)
+15005550007  refused, 21211 (no number)
+15005550008  undelivered, 30005 (unknown destination)
+15005550009  undelivered, 30006 (landline)

As senders, with whatever they send:

+15005550002  undelivered, 30002 (account suspended)
+15005550032  undelivered, 30032 (toll-free number, not verified)
+15005550034  undelivered, 30034 (number not registered)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from surveys.channels.simulator import BLOCKED, BUSY, FAILING, REFUSED, TIMES_OUT

_E164 = re.compile(r"\+[1-9]\d{6,14}")

UNDELIVERED: Mapping[str, int] = {number: int(code) for number, code in FAILING.items()}
BLOCKED_SENDERS: Mapping[str, int] = {number: int(code) for number, code in BLOCKED.items()}
REFUSING: Mapping[str, int] = {number: int(code) for number, code in REFUSED.items()}
FIRST_TRY: Mapping[str, str] = {TIMES_OUT: "silent", BUSY: "busy"}


def is_number(text: str) -> bool:
    """Whether it has the shape of an international number."""
    return bool(_E164.fullmatch(text))
