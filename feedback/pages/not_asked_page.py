"""Why people were not asked: a sentence, a picture, and counts that lead to the invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from feedback.pages.choices import CHANNEL_NAMES, named
from feedback.pages.course_view import when
from feedback.pages.frame import workspace
from feedback.pages.paging import address
from feedback.pages.words import count, percent
from feedback.reporting.not_asked import Narrow, not_asked
from feedback.reporting.not_asked_schema import NotAsked, TimeOut, Waiting, WaitingRule
from feedback.reporting.period import read_period
from models.base import db
from models.survey import CHANNELS, Survey
from surveys.access import Access, allow
from surveys.rules import WORDS
from surveys.schedule import zone_of
from surveys.services import Services

FILTERS = ("from", "to", "rule", "survey", "channel")


@dataclass(frozen=True)
class Bar:
    """A row of counts: its words, its figure, its length in percent, and the invitations."""

    name: str
    n: int
    share: str
    width: float
    href: str


@dataclass(frozen=True)
class WaitingBar:
    """A rule by which invitations wait, their address, and the bar's length in percent."""

    of: WaitingRule
    href: str
    width: float


@dataclass(frozen=True)
class Column:
    """One piece of time in the picture; places and sizes are in percent."""

    label: str
    n: int
    x: float
    height: float


def add_routes(blueprint: Blueprint, services: Services) -> None:
    """`/not-asked`."""

    @blueprint.get("/not-asked")
    @allow(Access.SESSION)
    def not_asked_page() -> ResponseReturnValue:
        session, here = db.session(), workspace()
        asked = {name: request.args[name] for name in FILTERS if request.args.get(name)}
        zone = zone_of(here.timezone)
        narrow = Narrow(asked.get("rule"), asked.get("survey"), asked.get("channel"))
        ends = read_period(asked, zone)
        found = not_asked(session, g.workspace_id, services.now(), zone, ends, narrow)
        return render_template(
            "not_asked.html",
            report=found,
            finding=finding(found),
            rules=bars(found, "rule", [(one.rule, one.words, one.n) for one in found.rules]),
            surveys=bars(found, "survey", [(one.key, one.name, one.n) for one in found.surveys]),
            channels=bars(
                found,
                "channel",
                [(one.key, CHANNEL_NAMES.get(one.key, one.key), one.n) for one in found.channels],
            ),
            waits=waiting_bars(found.waiting),
            columns=columns(found.times, found.step, here.timezone),
            asked=asked,
            choices={
                "rule": [(str(rule), words) for rule, words in WORDS.items()],
                "survey": named(session, g.workspace_id, Survey),
                "channel": [(one, CHANNEL_NAMES.get(one, one)) for one in CHANNELS],
            },
        )


def finding(report: NotAsked) -> str:
    """The page's first sentence."""
    if not report.n:
        return "Nobody was held back."
    first = report.rules[0]
    share = percent(first.n / report.n)
    if first.n == report.n:
        return f"{count(report.n, 'time')}, always because {first.words}."
    return f"{count(report.n, 'time')}, most often because {first.words} ({share})."


def bars(report: NotAsked, name: str, rows: Sequence[tuple[str, str, int]]) -> list[Bar]:
    """Counts as bars, each with the address of the invitations that it counts."""
    most = max((n for _, _, n in rows), default=1)
    ends = {"from": report.start.isoformat(), "to": report.end.isoformat()}
    return [
        Bar(
            name=words,
            n=n,
            share=percent(n / report.n),
            width=round(100 * n / most, 2),
            href=address("pages.invitations", refused=1, **{**ends, name: key}),
        )
        for key, words, n in rows
    ]


def waiting_bars(waiting: Waiting) -> list[WaitingBar]:
    """Who waits, by rule, each line with the address of those it counts."""
    most = max((one.n for one in waiting.rules), default=1)
    narrowed = {"from": None, "to": None, "rule": None}
    return [
        WaitingBar(
            one, address("pages.invitations", **narrowed, waiting=one.rule), 100 * one.n / most
        )
        for one in waiting.rules
    ]


def columns(times: Sequence[TimeOut], step: str, zone: str) -> list[Column]:
    """The course over time, from left to right."""
    most = max((one.n for one in times), default=0) or 1
    wide = 100 / max(len(times), 1)
    return [
        Column(when(one.start, step, zone), one.n, round(place * wide, 3), 100 * one.n / most)
        for place, one in enumerate(times)
    ]
