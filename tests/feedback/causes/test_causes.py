from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from cause_rows import DAY, Depot
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from feedback.causes.draw import draw
from feedback.causes.find import Causes, causes
from feedback.causes.one import Place, causes_at
from feedback.causes.quotes import Kind
from feedback.pages import cause_words as say
from feedback.statistics.concentration import Concentration
from models.customer import Segment
from models.errors import NotFound
from models.reading import Comment, Mention
from models.response import Response
from models.workspace import Workspace

MakeWorkspace = Callable[..., Workspace]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def depot(session: Session, workspace: Workspace) -> Depot:
    return Depot(session, workspace)


@pytest.fixture
def plain(sqlite_session: Session, make_workspace: MakeWorkspace) -> Depot:
    return Depot(sqlite_session, make_workspace(sqlite_session))


def found(depot: Depot, zone: ZoneInfo = LONDON, **filters: str) -> Causes:
    depot.session.flush()
    return causes(depot.session, depot.scope(**filters), depot.parcel, "delivery_speed", zone)


def place(causes: Causes, attribute: str, value: str) -> Concentration:
    looks = [one for one in causes.places if (one.attribute, one.value) == (attribute, value)]
    assert len(looks) == 1, [(one.attribute, one.value) for one in causes.places]
    return looks[0]


