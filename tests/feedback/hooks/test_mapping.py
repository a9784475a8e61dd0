from __future__ import annotations

from typing import Any

import pytest

from feedback.hooks.expressions import value
from feedback.hooks.mapping import parse, shipped, shipped_text, stored, written
from feedback.hooks.reading import found
from models.errors import InvalidInput

RULE = "events: [{event: bought, id: text(body.id), customer: {id: body.who}%s}]"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("text(a)", "7"),
        ("text(b)", None),
        ("text(flag)", "true"),
        ("key('x', a, s)", "x:7: Ada@B.org "),
        ("key('x', b)", None),
        ("key('x', empty)", None),
        ("lower(s)", "ada@b.org"),
        ("lower(b)", None),
        ("number(n)", 29.35),
        ("number(s)", None),
        ("number(b)", None),
        ("number('12')", 12),
        ("divide(a, `100`)", 0.07),
        ("divide(`1000`, `100`)", 10),
        ("divide(a, `0`)", None),
        ("from_unix(a)", "1970-01-01T00:00:07+00:00"),
        ("from_unix(b)", None),
        ("from_unix(`1e40`)", "1e+40"),
        ("utc('2026-01-01T00:00:00')", "2026-01-01T00:00:00Z"),
        ("utc(b)", None),
    ],
)
def test_functions_of_ours(expression: str, wanted: Any) -> None:
    facts = {"a": 7, "b": None, "s": " Ada@B.org ", "n": "29.35", "flag": True, "empty": ""}
    assert value(expression, facts) == wanted


def test_what_cannot_be_worked_out_says_so_without_the_value() -> None:
    with pytest.raises(InvalidInput) as raised:
        value("sum(name)", {"name": "Ada Lovelace"})
    assert "can't be worked out" in raised.value.message
    assert "Ada" not in raised.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("events: []", "own.yaml:1 events: is empty"),
        ("events: 5", "own.yaml:1 events: must be a list"),
        ("{}", "events: is missing"),
        (RULE % ", when: 'a =='", "own.yaml:1 events[0].when: is no expression"),
        (RULE % ", properties: {total: 'sum('}", "events[0].properties.total: is no expression"),
        (RULE % ", event_from: body.x", "events[0]: needs a name"),
        (RULE % ", colour: red", "events[0].colour: is not a field known here"),
        ("events: [{event: x, id: a, customer: {phone: b}}]", "events[0].customer: names nobody"),
        (RULE % f", when: {'a' * 501}", "is too long"),
        ("events: [", "is not YAML"),
    ],
)
def test_a_mapping_that_cannot_be_read_says_where(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse(text, "own.yaml")
    assert words in str(raised.value)


@pytest.mark.parametrize("kind", ["shopify", "woocommerce", "stripe", "zendesk", "json"])
def test_a_mapping_that_is_printed_can_be_given_back(kind: str) -> None:
    assert parse(shipped_text(kind), "x") == shipped(kind)
    kept = shipped(kind).model_dump(exclude_defaults=True)
    assert stored(kind, kept) == shipped(kind)
    assert parse(written(kind, kept), "x") == shipped(kind)


def test_a_rule_that_fails_on_a_payload_is_not_about_it() -> None:
    mapping = parse(RULE % ', when: "body.total > `5` && length(body.name) > `1`"', "x")
    assert found(mapping, {"body": {"total": 9, "name": 5}}) == []
    assert found(mapping, {"body": []}) == []


def test_a_part_that_fails_is_named() -> None:
    mapping = parse(RULE % ", properties: {n: length(body.items)}", "x")
    (one,) = found(mapping, {"body": {"id": 1, "who": "w", "items": 5}})
    assert one.error is not None and one.error.field == "properties.n"


def test_each_item_of_a_list_is_an_event() -> None:
    text = "events: [{each: body.list, event: x, id: text(item.n), customer: {id: body.who}}]"
    many = found(parse(text, "x"), {"body": {"who": "w", "list": [{"n": 1}, {"n": 2}, 5]}})
    assert [one.item.get("id") for one in many] == ["1", "2", None]
    assert found(parse(text, "x"), {"body": {"list": "no list"}}) == []
