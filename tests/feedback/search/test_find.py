from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from search_rows import DAY, Shelf
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from feedback.search.find import everything, find
from feedback.search.query import parse
from feedback.search.wanted import Wanted, lenient, read_wanted
from feedback.themes.catalogue import Catalogue
from models.errors import InvalidInput
from models.reading import Comment
from models.workspace import Workspace

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def shelf(session: Session, workspace: Workspace) -> Shelf:
    return Shelf(session, workspace)


def found(shelf: Shelf, typed: str = "", **filters: Any) -> list[int]:
    wanted = Wanted(parse(typed), **filters)
    page = find(shelf.session, shelf.workspace.id, wanted, Catalogue(), 50)
    return [row.id for row in page.rows]


def test_a_word_is_found_in_any_form_and_all_words_must_be_there(shelf: Shelf) -> None:
    late = shelf.say("The delivery was late again.")
    both = shelf.say("They deliver parcels, and mine was late!", day=1)
    shelf.say("Lovely flowers.", day=2)
    assert found(shelf, "deliveries") == [late]
    assert found(shelf, "parcel LATE") == [both] == found(shelf, "delivering")
    assert found(shelf, "late -parcels") == [late]
    assert found(shelf, '"late again"') == [late]
    assert found(shelf, '"again late"') == []
    assert found(shelf, "tulips") == []


def test_what_stands_between_words_is_no_part_of_them(shelf: Shelf) -> None:
    slashed = shelf.say("It was slow/late, e-mailed twice (nobody answered).")
    for typed in ("late", "slow", "mailed", "nobody"):
        assert found(shelf, typed) == [slashed], typed


def test_each_language_is_stemmed_as_it_bends_on_postgres(session: Session, shelf: Shelf) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite stems all as English")
    german = shelf.say("Die Lieferungen kamen verspätet.", language="de")
    french = shelf.say("Les livraisons sont lentes.", language="fr")
    unknown = shelf.say("Lieferungen", language=None)
    assert found(shelf, "Lieferung") == [german]
    assert found(shelf, "livraison lente") == [french]
    assert found(shelf, "Lieferungen") == [unknown, german]


def test_changed_words_are_found_and_the_old_ones_are_not(shelf: Shelf) -> None:
    one = shelf.say("The kettle leaks.")
    shelf.session.execute(update(Comment).where(Comment.id == one).values(text="The lamp hums."))
    assert found(shelf, "kettle") == []
    assert found(shelf, "lamp") == [one]


def test_whom_nobody_reads_yet_is_found_all_the_same(shelf: Shelf) -> None:
    waiting = {"read_state": "waiting", "sentiment": None, "sentiment_score": None}
    one = shelf.say("Waiting words", language=None, **waiting)
    assert found(shelf, "waiting") == [one]


def test_another_workspace_finds_nothing(shelf: Shelf, make_workspace: MakeWorkspace) -> None:
    shelf.say("A secret parcel.", about=("delivery_speed", "negative"))
    rival = Shelf(shelf.session, make_workspace(shelf.session, "rival"))
    assert found(rival, "secret") == []
    assert found(rival) == [] and found(rival, theme="delivery_speed") == []


@pytest.mark.parametrize(
    "typed", ["the", "'; DROP TABLE comments; --", '"', "AND OR NOT", "a:b*c^d", "-x y", "\0late"]
)
def test_nonsense_is_no_error(shelf: Shelf, typed: str) -> None:
    shelf.say("The delivery was late.")
    assert isinstance(found(shelf, typed), list)


def test_the_filters_narrow_and_what_nobody_knows_is_nowhere(shelf: Shelf) -> None:
    slow = shelf.say("Slow.", about=("delivery_speed", "negative"), emotions={"frustration": 0.7})
    quick = shelf.say("Quick!", day=1, about=("delivery_speed", "positive"), urgent=True)
    phone = shelf.say("Nobody answers.", "de", 2, ("phone_contact", "negative"), "phone")
    assert found(shelf, theme="delivery_speed") == [quick, slow]
    assert found(shelf, theme="delivery_speed", sentiment="negative") == [slow]
    assert found(shelf, sentiment="negative") == [phone, slow]
    assert found(shelf, touchpoint="phone") == [phone] == found(shelf, stage="s-phone")
    assert found(shelf, language="de") == [phone] and found(shelf, urgent=True) == [quick]
    assert found(shelf, emotion="frustration") == [slow]
    assert found(shelf, start=DAY + timedelta(hours=1), end=DAY + timedelta(days=2)) == [quick]
    assert found(shelf, journey="buying") == [phone, quick, slow]
    for nowhere in ({"stage": "x"}, {"touchpoint": "x"}, {"theme": "x"}, {"journey": "x"}):
        assert found(shelf, **nowhere) == []


