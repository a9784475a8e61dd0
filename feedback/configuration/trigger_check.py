"""Whether triggers and campaigns make sense: every reference, and what goes together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from feedback.configuration.problems import Problem, of_error
from feedback.configuration.trigger_schema import (
    AskingIn,
    CampaignIn,
    TriggerIn,
    UnlessIn,
    WindowIn,
)
from feedback.configuration.yaml_file import Path
from models.errors import InvalidInput
from surveys.comparisons import ORDERING
from surveys.conditions import parse_filter, tests
from surveys.own_events import is_own
from surveys.windows import DAYS_END

_OF_CUSTOMER = "customer."
_TEXTS = ("event.name", "customer.id", "customer.locale", "customer.timezone")


def trigger_key(trigger: TriggerIn) -> str:
    """A trigger's key: its own, or one made of what sets it off, its survey and channel."""
    set_off = trigger.event or trigger.source or f"every_{trigger.every}"
    made = f"{set_off}_{trigger.survey}_{trigger.ways[0]}".lower()
    return trigger.key or re.sub(r"[^a-z0-9_-]+", "_", made)[:63]


def trigger_problems(triggers: list[TriggerIn], surveys: Set[str]) -> Iterator[Problem]:
    """What is wrong with triggers, each under its place in the file."""
    for place, trigger in enumerate(triggers):
        at: Path = ("triggers", place)
        yield from _common(trigger, surveys, at, trigger.event is not None)
        yield from _setting_off(trigger, at)
        yield from _dated(trigger, at)
        yield from _learning(trigger, at)


def campaign_problems(
    campaigns: list[CampaignIn], surveys: Set[str], segments: Set[str]
) -> Iterator[Problem]:
    """What is wrong with campaigns."""
    for place, campaign in enumerate(campaigns):
        at: Path = ("campaigns", place)
        yield from _common(campaign, surveys, at, has_event=False)
        if campaign.segment is not None and campaign.segment not in segments:
            mend = f"Use one of {', '.join(sorted(segments))}." if segments else "Add the segment."
            yield Problem((*at, "segment"), f"there is no segment {campaign.segment!r}", mend)
        if campaign.segment is not None and campaign.filter is not None:
            yield Problem((*at, "filter"), "stands beside a segment", "Keep one of the two.")
        if campaign.over is not None and campaign.per_hour is not None:
            yield Problem((*at, "per_hour"), "stands beside `over`", "Keep one of the two.")


def _common(asking: AskingIn, surveys: Set[str], at: Path, has_event: bool) -> Iterator[Problem]:
    if asking.survey not in surveys:
        mend = f"Use one of {', '.join(sorted(surveys))}." if surveys else "Add the survey."
        yield Problem((*at, "survey"), f"there is no survey {asking.survey!r}", mend)
    if asking.channel and asking.channels:
        yield Problem((*at, "channel"), "stands beside `channels`", "Keep one of the two.")
    if len(set(asking.ways)) < len(asking.ways):
        yield Problem((*at, "channels"), "names a channel twice", "Name each once.")
    if asking.filter is not None:
        yield from filter_problems(asking.filter, at)
    for place, rule in enumerate(asking.unless):
        yield from _unless(rule, surveys, (*at, "unless", place), has_event)
    window = asking.window
    if window is not None and window.end != DAYS_END and window.end <= window.start:
        mend = "Begin before it ends; 24:00 is the end of the day."
        yield Problem((*at, "window", "to"), f"is not after {window.start}", mend)


def _unless(rule: UnlessIn, surveys: Set[str], at: Path, has_event: bool) -> Iterator[Problem]:
    if (rule.event is None) == (rule.answered is None):
        yield Problem(at, "names no event or survey, or both", "Name `event` or `answered`.")
    if rule.answered is not None and rule.answered not in surveys:
        mend = f"Use one of {', '.join(sorted(surveys))}."
        yield Problem((*at, "answered"), f"there is no survey {rule.answered!r}", mend)
    if rule.filter is not None:
        yield from filter_problems(rule.filter, at)
    if not has_event and rule.within is None:
        mend = "Say how far to look back: `within: 30 days`."
        yield Problem(at, "has no event of the trigger's to count from", mend)
    if rule.same and not has_event:
        what = "has no event of the trigger's to compare with"
        yield Problem((*at, "same"), what, "Take it out.")


