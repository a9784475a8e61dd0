from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.conditions import FilterError, matches, parse_filter

FACTS = {
    "total": 30,
    "name": "Ada",
    "vip": True,
    "tags": ["new", "web"],
    "at": "2026-03-01T10:00:00+00:00",
    "customer": {"tier": "gold", "visits": 3.0},
}


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({}, True),
        ({"total": 30}, True),
        ({"total": {"eq": 30.0}}, True),
        ({"total": "30"}, False),
        ({"vip": True}, True),
        ({"vip": 1}, False),
        ({"total": {"ne": 31}}, True),
        ({"missing": {"ne": 31}}, True),
        ({"missing": {"eq": 31}}, False),
        ({"total": {"gt": 29, "lt": 31}}, True),
        ({"total": {"gt": 30}}, False),
        ({"total": {"gte": 30, "lte": 30}}, True),
        ({"name": {"gt": 5}}, False),
        ({"vip": {"gte": 0}}, False),
        ({"at": {"gte": "2026-01-31"}}, True),
        ({"at": {"lt": "2026-01-31"}}, False),
        ({"total": {"lt": "2026-01-31"}}, False),
        ({"name": {"in": ["Ada", "Bo"]}}, True),
        ({"total": {"in": ["30"]}}, False),
        ({"tags": {"contains": "web"}}, True),
        ({"tags": {"contains": "we"}}, False),
        ({"name": {"contains": "AD"}}, True),
        ({"total": {"contains": "3"}}, False),
        ({"missing": {"exists": False}}, True),
        ({"customer.tier": {"exists": True}}, True),
        ({"customer.tier": "gold", "customer.visits": 3}, True),
        ({"any": [{"total": 1}, {"name": "Ada"}]}, True),
        ({"any": [{"total": 1}, {"name": "Bo"}]}, False),
        ({"all": [{"total": 30}, {"name": "Bo"}]}, False),
        ({"not": {"total": 30}}, False),
        ({"not": {"any": [{"total": 1}, {"all": [{"vip": False}]}]}}, True),
    ],
)
def test_a_filter_holds_or_not(data: Any, holds: bool) -> None:
    assert matches(parse_filter(data), FACTS) is holds


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("total > 3", "filter"),
        ([], "filter"),
        ({"total": {"above": 3}}, "filter.total.above"),
        ({"total": {}}, "filter.total"),
        ({"total": {"gt": "many"}}, "filter.total.gt"),
        ({"total": {"gt": True}}, "filter.total.gt"),
        ({"total": {"gt": float("nan")}}, "filter.total.gt"),
        ({"total": {"in": 3}}, "filter.total.in"),
        ({"total": {"in": []}}, "filter.total.in"),
        ({"total": {"exists": "yes"}}, "filter.total.exists"),
        ({"total": {"eq": [1]}}, "filter.total.eq"),
        ({"total": None}, "filter.total"),
        ({"any": {"total": 3}}, "filter.any"),
        ({"all": [{"total": 3}, 4]}, "filter.all[1]"),
        ({"not": [1]}, "filter.not"),
        ({3: 4}, "filter.3"),
    ],
)
def test_a_faulty_filter_names_the_field_and_the_mend(data: Any, field: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(data)
    assert caught.value.field == field
    assert caught.value.mend


def test_a_filter_too_deep_or_too_wide_is_refused() -> None:
    deep: dict[str, Any] = {"total": 1}
    for _ in range(40):
        deep = {"not": deep}
    for data in (deep, {"any": [{"total": 1}] * 101}):
        with pytest.raises(FilterError):
            parse_filter(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["total", "any", "all", "not", "eq", "gt", "in", "contains", "exists"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.dictionaries(st.sampled_from(["total", "gt", "eq"]), JSON))
def test_anything_is_parsed_or_refused_and_never_crashes(data: Any, facts: Any) -> None:
    try:
        wanted = parse_filter(data)
    except FilterError:
        return
    assert matches(wanted, facts) in (True, False)
