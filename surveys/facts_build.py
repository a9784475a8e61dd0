"""From what the tables know to the facts of one decision; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from surveys.channels.addresses import TALKS, WHATSAPP
from surveys.conditions import matches
from surveys.contact_rules import (
    DEFAULT_HOURS,
    OFF,
    QUIET_CHANNELS,
    RINGING,
    ContactRules,
    exclusions,
    over,
    read_rules,
    rests_of,
)
from surveys.contexts import customer_facts
from surveys.eligibility_facts import Cap, Consent, Facts, Quota, Sample
from surveys.facts_addresses import Addresses, Senders, about_of, address_of
from surveys.facts_rows import Found
from surveys.places.whereabouts import Whereabouts, whereabouts
from surveys.public_holidays import between
from surveys.quiet import SEARCH, Holiday, Quiet
from surveys.rests import After, Of, Rest
from surveys.sampling import draw
from surveys.schedule import zone_of
from surveys.windows import opens_at, read_window

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """What was read for some invitations; `rings`: a text to them would reach a real phone.

    `senders` are the program's, for workspaces that have none; `lacking` says of invitations by
    WhatsApp by which rule the channel is not ready.
    """

    now: datetime
    senders: Senders
    rings: bool = False
    asked: Mapping[int, Sequence[Found]] = field(default_factory=dict)
    answered: Mapping[int, Sequence[Found]] = field(default_factory=dict)
    addresses: Addresses = field(default_factory=Addresses)
    called_off: Mapping[int, str] = field(default_factory=dict)
    lacking: Mapping[int, str] = field(default_factory=dict)


def facts_of(row: Found, known: Known, quotas: Sequence[Quota] = ()) -> Facts:
    """The facts of one invitation, but for what is worthier."""
    rules = read_rules(row.contact_rules), read_rules(row.survey_rules)
    about = about_of(row, known.senders)
    texted = row.channel in TALKS and about is not None
    facts = Facts(
        channel=row.channel,
        due_at=row.due_at,
        expires_at=row.expires_at,
        consent=known.addresses.consents.get((row.channel, about), Consent.NONE)
        if about
        else Consent.NONE,
        consent_required=row.channel == WHATSAPP,
        lacking=known.lacking.get(row.id),
        has_address=row.channel == "web" or address_of(row) is not None,
        customer_is_test=row.is_test,
        survey_enabled=row.survey_enabled,
        trigger_enabled=row.trigger_enabled is not False,
        already_answered=row.already_answered,
        by_hand=by_hand(row),
        excluded=_excluded(row, rules[0]),
        called_off=known.called_off.get(row.id),
        window_opens_at=_opens_at(row, known),
        sample=_sample(row),
        quotas=tuple(quotas),
        caps=() if _handed_over(row) else _caps(row, known, *rules),
        rests=() if _handed_over(row) else rests(row, known, *rules),
    )
    if about is not None:
        dead = known.addresses.unreachable.get((row.workspace_id, about.address))
        talk = known.addresses.open_until(about, row.id) if texted else None
        facts = replace(facts, unreachable=dead, open_conversation_until=talk)
    if row.channel == "web":
        return facts
    quiet, where = peace_of(row, over(*rules), known.rings, known.now)
    return replace(facts, quiet=quiet, zones=where.zones, zone_source=where.source)


def by_hand(row: Found) -> bool:
    """Whether a person of the team made the invitation."""
    return row.trigger_id is None and row.event_id is None


def _handed_over(row: Found) -> bool:
    """A link that somebody of the team made by hand is handed over by them: nobody is disturbed
    by us, so that there is nothing to rest from."""
    return row.channel == "web" and by_hand(row)


def _excluded(row: Found, rules: ContactRules) -> str | None:
    if not rules.exclude:
        return None
    facts = filter_facts(row)
    named = exclusions(json.dumps(rules.exclude))
    return next((name for name, wanted in named if matches(wanted, facts)), None)


def filter_facts(row: Found) -> dict[str, object]:
    """What exclusions may ask of a customer: as segments, and the addresses besides."""
    besides = {"phone": row.phone, "email": row.email, "is_test": row.is_test}
    return {**row.attributes, "customer": {**customer_facts(row), **besides}}


def _sample(row: Found) -> Sample | None:
    if row.sample is None or row.sample >= 1:
        return None
    lot = draw(row.workspace_id, row.sample_salt or row.survey_key, row.external_id)
    return Sample(row.sample, lot)


def _caps(
    row: Found, known: Known, workspace: ContactRules, survey: ContactRules
) -> tuple[Cap, ...]:
    wanted = ((Of.SURVEY, survey.yearly_cap), (Of.ALL, workspace.yearly_cap))
    return tuple(_cap(row, known, of, most) for of, most in wanted if most is not None)


def _cap(row: Found, known: Known, of: Of, most: int) -> Cap:
    mine = [one for one in known.asked.get(row.customer_id, ()) if _same(one, row, of)]
    began = (one.began for one in mine if one.began is not None)
    return Cap(of, most, sum(one.times for one in mine), min(began, default=None))


def rests(
    row: Found, known: Known, workspace: ContactRules, survey: ContactRules
) -> tuple[Rest, ...]:
    """The rests that hold for an invitation, each with when it began."""
    days = (row.quarantine_days, row.survey_quarantine_days)
    wanted = rests_of(*days, workspace, survey, row.kind)
    return tuple(replace(one, began=_began(one, row, known)) for one in wanted)


def _began(rest: Rest, row: Found, known: Known) -> datetime | None:
    seen = known.asked if rest.after is After.INVITATION else known.answered
    mine = (one.last for one in seen.get(row.customer_id, ()) if _same(one, row, rest.of))
    return max(mine, default=None)


def _same(one: Found, row: Found, of: Of) -> bool:
    if of is Of.SURVEY:
        return bool(one.survey_id == row.survey_id)
    if of is Of.KIND:
        return bool(one.kind == row.kind)
    return of is Of.ALL or bool(one.channel == row.channel)


def peace_of(
    row: Found, rules: ContactRules, rings: bool, now: datetime
) -> tuple[Quiet | None, Whereabouts]:
    """The quiet time that holds for a customer, and where they are."""
    home = (row.home_zone, row.home_country)
    where = whereabouts(row.timezone, row.attributes, row.phone, *home, now.year)
    quiet = quiet_of(row.channel, rules, rings)
    if quiet is not None and rules.public_holidays:
        quiet = replace(quiet, holidays=_holidays(where, now, row.expires_at))
    return quiet, where


def quiet_of(channel: str, rules: ContactRules, rings: bool) -> Quiet | None:
    """The quiet time that a channel keeps, but for public holidays; None where it keeps none.

    Where no hours are set, the default holds for what rings, if it would reach a real phone.
    """
    if channel not in (rules.quiet_channels or QUIET_CHANNELS):
        return None
    hours = rules.quiet_hours
    if hours is None:
        hours = DEFAULT_HOURS if rings and channel in RINGING else OFF
    quiet = Quiet(None if hours == OFF else hours, rules.quiet_days or ())
    return quiet if quiet != Quiet() or rules.public_holidays else None


def _opens_at(row: Found, known: Known) -> datetime | None:
    """When the hours of the trigger begin; None where it has none."""
    window = read_window(row.window)
    if window is None:
        return None
    return opens_at(window, known.now, zone_of(row.timezone or row.home_zone))


def _holidays(where: Whereabouts, now: datetime, expires: datetime) -> tuple[Holiday, ...]:
    if where.country is None:
        return ()
    last = min(expires, now + SEARCH)
    return between(where.country, where.region, (now - _DAY).date(), (last + _DAY).date())
