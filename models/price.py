"""What a workspace pays for an SMS."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, pk, workspace_fk


class SmsPrice(Base):
    """The price of one segment to numbers that begin with `prefix`; the longest one counts.

    `prefix` holds digits without a plus, a calling code first: 44, 447, 1416. `currency` has
    three letters.
    """

    __tablename__ = "sms_prices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "prefix"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[pk]
    workspace_id: Mapped[workspace_fk]
    prefix: Mapped[str] = mapped_column(String(12))
    price: Mapped[float]
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]
