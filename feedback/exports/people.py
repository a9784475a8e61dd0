"""Customers in exports: by their ids alone, never with a phone number or an e-mail address."""

from __future__ import annotations

import re

from feedback.exports.columns import Column, Value, text, whole
from nlp.redaction import redacted

CUSTOMER: tuple[Column, ...] = (
    whole("customer_id", "Waymark's number of the customer, the same in every export."),
    text("customer", "Your own id of the customer; masked where it is a phone number or e-mail."),
)
# One word with fewer digits than any number of a person has: nothing to look for in it.
_PLAIN = re.compile(r"(?:[^\W\d]|[-:.])*(?:\d(?:[^\W\d]|[-:.])*){0,6}")


def customer(id_: int | None, external_id: str | None) -> tuple[Value, ...]:
    """The columns of CUSTOMER."""
    if external_id is None or _PLAIN.fullmatch(external_id):
        return (id_, external_id)
    return (id_, redacted(external_id))
