"""What was counted is what the rows say, whatever happens to them."""

from __future__ import annotations

import pytest
from cell_world import agree, count_all, marks, scope_of, segment
from report_rows import Shop
from sqlalchemy.orm import Session

from feedback.cells.items import Kind
from feedback.reporting.languages import languages_heard
from models.workspace import Workspace


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    return Shop(session, workspace)


def test_it_counts(shop: Shop) -> None:
    gold = shop.customer(tier="gold")
    segment(shop, "gold", {"tier": "gold"})
    for day in range(30):
        said = (("speed", "negative"), ("price", "negative"), ("staff", "positive"))
        spoken = ("en", "de", None)[day % 3]
        scores = {"nps": day % 11, "csat": 3.0}
        shop.response("delivery", scores, said[day % 3 :], day=day * 1.37, language=spoken)
        known = {"customer_id": gold.id, "channel": "sms", "language": "de"}
        shop.response("browse", {"nps": 9.0}, said, day=day, **known)
        shop.comment(said, day=day, language=spoken)
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
        {"language": "en"},
        {"language": "de", "survey": "ask"},
        {"language": "de", "segment": "gold"},
        {"language": "de", "channel": "sms"},
    ):
        items = agree(shop.session, scope_of(shop, **filters))
        assert items
    assert agree(shop.session, scope_of(shop, language="fr")) == {}
    assert languages_heard(shop.session, shop.workspace.id) == ["de", "en"]


def test_a_comment_of_no_response_counts_in_its_own_language(shop: Shop) -> None:
    shop.comment((("speed", "negative"),), language="de")
    answered = shop.response("delivery", {"nps": 1.0}, language="de")
    shop.comment((("price", "negative"),), response=answered, language="en")
    shop.response("browse", {"nps": 9.0}, day=3.0, language="fr")
    shop.session.commit()
    count_all(shop.session)
    both = agree(shop.session, scope_of(shop, language="de"))
    assert {item.first for item in both if item.kind == Kind.MENTIONS} == {"speed", "price"}
    assert agree(shop.session, scope_of(shop, language="en")) == {}
    asked = agree(shop.session, scope_of(shop, language="de", channel="web"))
    assert {item.first for item in asked if item.kind == Kind.MENTIONS} == {"price"}