def _setting_off(trigger: TriggerIn, at: Path) -> Iterator[Problem]:
    """What sets it off: an event, a date of the customer's, or the calendar; one of them."""
    if trigger.event is not None and is_own(trigger.event):
        mend = "Name an event of the customer's; `unless: [{answered: SURVEY}]` knows of answers."
        yield Problem((*at, "event"), "tells of a survey itself, which would ask for ever", mend)
    if trigger.event is None and trigger.every is None and trigger.source is None:
        mend = "Name an `event`, or say `every: 90 days`, or `from: customer.renewal_date`."
        yield Problem((*at, "event"), "is missing, so that nothing sets it off", mend)
    if trigger.event is not None and trigger.every is not None:
        mend = "Take one out: what repeats is set off by the calendar."
        yield Problem((*at, "every"), "stands beside an event", mend)
    if trigger.first is not None and trigger.every is None:
        yield Problem((*at, "first"), "is for what repeats", "Use it with `every`.")
    if trigger.every is not None and (trigger.delay or trigger.before or trigger.source):
        mend = "Take out `delay`, `before` and `from`; `first` keeps new customers waiting."
        yield Problem((*at, "every"), "has no moment to count from", mend)


def _dated(trigger: TriggerIn, at: Path) -> Iterator[Problem]:
    source = trigger.source
    if source is None and trigger.before is not None:
        mend = "Name a date: `from: renewal_date`."
        yield Problem((*at, "before"), "has no date to be before", mend)
    if trigger.before is not None and trigger.delay:
        yield Problem((*at, "before"), "stands beside `delay`", "Keep one of the two.")
    if trigger.at is not None and source is None and trigger.every is None:
        yield Problem((*at, "at"), "is for a date or what repeats", "Use `window` for hours.")
    if source is not None and trigger.event is None and not source.startswith(_OF_CUSTOMER):
        mend = f"Write {_OF_CUSTOMER}{source}, or name the event whose property it is."
        yield Problem((*at, "from"), "is no date of the customer's", mend)


def _learning(trigger: TriggerIn, at: Path) -> Iterator[Problem]:
    """Whether there are hours to choose from, and a past to learn from."""
    here: Path = (*at, "hour")
    if trigger.hour is None:
        return
    if trigger.event is None:
        yield Problem(here, "is learnt from events, and there is none", "Take it out; use `at`.")
    if trigger.at is not None:
        yield Problem(here, "stands beside `at`", "Keep one of the two.")
    if set(trigger.ways) == {"web"}:
        mend = "Name sms, whatsapp or email, or take it out."
        yield Problem(here, "is for what is sent, and the web sends nothing", mend)
    if trigger.window is not None and len(_hours(trigger.window)) < 2:
        mend = "Widen the window, or take it out."
        yield Problem(here, "has only one hour to choose from, by `window`", mend)


def _hours(window: WindowIn) -> range:
    """The hours of the day in which a window is open."""
    last = 24 * 60 if window.end == DAYS_END else _minutes(window.end)
    return range(_minutes(window.start) // 60, -(-last // 60))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def filter_problems(wanted: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    """What is wrong with a filter, and comparisons that could never hold."""
    try:
        parsed = parse_filter(wanted)
    except InvalidInput as error:
        yield of_error(error, at)
        return
    for test in tests(parsed):
        if test.path in _TEXTS and test.op in ORDERING:
            mend = "Use eq, ne, in, contains or exists."
            yield Problem((*at, "filter", test.path), "is a text, which has no order", mend)
