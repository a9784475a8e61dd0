"""The rules of fairness to customers: sample, yearly caps, quotas, rests, and who yields to whom.

None of them holds back a test customer, who is one of the team; nor does a quota, a sample or
a worthier survey hold back what a person of the team asked for by hand.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from surveys import rests
from surveys.channels.addresses import TALKS
from surveys.eligibility_facts import (
    RECHECK,
    Cap,
    Check,
    Facts,
    Quota,
    Refuse,
    Rival,
    Rule,
    Sample,
    Wait,
    moment,
)
from surveys.rests import After, Of

YEAR = timedelta(days=365)


def _sampled(facts: Facts, now: datetime) -> Refuse | None:
    sample = facts.sample
    if sample is None or sample.draw < sample.share or facts.customer_is_test or facts.by_hand:
        return None
    return Refuse(Rule.NOT_IN_SAMPLE, _drawn(sample))


def _saw_sample(facts: Facts, now: datetime) -> str:
    return "everybody is asked" if facts.sample is None else _drawn(facts.sample)


def _drawn(sample: Sample) -> str:
    return f"drew {100 * sample.draw:.2f}, asked are those below {100 * sample.share:g} of 100"


def _capped(facts: Facts, now: datetime) -> Refuse | None:
    if facts.customer_is_test:
        return None
    for cap in facts.caps:
        if cap.asked >= cap.most:
            rule = Rule.YEARLY_CAP_SURVEY if cap.of is Of.SURVEY else Rule.YEARLY_CAP
            return Refuse(rule, _counted(cap))
    return None


def _counted(cap: Cap) -> str:
    since = f", the first of them {moment(cap.oldest)}" if cap.oldest else ""
    return f"asked {cap.asked} of {cap.most} times in 365 days{since}"


def _saw_caps(facts: Facts, now: datetime) -> str:
    told = (f"{cap.of.value}: {_counted(cap)}" for cap in facts.caps)
    return "; ".join(told) or "no cap"


def _quota(facts: Facts, now: datetime) -> Refuse | None:
    if facts.customer_is_test or facts.by_hand:
        return None
    for quota in facts.quotas:
        if quota.had >= quota.most:
            return Refuse(Rule.QUOTA_FULL, _had(quota))
    return None


def _had(quota: Quota) -> str:
    ends = f", until {moment(quota.ends)}" if quota.ends else ""
    return f"{quota.name}: {quota.had:,} of {quota.most:,} {quota.of}{ends}"


def _saw_quotas(facts: Facts, now: datetime) -> str:
    return "; ".join(_had(quota) for quota in facts.quotas) or "none counts this customer"


def _rest_refuses(facts: Facts, now: datetime) -> Refuse | None:
    return None if facts.customer_is_test else rests.refused(facts.rests, now)


def _rest_waits(facts: Facts, now: datetime) -> Wait | None:
    return None if facts.customer_is_test else rests.waited(facts.rests, now)


def _saw_rests(facts: Facts, *, waits: bool) -> str:
    told = (
        f"{one.of.value} after {one.after.value}: {rests.told(one, one.free_at())}"
        for one in facts.rests
        if one.waits is waits
    )
    return "; ".join(told) or "none applies"


def _yields(facts: Facts, now: datetime) -> Wait | Refuse | None:
    """Whoever is asked now would have to rest when the worthier survey comes."""
    rival = facts.rival
    if rival is None or facts.customer_is_test or facts.by_hand or _soon(rival, now):
        return None
    if rival.due_at >= now + timedelta(days=rival.rest_days):
        return None
    if any(one.waits for one in facts.rests if (one.of, one.after) == (Of.ALL, After.INVITATION)):
        return Wait(rival.due_at, Rule.YIELDS, _rival(rival))
    return Refuse(Rule.YIELDS, _rival(rival))


def _outranked(facts: Facts, now: datetime) -> Wait | None:
    """A worthier one is asked first that is about to be; in conversations also where none rests."""
    rival = facts.rival
    if rival is None or not _soon(rival, now):
        return None
    rests = rival.rest_days > 0 and not facts.by_hand and not facts.customer_is_test
    if facts.channel not in TALKS and not rests:
        return None
    return Wait(now + RECHECK, Rule.OUTRANKED, _rival(rival))


def _soon(rival: Rival, now: datetime) -> bool:
    return rival.due_at <= now + RECHECK


def _rival(rival: Rival) -> str:
    return f"it is {rival.survey!r}, due {moment(rival.due_at)}"


def _saw_rival(facts: Facts, now: datetime) -> str:
    rival = facts.rival
    if rival is None:
        return "no worthier survey is to be asked"
    return f"{_rival(rival)}, and would have to rest for {rival.rest_days:g} days"


SAMPLE = Check("not_in_sample", _sampled, _saw_sample)
LIMITS = (
    Check("yearly_cap", _capped, _saw_caps),
    Check("quota_full", _quota, _saw_quotas),
    Check("quarantine", _rest_refuses, lambda facts, now: _saw_rests(facts, waits=False)),
    Check("yields", _yields, _saw_rival),
    Check("quarantine, waited", _rest_waits, lambda facts, now: _saw_rests(facts, waits=True)),
)
OUTRANKED = Check("outranked", _outranked, _saw_rival)
