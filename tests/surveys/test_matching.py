"""Filters made ready for many events say what a plain reading of them says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import conditions
from surveys.comparisons import ORDERING, order
from surveys.contexts import CustomerRow, EventRow, customer_facts, event_facts
from surveys.matching import Happening, matcher
from surveys.wording import lookup

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
PATHS = ("total", "event", "event.total", "event.name", "event.date", "customer.tier", "customer")
DEEP = ("customer.attributes.tier", "address.city", "a.b", "missing", "customer.id")
VALUES = st.one_of(
    st.integers(-3, 3), st.sampled_from([1.5, 2.0, True, False, "1", "gold", "Paid", "2026-01-31"])
)
TESTS = st.one_of(
    VALUES,
    st.fixed_dictionaries({}, optional={"eq": VALUES, "ne": VALUES, "contains": VALUES}),
    st.fixed_dictionaries({"in": st.lists(VALUES, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"exists": st.booleans()}),
    st.dictionaries(
        st.sampled_from(ORDERING), st.sampled_from([0, 1, 1.5, "2026-01-31"]), min_size=1
    ),
).filter(lambda wanted: wanted != {})
PLAIN = st.dictionaries(st.sampled_from(PATHS + DEEP), TESTS, max_size=3)
FILTERS = st.recursive(
    PLAIN,
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "all": st.lists(inner, min_size=1, max_size=2),
            "any": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=4,
)
GIVEN = st.one_of(VALUES, st.none(), st.lists(VALUES, max_size=2))
PROPERTIES = st.dictionaries(
    st.sampled_from(["total", "event", "customer", "a.b", "name", "date"]), GIVEN
) | st.fixed_dictionaries({"address": st.dictionaries(st.just("city"), GIVEN)})
ATTRIBUTES = st.dictionaries(st.sampled_from(["tier", "id", "attributes"]), GIVEN)


def plainly(event: EventRow, customer: CustomerRow) -> dict[str, object]:
    """All facts of an event, made at once."""
    named = {"event": event_facts(event), "customer": customer_facts(customer)}
    return {**event.properties, **named}


def plainly_unlike(said: dict[str, Any], facts: dict[str, object]) -> bool:
    """Whether an order is asked for where there is none."""
    asked = [one for one in conditions.tests(conditions.parse_filter(said)) if one.op in ORDERING]
    found = [(lookup(facts, one.path), one.value) for one in asked]
    return any(have is not None and order(have, value) is None for have, value in found)


@settings(max_examples=80, deadline=None)
@given(said=FILTERS, properties=PROPERTIES, attributes=ATTRIBUTES)
def test_a_ready_filter_says_what_a_plain_reading_says(
    said: dict[str, Any], properties: dict[str, Any], attributes: dict[str, Any]
) -> None:
    event = EventRow("Paid", AT, properties)
    customer = CustomerRow("c1", "en", None, attributes)
    facts, seen = plainly(event, customer), Happening(event, customer)
    assert dict(seen) == facts
    assert len(seen) == len(facts)
    ready = matcher(json.dumps(said))
    if ready is None:
        assert not said
        return
    assert ready.holds(seen) == conditions.matches(conditions.parse_filter(said), facts)
    assert ready.unlike(seen) == plainly_unlike(said, facts)


def test_one_look_serves_all_filters_of_an_event() -> None:
    class Counting(dict[str, Any]):
        asked = 0

        def __getitem__(self, key: str) -> Any:
            Counting.asked += 1
            return super().__getitem__(key)

    event = EventRow("Paid", AT, Counting({"total": 5}))
    seen = Happening(event, CustomerRow("c1", None, None, {}))
    ready = [matcher(json.dumps({"total": {"gte": limit}})) for limit in (1, 9, 4)]
    assert [one is not None and one.holds(seen) for one in ready] == [True, False, True]
    # the mapping is asked whether it has the key, and then for it, by the first filter only
    assert Counting.asked <= 2


def test_a_filter_is_read_once_and_a_changed_one_anew() -> None:
    said = json.dumps({"total": {"gte": 7}})
    assert matcher(said) is matcher(said)
    assert matcher(said) is not matcher(json.dumps({"total": {"gte": 8}}))


def test_no_filter_wants_all() -> None:
    assert [matcher(said) for said in (None, "", "null", "{}")] == [None] * 4
