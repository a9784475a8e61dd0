"""A what-if in words, as a picture and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.pages.charts.course import Course, Series, Value, course
from feedback.pages.course_view import when
from feedback.pages.money import exact
from feedback.pages.words import MINUS, number
from feedback.whatif.schema import Held, Named, Three, WhatIf
from feedback.whatif.words import finding
from models.workspace import Workspace
from surveys.contact_rules import OFF, read_rules

NOT_KNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class Line:
    """One figure: what happened, as it is, as changed, and how far these two differ."""

    name: str
    happened: str
    now: str
    then: str
    differ: str


@dataclass(frozen=True)
class Part:
    """A table of lines under a heading."""

    title: str
    head: str
    lines: list[Line]


@dataclass(frozen=True)
class View:
    """All that the page says of a what-if."""

    finding: str
    agreement: str
    whole: list[Line]
    parts: list[Part]
    picture: Course
    days: list[Line]


def what_if_view(found: WhatIf, zone: str) -> View:
    """The page's view."""
    return View(
        finding=finding(found),
        agreement=_agreement(found),
        whole=list(_whole(found)),
        parts=[part for part in _parts(found) if part.lines],
        picture=_picture(found, zone),
        days=[_line(when(one.start, found.step, zone), one) for one in found.times],
    )


def standing(here: Workspace) -> dict[str, str]:
    """The workspace's commonest settings as they are now, in words."""
    rules = read_rules(here.contact_rules)
    hours = rules.quiet_hours
    if hours is None:
        quiet = "not set"
    elif hours == OFF:
        quiet = "off"
    else:
        quiet = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
    return {
        "quarantine_days": f"{here.quarantine_days:g}",
        "yearly_cap": "none" if rules.yearly_cap is None else str(rules.yearly_cap),
        "quiet_hours": quiet,
    }


def _agreement(found: WhatIf) -> str:
    told = found.agreement
    if not found.asked.happened and not found.asked.now:
        return "Nobody was asked in this time, and nobody is by the rules as they are."
    share = told.both / found.asked.happened if found.asked.happened else 0.0
    return (
        f"The rules as they are ask {number(told.both)} of the {number(found.asked.happened)} that "
        f"really were asked ({share:.0%}), and {number(told.only_now)} besides. Where that is far "
        "from all, rules, customers or consent have changed since, and the figures below say less."
    )


def _whole(found: WhatIf) -> Iterable[Line]:
    yield _line("Invitations", found.asked)
    yield _line("Customers asked", found.customers)
    yield _line("Most often asked", found.most_times)
    for one in found.costs:
        yield _line(f"First SMS, {one.key}", one, one.key)
    if found.unpriced.now or found.unpriced.then or found.unpriced.happened:
        yield _line("SMS without a price", found.unpriced)
    if found.to_come.now or found.to_come.then:
        yield _line("Waiting at the end", found.to_come, known=False)


def _parts(found: WhatIf) -> Iterable[Part]:
    yield Part("Not asked, because", "Because", _lines(found.refused))
    yield Part("Waited, because", "Because", _lines(found.waited, known=False))
    yield Part("By survey", "Survey", _lines(found.surveys))
    yield Part("By trigger", "Trigger", _lines(found.triggers))
    yield Part("By channel", "Channel", _lines(found.channels))
    hours = [one for one in found.hours if one.happened or one.now or one.then]
    times = [Named(key="", name=f"{one.hour:02}:00", **_three(one)) for one in hours]
    yield Part("By hour of the customer\N{RIGHT SINGLE QUOTATION MARK}s day", "From", _lines(times))
    whom = [Named(key="", name=one.customer, **_three(one)) for one in found.most_changed[:10]]
    yield Part("Customers whose count changes most", "Customer", _lines(whom))


def _three(one: object) -> dict[str, float]:
    return {name: getattr(one, name) for name in ("happened", "now", "then")}


def _lines(rows: Sequence[Named | Held], known: bool = True) -> list[Line]:
    return [
        _line(one.words.capitalize() if isinstance(one, Held) else one.name, one, known=known)
        for one in rows
    ]


def _line(name: str, one: Three, currency: str = "", known: bool = True) -> Line:
    def shown(value: float) -> str:
        return exact(value, currency) if currency else number(value)

    differ = one.then - one.now
    sign = "+" if differ > 0 else MINUS
    return Line(
        name,
        shown(one.happened) if known else NOT_KNOWN,
        shown(one.now),
        shown(one.then),
        f"{sign}{shown(abs(differ))}" if round(differ, 4) else "0",
    )


def _picture(found: WhatIf, zone: str) -> Course:
    def series(name: str, kind: str, figure: str, line: bool) -> Series:
        drawn = [(one, float(getattr(one, figure))) for one in found.times]
        return Series(
            name,
            kind,
            [_value(when(one.start, found.step, zone), value, line) for one, value in drawn],
        )

    drawn = [series("as it is", "other", "now", True)]
    if found.changes:
        drawn.append(series("as changed", "one", "then", True))
    drawn.append(series("", "other", "happened", False))
    top = max((max(one.happened, one.now, one.then) for one in found.times), default=0)
    return course(drawn, (0.0, top + max(1.0, top / 8)))


def _value(label: str, value: float, line: bool) -> Value:
    at, on = (None, value) if line else (value, None)
    return Value(label, int(value), at, at, at, False, on, on, on)
