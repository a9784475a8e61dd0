"""Prices as people type or paste them, a line each: `+44 0.04 GBP`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers

from models.errors import InvalidInput
from surveys.prices import Price

MOST = 100.0
MEND = "Write each line as +44 0.04 GBP"
_PARTS = re.compile(r"[\s,;]+")
_PREFIX = re.compile(r"\+?([1-9]\d{0,11})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"\d{1,3}(\.\d{1,8})?")


def read_prices(text: str) -> list[Price]:
    """The prices of a text, sorted by prefix; InvalidInput says every line that is wrong.

    A line holds where to (a calling code, the beginning of a number, or a country's two letters,
    which stand for its calling code), the price of one segment and its currency; empty lines and
    those that begin with # say nothing.
    """
    read: dict[str, Price] = {}
    problems = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            price = _price(line)
            if price.prefix in read:
                raise ValueError(f"+{price.prefix} stands here twice")
            read[price.prefix] = price
        except ValueError as error:
            problems.append(f"Line {place}: {error}.")
    if problems:
        raise InvalidInput("\n".join(problems), field="prices", mend=MEND)
    return [read[prefix] for prefix in sorted(read)]


def written_prices(prices: Sequence[Price]) -> str:
    """The same as a text that `read_prices` reads."""
    return "\n".join(f"+{one.prefix} {one.price:.8g} {one.currency}" for one in prices)


def _price(line: str) -> Price:
    parts = [part for part in _PARTS.split(line.strip()) if part]
    if len(parts) != 3:
        raise ValueError("write where to, the price of one segment and its currency: +44 0.04 GBP")
    where, amount, currency = parts
    if not _AMOUNT.fullmatch(amount) or float(amount) > MOST:
        raise ValueError(f"{amount!r} is no price; write it as 0.04, at most {MOST:.0f}")
    if not _CURRENCY.fullmatch(currency.upper()):
        raise ValueError(f"{currency!r} is no currency; write its three letters, such as EUR")
    return Price(_prefix(where), float(amount), currency.upper())


def _prefix(where: str) -> str:
    if where.upper() in phonenumbers.SUPPORTED_REGIONS:
        return str(phonenumbers.country_code_for_region(where.upper()))
    match = _PREFIX.fullmatch(where)
    if match is None:
        raise ValueError(f"{where!r} is no beginning of a number; write it as +44, +4477 or GB")
    return match[1]
