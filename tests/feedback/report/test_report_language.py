"""One language: the comments that a report counts in it are those that a search gives."""

from __future__ import annotations

import pytest
from cell_world import count_all, scope_of
from report_rows import Shop
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.pages.languages import language
from feedback.reporting.cells import journey_sums
from feedback.reporting.languages import known_language
from feedback.reporting.sources import comment_filter
from feedback.search.find import find
from feedback.search.wanted import Wanted
from feedback.themes.catalogue import Catalogue
from models.errors import InvalidInput
from models.reading import Comment
from models.workspace import Workspace

BAD = (("price", "negative"),)


@pytest.fixture
def shop(session: Session, workspace: Workspace) -> Shop:
    return Shop(session, workspace)


def searched(shop: Shop, **filters: str) -> set[int]:
    page = find(shop.session, shop.workspace.id, Wanted(**filters), Catalogue(), 50)
    return {row.id for row in page.rows}


def counted(shop: Shop, **filters: str) -> set[int]:
    scope = scope_of(shop, **filters)
    which = select(Comment.id).where(comment_filter(shop.session, scope))
    return set(shop.session.scalars(which))


def test_a_search_gives_what_a_report_counts(shop: Shop) -> None:
    gold = shop.customer()
    german = shop.response("delivery", {"nps": 2.0}, customer_id=gold.id, language="de")
    english = shop.response("browse", {"nps": 9.0}, language="en", channel="sms")
    # a German survey answered in English, and the other way round
    in_german = shop.comment(BAD, response=german, language="en").id
    in_english = shop.comment(BAD, response=english, language="de").id
    alone = shop.comment(BAD, language="de").id
    unknown = shop.comment(BAD, response=shop.response("returns", {"nps": 1.0}), language="en").id
    shop.session.commit()
    count_all(shop.session)
    assert counted(shop, language="de") == {in_german, alone} == searched(shop, asked_in="de")
    assert counted(shop, language="en") == {in_english} == searched(shop, asked_in="en")
    assert searched(shop, language="en") == {in_german, unknown}
    assert counted(shop, language="de", channel="web") == {in_german}
    assert journey_sums(shop.session, scope_of(shop, language="de")).voices == 2
    assert scope_of(shop, language="de").unfiltered() == scope_of(shop)


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "fil"])
def test_a_code_that_nobody_speaks_is_no_mistake(tag: str) -> None:
    assert known_language(tag) == tag


@pytest.mark.parametrize("wrong", ["*", "EN", "english", "e", "en_GB", "", "en\n"])
def test_what_is_no_code_is_named_with_its_mend(wrong: str) -> None:
    with pytest.raises(InvalidInput, match="en or pt-BR") as refused:
        known_language(wrong, "asked_in")
    assert refused.value.field == "asked_in"


def test_languages_are_called_by_their_names() -> None:
    said = [language(tag) for tag in ("de", "pt-BR", "tlh", "tlh-KL")]
    assert said == ["German", "Portuguese (BR)", "tlh", "tlh-KL"]
