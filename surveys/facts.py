"""The facts that eligibility decisions need, gathered for many invitations in few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from surveys.contact_rules import read_rules
from surveys.contexts import customer_facts
from surveys.eligibility import decide
from surveys.eligibility_facts import RECHECK, Facts, Refuse, Rival
from surveys.facts_addresses import Senders, addresses
from surveys.facts_build import Known, facts_of
from surveys.facts_rows import Found, answers, histories, rivals
from surveys.learnt_hours import Learning, learning
from surveys.quotas import Counted, Quotas, count, quotas_of
from surveys.rests import After, Of
from surveys.unless import called_off
from surveys.whatsapp_facts import lacking_of


@dataclass(frozen=True)
class Gathered:
    """Everything that was read for some invitations, of different customers."""

    rows: Sequence[Found]
    known: Known
    rivals: Mapping[int, Sequence[Found]]
    quotas: Quotas
    counting: Mapping[int, Sequence[Counted]]
    learning: Learning

    def facts(self, row: Found) -> Facts:
        """The facts of one of the invitations, with the places that were taken meanwhile."""
        seen = [self.quotas.seen(one) for one in self.counting[row.id]]
        facts = facts_of(row, self.known, seen)
        return replace(facts, rival=self._rival(row), hour=self.learning.hour(row, facts))

    def take(self, row: Found) -> None:
        """It is asked: it takes a place in the quotas that count it."""
        self.quotas.take(self.counting[row.id])

    def _rival(self, row: Found) -> Rival | None:
        """The worthiest other survey that is to be asked, and would suffer if this one were."""
        others = (one for one in self.rivals.get(row.customer_id, ()) if one.worth > row.worth)
        for other in sorted(others, key=lambda one: (-one.worth, one.due_at, one.id)):
            found = self._as_rival(row, other)
            if found is not None:
                return found
        return None

    def _as_rival(self, row: Found, other: Found) -> Rival | None:
        """The other, if it is near enough to matter and would be asked by what is known now."""
        now, facts = self.known.now, facts_of(other, self.known)
        days = _rest_after(row, other, facts)
        matters = max(now + RECHECK, now + timedelta(days=days))
        at = max(other.due_at, now)
        late = other.due_at > matters or other.expires_at <= now + RECHECK
        if late or isinstance(decide(facts, at), Refuse):
            return None
        return Rival(other.survey_key, other.due_at, days)


def _rest_after(row: Found, other: Found, facts: Facts) -> float:
    """For how many days the other would have to rest after this one was asked."""
    if other.is_test:
        return 0.0
    begun = {Of.ALL}
    begun |= {Of.CHANNEL} if other.channel == row.channel else set()
    begun |= {Of.KIND} if other.kind == row.kind else set()
    rests = (one for one in facts.rests if one.after is After.INVITATION and one.of in begun)
    return max((one.days for one in rests), default=0.0)


def gather(
    session: Session, rows: Sequence[Found], senders: Senders, rings: bool, now: datetime
) -> Gathered:
    """All that the decisions on these invitations need, each of another customer.

    Some ten statements, whatever their number. `senders` ask where a workspace has none of its
    own; `rings`: texts reach real phones.
    """
    customers = {row.customer_id for row in rows}
    others = rivals(session, rows)
    everything = [*rows, *(other for many in others.values() for other in many)]
    known = Known(
        now=now,
        senders=senders,
        rings=rings,
        asked=histories(session, customers, {row.id for row in rows}, now),
        answered=answers(session, customers) if any(map(_rests_after_answers, everything)) else {},
        addresses=addresses(session, everything, senders, now),
        lacking=lacking_of(session, everything, senders),
        called_off=called_off(session, [row.id for row in rows if row.unless], now),
    )
    quotas = quotas_of(session, {row.workspace_id for row in rows}, now)
    counting = {row.id: _counting(quotas, row) for row in rows}
    count(session, quotas, (one for many in counting.values() for one in many))
    return Gathered(rows, known, others, quotas, counting, learning(session, rows, now))


def _rests_after_answers(row: Found) -> bool:
    """Whether anything rests after an answer: then what was answered is read."""
    rules = (read_rules(row.contact_rules), read_rules(row.survey_rules))
    return any(one.after is After.ANSWER for kept in rules for one in kept.quarantine or ())


def _counting(quotas: Quotas, row: Found) -> list[Counted]:
    if not quotas.of.get(row.workspace_id):
        return []
    facts = {**row.attributes, "customer": customer_facts(row)}
    return quotas.counting(row.workspace_id, row.survey_id, facts)
