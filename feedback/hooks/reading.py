"""From a payload and a mapping to events, as the events API takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback.api.schemas import FieldError
from feedback.hooks.expressions import value
from feedback.hooks.mapping import EventMapping, EventRule
from models.errors import InvalidInput

OPTIONAL = ("phone", "email", "locale", "timezone")
MAX_ITEMS = 500
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One event as read: `same_as` names an earlier event of the customer, or what is wrong."""

    item: dict[str, Any] = field(default_factory=dict)
    same_as: str | None = None
    error: FieldError | None = None


def found(mapping: EventMapping, facts: Facts) -> list[Found]:
    """The events of one payload, by the first rule that fits; none where none does."""
    for rule in mapping.events:
        if rule.when is None or _holds(rule.when, facts):
            return [_event(rule, one) for one in _each(rule, facts)]
    return []


def _holds(expression: str, facts: Facts) -> bool:
    """A rule that can't be worked out for this payload is not about it."""
    try:
        return bool(value(expression, facts))
    except InvalidInput:
        return False


def _each(rule: EventRule, facts: Facts) -> Iterator[Facts]:
    if rule.each is None:
        yield facts
        return
    items = value(rule.each, facts)
    for item in items[:MAX_ITEMS] if isinstance(items, list) else ():
        yield {**facts, "item": item}


def _event(rule: EventRule, facts: Facts) -> Found:
    try:
        return _read(rule, facts)
    except _Wrong as wrong:
        return Found(error=wrong.error)


class _Wrong(Exception):
    def __init__(self, error: FieldError) -> None:
        self.error = error


def _read(rule: EventRule, facts: Facts) -> Found:
    who = rule.customer
    customer: dict[str, Any] = {"id": _text("customer.id", who.id, facts)}
    for name in OPTIONAL:
        if (said := _at(f"customer.{name}", getattr(who, name), facts)) not in (None, ""):
            customer[name] = said
    if attributes := _all("customer.attributes", who.attributes, who.attributes_from, facts):
        customer["attributes"] = attributes
    item = {
        "id": _text("id", rule.id, facts),
        "event": rule.event or _text("event", rule.event_from, facts),
        "occurred_at": _at("occurred_at", rule.occurred_at, facts),
        "customer": customer,
        "properties": _all("properties", rule.properties, rule.properties_from, facts),
    }
    return Found(item, _text("customer.same_as", who.same_as, facts))


def _at(name: str, expression: str | None, facts: Facts) -> Any:
    if expression is None:
        return None
    try:
        return value(expression, facts)
    except InvalidInput as error:
        told = FieldError(message=error.message, field=name, mend=error.mend)
        raise _Wrong(told) from error


def _text(name: str, expression: str | None, facts: Facts) -> Any:
    """An id may be written as a number; what is no text at all is left to be refused by name."""
    said = _at(name, expression, facts)
    return str(said) if isinstance(said, int) and not isinstance(said, bool) else said


def _all(
    name: str, expressions: Mapping[str, str], whole: str | None, facts: Facts
) -> dict[str, Any]:
    given = _at(name, whole, facts)
    said = dict(given) if isinstance(given, dict) else {}
    said |= {key: _at(f"{name}.{key}", one, facts) for key, one in expressions.items()}
    return {key: one for key, one in said.items() if one is not None}
