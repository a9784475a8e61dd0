"""Customers whom filters can't tell apart are asked about once, and belong where each would."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feedback.cells.members import Belong
from surveys.conditions import matches, parse_filter
from surveys.contexts import customer_facts

values = st.sampled_from([None, 1, 1.0, True, "1", "gold", ["gold"], {"a": 1}, "[1]"])
attributes = st.dictionaries(st.sampled_from(["tier", "age", "customer"]), values, max_size=3)
FILTERS = {
    number: parse_filter(wanted)
    for number, wanted in enumerate(
        [
            {"tier": "gold"},
            {"tier": {"in": ["gold", 1]}},
            {"not": {"customer.attributes.tier": 1}},
            {"any": [{"age": {"gt": 0}}, {"customer.id": "c1"}]},
            {"customer.locale": "de"},
        ]
    )
}


def customer(number: int, known: dict[str, Any], locale: str | None) -> Any:
    return SimpleNamespace(
        id=number, external_id=f"c{number}", locale=locale, timezone=None, attributes=known
    )


@given(st.lists(st.tuples(attributes, st.sampled_from([None, "de"])), max_size=12))
def test_each_customer_belongs_where_its_own_facts_say(
    listed: list[tuple[dict[str, Any], str | None]],
) -> None:
    belong = Belong(FILTERS)
    for number, (known, locale) in enumerate(listed):
        row = customer(number, known, locale)
        facts = {**known, "customer": customer_facts(row)}
        assert belong.of(row) == [
            number for number, wanted in FILTERS.items() if matches(wanted, facts)
        ]