def test_pages_follow_each_other_without_gap_or_repeat_in_every_order(shelf: Shelf) -> None:
    for place in range(11):
        feeling = ("negative", "neutral", "positive")[place % 3]
        shelf.say(f"Comment {place}", day=place // 2, about=("price", feeling))
    for sort in ("newest", "oldest", "unhappiest", "happiest"):
        wanted = Wanted(sort=sort)
        seen: list[int] = []
        after: str | None = None
        for _ in range(6):
            page = find(shelf.session, shelf.workspace.id, wanted, Catalogue(), 2, after)
            seen += [row.id for row in page.rows]
            assert page.n == 11 and not page.more
            after = page.after
        assert after is None and len(set(seen)) == 11
        query = everything(shelf.session, shelf.workspace.id, wanted, Catalogue())
        assert [row.id for row in shelf.session.execute(query)] == seen


@pytest.mark.parametrize(
    "after", ["x", "~", "2026-01-01~1", "late~3", "nan", "0001-01-01T00:00:00+14:00~1"]
)
def test_a_place_in_the_list_that_is_none_is_named(shelf: Shelf, after: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        find(shelf.session, shelf.workspace.id, Wanted(), Catalogue(), 2, after)
    assert refused.value.field == "after"


def test_more_than_are_counted_are_said_to_be_more(shelf: Shelf) -> None:
    for place in range(5):
        shelf.say(f"Word {place}")
    page = find(shelf.session, shelf.workspace.id, Wanted(parse("word")), Catalogue(), 2, counted=3)
    assert (page.n, page.more) == (3, True)


def test_what_is_erased_is_found_no_more(shelf: Shelf) -> None:
    customer = shelf.customer()
    one = shelf.say("My number is zqxwvk.", customer_id=customer.id)
    assert found(shelf, "zqxwvk") == [one]
    shelf.session.delete(customer)
    shelf.session.flush()
    assert found(shelf, "zqxwvk") == []
    shelf.session.execute(delete(Comment))
    assert found(shelf) == []


def test_what_the_address_bar_asks_for_is_checked() -> None:
    given = {"q": "late", "from": "2026-10-01", "to": "2026-10-02", "urgent": "yes"}
    wanted = read_wanted(given, UTC)
    assert wanted.urgent is True and wanted.query == parse("late")
    assert wanted.end == datetime(2026, 10, 3, tzinfo=UTC)
    odd = ({"sort": "sideways"}, {"from": "soon"}, {"sentiment": "meh"}, {"asked_in": "German"})
    for bad in (*odd, {"channel": "post"}):
        with pytest.raises(InvalidInput) as refused:
            read_wanted(bad, UTC)
        assert refused.value.field == next(iter(bad))
        kept, problems = lenient({**bad, "q": "late"}, UTC)
        assert kept == Wanted(parse("late")) and len(problems) == 1


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("es", "Las entregas llegan tarde", "entregar"),
        ("fr", "J'attends mon remboursement", "remboursé"),
        ("de", "Zwei Rechnungen kamen doppelt", "Rechnung"),
        ("it", "Consegne sempre in ritardo", "consegna"),
        ("pt", "A encomenda chegou atrasada", "atrasado"),
    ],
)
def test_words_of_other_languages_are_found_in_their_forms(
    shelf: Shelf, language: str, said: str, typed: str
) -> None:
    here = shelf.say(said, language)
    late = shelf.say("The delivery was late", "en", day=1)
    assert found(shelf, typed) == [here] == found(shelf, typed, language=language)
    assert found(shelf, typed, language="en") == [] == found(shelf, f"late -{typed}", language="de")
    assert found(shelf, "deliveries") == [late], "English is stemmed as before"
    assert found(shelf, f'"{said}"') == [here]


def test_a_foreign_stem_is_only_looked_for_in_its_language(shelf: Shelf) -> None:
    shelf.say("Entregar", "es")
    english = shelf.say("The entreg machine", "en", day=1)
    assert english not in found(shelf, "entregado")
