"""What was counted is what the rows say, whatever happens to them."""

from __future__ import annotations

import pytest
from cell_world import agree, count_all, marks, scope_of, segment
from report_rows import Shop
from sqlalchemy.orm import Session

from models.workspace import Workspace


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    return Shop(session, workspace)


def test_it_counts(shop: Shop) -> None:
    gold = shop.customer(tier="gold")
    segment(shop, "gold", {"tier": "gold"})
    for day in range(30):
        said = (("speed", "negative"), ("price", "negative"), ("staff", "positive"))
        shop.response("delivery", {"nps": day % 11, "csat": 3.0}, said[day % 3 :], day=day * 1.37)
        shop.response("browse", {"nps": 9.0}, said, day=day, customer_id=gold.id, channel="sms")
        shop.comment(said, day=day)
    shop.session.commit()
    assert marks(shop.session) > 0
    count_all(shop.session)
    assert marks(shop.session) == 0
    for filters in (
        {},
        {"channel": "sms"},
        {"segment": "gold"},
        {"survey": "ask"},
        {"segment": "gold", "channel": "sms"},
    ):
        items = agree(shop.session, scope_of(shop, **filters))
        assert items
