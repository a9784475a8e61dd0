"""What an SMS costs: the workspace's own table of prices by the beginning of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.price import SmsPrice


@dataclass(frozen=True)
class Price:
    """One segment to numbers that begin with `prefix` (digits, a calling code first)."""

    prefix: str
    price: float
    currency: str


def prices_of(session: Session, workspace_id: int) -> list[Price]:
    """All prices of a workspace by prefix; none where nobody has entered one."""
    mine = select(SmsPrice).where(SmsPrice.workspace_id == workspace_id).order_by(SmsPrice.prefix)
    return [Price(row.prefix, row.price, row.currency) for row in session.scalars(mine)]


def set_prices(session: Session, workspace_id: int, wanted: Sequence[Price], now: datetime) -> bool:
    """Put these in place of all that were there; whether anything changed. Commits nothing."""
    if sorted(wanted, key=_prefix) == prices_of(session, workspace_id):
        return False
    session.execute(delete(SmsPrice).where(SmsPrice.workspace_id == workspace_id))
    session.add_all(
        SmsPrice(
            workspace_id=workspace_id,
            prefix=one.prefix,
            price=one.price,
            currency=one.currency,
            created_at=now,
        )
        for one in wanted
    )
    session.flush()
    return True


def price_for(prices: Sequence[Price], number: str) -> Price | None:
    """The price of a segment to a number in E.164: of the longest prefix, None where none fits."""
    digits = number.removeprefix("+")
    fitting = [one for one in prices if digits.startswith(one.prefix)]
    return max(fitting, key=lambda one: len(one.prefix), default=None)


def example_number(region: str) -> str:
    """A mobile number as they are in a country, to look up what one costs."""
    mobile = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(region, mobile)
    if number is None:
        return f"+{phonenumbers.country_code_for_region(region)}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _prefix(price: Price) -> str:
    return price.prefix