def test_the_property_that_matters_is_found_among_those_that_don_t(depot: Depot) -> None:
    for number in range(120):
        evri = number % 4 == 0
        unhappy = number % 3 != 2 if evri else number % 12 == 1
        customer = depot.customer(plan=("basic", "plus")[number // 8 % 2], first_name="Ada")
        depot.voice(
            f"Far too slow, number {number}" if unhappy else None,
            day=number,
            customer=customer,
            channel=("sms", "web")[number // 4 % 2],
            carrier="Evri" if evri else "DHL",
            order_id=f"o{number}",
        )
    why = found(depot)
    assert (why.places[0].attribute, why.places[0].value) == ("event:carrier", "Evri")
    evri = why.places[0]
    assert evri.told and evri.count == (20, 30)
    assert [one for one in why.places if one.told] == [evri]
    looked_at = {one.attribute for one in why.places}
    assert {"event:carrier", "customer:plan", "channel", "weekday"} <= looked_at
    assert not {"event:order_id", "customer:first_name", "survey", "hour"} & looked_at
    assert say.concentrates(evri).startswith(
        "6.0 times as often where carrier is Evri: 67% against"
    )
    assert say.looked_at(why) == "Looked at all 120 answers, 30 of which complain of this."


def parcels(depot: Depot, **names: str) -> None:
    """North with Evri goes badly, whatever goes by either alone; `names` say it once more."""
    regions, carriers = ("north", "south", "west"), ("DHL", "Evri")
    for number in range(420):
        region, carrier = regions[number % 3], carriers[number // 3 % 2]
        planted = (region, carrier) == ("north", "Evri")
        unhappy = number % 5 < 3 if planted else number % 11 == 0
        depot.voice(
            f"Far too slow, number {number}" if unhappy else None,
            day=number / 9,
            customer=depot.customer(region=region),
            carrier=carrier,
            **{name: value if planted else "none" for name, value in names.items()},
        )


def test_a_pair_that_neither_part_explains_is_told(depot: Depot) -> None:
    parcels(depot)
    why = found(depot)
    (pair,) = [one for one in why.places if one.beside]
    assert {*pair.parts} == {("customer:region", "north"), ("event:carrier", "Evri")}
    assert pair.told and pair.count.n == 70 and why.pairs > 10
    said = say.concentrates(pair)
    assert "where carrier is Evri and by customers whose region is north: " in said
    assert said.endswith(", more than either explains by itself.")
    assert (say.what(pair), say.which(pair)) == ("Carrier and region", "Evri and north")


def test_a_pair_that_is_one_place_by_its_own_name_is_told_as_that(plain: Depot) -> None:
    parcels(plain, hub="Leeds")
    why = found(plain)
    assert place(why, "event:hub", "Leeds").rank == 1
    assert not any(one.beside for one in why.places)


def test_a_language_that_nobody_reads_is_no_content_one(plain: Depot) -> None:
    for number in range(60):
        plain.voice("Slow.", number, language="en")
        plain.voice(None, number, language="de")
        alone = plain.comment("Zu langsam.", DAY + timedelta(days=number))
        unread = {"read_state": "not_read", "language": "de", "sentiment": None}
        plain.session.execute(update(Comment).where(Comment.id == alone).values(**unread))
        plain.session.execute(delete(Mention).where(Mention.comment_id == alone))
    assert not any(one.attribute == "language" for one in found(plain).places)
    for number in range(60):
        said = plain.comment("Was slow", DAY, theme="price" if number % 3 else "delivery_speed")
        plain.session.execute(update(Comment).where(Comment.id == said).values(language="es"))
    english = place(found(plain), "language", "en")
    assert english.told and english.count == (60, 60)


def test_what_a_customer_did_before_is_compared(depot: Depot) -> None:
    for number in range(90):
        changed, customer = number % 3 == 0, depot.customer()
        at = DAY + timedelta(days=40 + number / 10)
        if changed:
            depot.event(customer, at - timedelta(days=3), "address_changed", None)
        depot.event(customer, at - timedelta(days=5), "ordered", "order")
        depot.event(customer, at - timedelta(days=45), "long_ago", None)
        unhappy = number % 9 in (0, 3, 4)
        depot.voice("Slow." if unhappy else None, (at - DAY) / timedelta(days=1), customer)
    why = found(depot)
    before = place(why, "before", "address_changed")
    assert before.told and before.count == (20, 30)
    assert place(why, "before", "Order").missing is not None, "everybody ordered"
    assert not [one for one in why.places if one.value == "long_ago"]
    assert "after address_changed in the 30 days before" in say.concentrates(before)


def test_hours_and_days_are_the_customer_s_own(plain: Depot) -> None:
    # Monday 2026-09-07 23:30 UTC is Tuesday morning in Tokyo
    for number in range(12):
        tokyo = plain.customer(timezone="Asia/Tokyo")
        plain.voice("Slow." if number < 6 else None, 6 + 13.5 / 24, tokyo)
        plain.voice(None, 6 + 13.5 / 24, plain.customer())
    why = found(plain, ZoneInfo("UTC"))
    assert place(why, "weekday", "Tuesday").count == (6, 12)
    assert place(why, "hour", "06:00 to 09:00").count == (6, 12)
    assert place(why, "hour", "21:00 to 24:00").count == (0, 12)


def test_segments_overlap_and_lone_comments_are_voices_too(plain: Depot) -> None:
    for key, attribute in (("plus", "plan"), ("old", "since")):
        filter_ = {attribute: "yes"}
        plain.session.add(
            Segment(
                workspace_id=plain.workspace.id,
                key=key,
                name=key.title(),
                filter=filter_,
                created_at=DAY,
            )
        )
    for number in range(40):
        customer = plain.customer(plan="yes" if number < 20 else "no", since="yes")
        if number % 2:
            at = DAY + timedelta(days=number)
            plain.comment("Slow", at, -0.8 if number < 20 else 0.8, customer_id=customer)
        else:
            plain.voice("Slow" if number < 10 else None, number, customer)
    why = found(plain)
    assert len(why.draw.units) == 40
    assert place(why, "segment", "Plus").count == (15, 20)
    assert place(why, "segment", "Plus").told
    assert place(why, "channel", "web").count.n == 20 if _has(why, "channel") else True
    assert place(why, "segment", "Old").missing == "everybody"


def _has(why: Causes, attribute: str) -> bool:
    return any(one.attribute == attribute for one in why.places)


def test_since_when_in_the_workspace_s_own_days(plain: Depot) -> None:
    for day in range(40):
        for number in range(6):
            unhappy = number < (4 if day >= 25 else 1 if day % 4 == 0 else 0)
            plain.voice("Slow." if unhappy else None, day + number / 100)
    since = found(plain).since
    assert since.told and since.day == date(2026, 9, 26)
    assert since.first is not None and since.first <= since.day
    assert since.before.n == 150 and since.since.said == 60
    said = say.since(since)
    assert said.startswith("Since 26 Sep 2026 it is heard more often: 4.7% (")
    assert "before, 67% (" in said


def test_words_that_tell_are_told_with_their_shares(plain: Depot) -> None:
    for number in range(60):
        told = "The courier left it with a neighbour" if number % 3 == 0 else "It took ages"
        plain.voice(f"{told}, order {number}.", number / 10)
        plain.comment(f"Lovely plant {number}.", DAY, 0.8, "product_quality")
    words = [word for word in found(plain).words if word.inside.said == 20]
    assert len(words) == 1, "what the same comments say is told once"
    assert {"courier", "neighbour"} & set(words[0].text.split())
    assert words[0].inside == (20, 60) and words[0].outside == (0, 60)


def test_quotes_are_of_four_kinds_and_none_twice(plain: Depot) -> None:
    usual = [plain.voice(f"The parcel came {n} days late again.", n, score=-0.6) for n in range(9)]
    worst = plain.voice("Utterly useless courier, thrown over the fence!", 3, score=-0.99)
    odd = plain.voice("The tracking page froze on my phone.", 4, score=-0.4)
    newest = plain.voice("Still waiting for my birthday present.", 30, score=-0.5)
    plain.voice("Call me on 0161 496 0842, it is late by a week", 29, score=-0.5)
    quotes = found(plain).quotes
    by_kind = {kind: [q.response_id for q in quotes if q.kind == kind] for kind in Kind}
    assert by_kind[Kind.TYPICAL][0] in usual
    assert by_kind[Kind.STRONGEST][0] == worst and by_kind[Kind.NEWEST][0] == newest
    assert odd in {q.response_id for q in quotes}
    assert len({q.comment_id for q in quotes}) == len(quotes) <= 8
    assert "0161" not in " ".join(q.text for q in quotes)


def test_of_many_an_even_draw_is_looked_at_and_said(plain: Depot) -> None:
    for number in range(200):
        odd = number % 2 == 1
        plain.voice("Slow." if odd else None, number / 10, channel="sms" if odd else "web")
    place = (plain.session, plain.scope(), plain.parcel, "delivery_speed")
    drawn = draw(*place, most=50)
    assert 40 <= len(drawn.units) <= 60 and drawn.of == 200
    assert abs(sum(unit.said for unit in drawn.units) / len(drawn.units) - 0.5) < 0.15
    assert draw(*place, most=50) == drawn, "the same every time"
    said = say.looked_at(replace(found(plain), draw=drawn))
    assert f"an even draw of {len(drawn.units)} answers from 200" in said
    last = draw(*place, most=50, latest=100)
    assert last.latest and last.of == 100 and not last.whole
    assert min(unit.at for unit in last.units) > DAY + timedelta(days=9)


def test_the_report_s_filters_hold(plain: Depot) -> None:
    for number in range(20):
        plain.voice("Slow.", number, channel="web", language="de")
        plain.voice(None, number, channel="sms", language="en")
    for filters in ({"channel": "sms"}, {"language": "en"}):
        assert len(found(plain, **filters).draw.units) == 20
        assert found(plain, **filters).said == 0
    assert found(plain, language="de").said == 20


@pytest.mark.parametrize("voices", [0, 1])
def test_without_data_it_says_so(plain: Depot, voices: int) -> None:
    for _ in range(voices):
        plain.voice("Slow.")
    why = found(plain)
    assert not any(one.told for one in why.places) and not why.words
    assert len(why.quotes) == voices and why.since.day is None
    said = say.even(why)
    assert said == (
        "Too few answers to say where it gathers."
        if voices
        else "Nobody complains of this here in this period and with these filters."
    )
    assert say.since(why.since) == "Too few answers to say since when."


def test_very_long_words_and_html_are_no_trouble(plain: Depot) -> None:
    for number in range(30):
        plain.voice(f"<script>alert({number})</script> " + "slow delivery & such " * 2_400, number)
    why = found(plain)
    assert all(len(quote.text) <= 300 for quote in why.quotes)


def test_a_touchpoint_nobody_knows_is_named(plain: Depot) -> None:
    with pytest.raises(NotFound) as refused:
        causes_at(plain.session, plain.scope(), Place("nowhere", "delivery_speed"), LONDON)
    assert refused.value.field == "touchpoint"


def test_another_workspace_s_voices_are_no_cause(
    plain: Depot, make_workspace: MakeWorkspace
) -> None:
    rival = Depot(plain.session, make_workspace(plain.session, "rival"))
    rival.voice("Slow.")
    plain.voice("Slow too.")
    assert len(found(plain).draw.units) == 1 == len(found(rival).draw.units)
    assert plain.session.get(Response, 1) is not None
