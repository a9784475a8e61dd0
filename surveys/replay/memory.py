"""What a course knows as it goes on: what the tables would say at a moment, from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy.orm import Session

from surveys.channels.addresses import WHATSAPP
from surveys.consent import About, ruling
from surveys.contexts import customer_facts
from surveys.eligibility_facts import Consent
from surveys.facts_addresses import Addresses, about_of
from surveys.facts_build import Known
from surveys.facts_rows import YEAR, Found
from surveys.quotas import Counted, Quotas
from surveys.replay.people import Asked, Person, Said, Talk
from surveys.replay.rules import Rules
from surveys.replay.waiting import Waiting
from surveys.suppressions import LAPSES
from surveys.unless import Happened, reason_of
from surveys.whatsapp_facts import lacking


class Past(NamedTuple):
    """One time a customer was asked, or answered, as surveys.facts_rows tells of many."""

    survey_id: int
    channel: str
    kind: str | None
    last: datetime
    times: int
    began: datetime | None


class _Template(NamedTuple):
    """What WhatsApp's readiness depends on."""

    version: int
    content_hash: str
    whatsapp: Any
    locale: str | None
    default_locale: str


class Memory:
    """Whom a course asked, what they answered, which exchanges it opened."""

    def __init__(self, session: Session, rules: Rules) -> None:
        self._session, self._rules = session, rules
        self._asked: dict[int, list[Asked]] = defaultdict(list)
        self._said: dict[int, list[Said]] = defaultdict(list)
        self._talks: dict[tuple[str, str], Talk] = {}

    def asked(self, row: Waiting, now: datetime) -> None:
        """Keep that a customer is asked, and what they are going to say."""
        self._asked[row.customer_id].append(Asked(row.survey_id, row.channel, now))
        real = row.real
        if real is not None and real.said_after is not None:
            done = real.done_after is not None
            said = Said(row.survey_id, row.channel, now + real.said_after, done)
            self._said[row.customer_id].append(said)

    def talk(self, number: tuple[str, str], talk: Talk) -> None:
        """Keep that an exchange is open on a number."""
        self._talks[number] = talk

    def known(self, row: Waiting, others: Sequence[Waiting], now: datetime) -> Known:
        """What is known at a moment of an invitation and those it may yield to."""
        setting, person, rows = self._rules.setting, row.person, (row, *others)
        return Known(
            now=now,
            senders=setting.senders,
            rings=setting.rings,
            asked={person.id: cast("list[Found]", list(self._was_asked(person, now)))},
            answered={person.id: cast("list[Found]", list(self._answered(person, now)))},
            addresses=self._addresses(rows, now),
            called_off=self._called_off(row, now),
            lacking=self._lacking(rows),
        )

    def consent(self, row: Waiting, at: datetime) -> Consent:
        """What the ledger said at a moment of where an invitation goes."""
        about = about_of(cast("Found", row), self._rules.setting.senders)
        return Consent.NONE if about is None else _said_of(row, about, at)

    def counting(self, quotas: Quotas, row: Waiting) -> list[Counted]:
        """The quotas that count an invitation."""
        if not quotas.of:
            return []
        facts = {**row.attributes, "customer": customer_facts(row)}
        return quotas.counting(row.workspace_id, row.survey_id, facts)

    def _was_asked(self, person: Person, now: datetime) -> Iterator[Past]:
        for one in (*person.asked, *self._asked.get(person.id, ())):
            lately = now - YEAR < one.at
            kind = self._kind(one.survey_id)
            began = one.at if lately else None
            yield Past(one.survey_id, one.channel, kind, one.at, int(lately), began)

    def _answered(self, person: Person, now: datetime) -> Iterator[Past]:
        for one in (*person.said, *self._said.get(person.id, ())):
            if one.at <= now:
                yield Past(one.survey_id, one.channel, self._kind(one.survey_id), one.at, 1, None)

    def _kind(self, survey_id: int) -> str | None:
        survey = self._rules.surveys.get(survey_id)
        return None if survey is None else survey.kind

    def _addresses(self, rows: Sequence[Waiting], now: datetime) -> Addresses:
        consents: dict[tuple[str, About], Consent] = {}
        exchanges: dict[tuple[int, str, str], tuple[int, datetime]] = {}
        dead: dict[tuple[int, str], str] = {}
        for row in rows:
            about = about_of(cast("Found", row), self._rules.setting.senders)
            if about is None:
                continue
            consents[row.channel, about] = _said_of(row, about, now)
            talk = self._open(row.person, (about.sender, about.address), now)
            if talk is not None:
                number = (about.workspace_id, about.sender, about.address)
                exchanges[number] = (talk.invitation_id, talk.lapses)
            for address, code, since in row.person.dead:
                if now - LAPSES < since <= now:
                    dead[about.workspace_id, address] = code
        return Addresses(consents, dead, exchanges)

    def _open(self, person: Person, number: tuple[str, str], now: datetime) -> Talk | None:
        """What is open on a number; an exchange of before bears no number of this course's."""
        mine = self._talks.get(number)
        if mine is not None and now < mine.over:
            return mine
        before = (talk for where, talk in person.talks if where == number and now < talk.over)
        return next((one._replace(invitation_id=-1) for one in before), None)

    def _called_off(self, row: Waiting, now: datetime) -> dict[int, str]:
        if row.held is None:
            return {}
        said = (*row.person.said, *self._said.get(row.person.id, ()))
        answers = [
            Happened(0, self._rules.surveys[one.survey_id].key, one.at, {})
            for one in said
            if one.done and one.at <= now
        ]
        heard = (one for at, one in row.person.happened if at <= now)
        events = [one for one in heard if one.occurred_at <= now]
        why = reason_of(row.held, events, answers, now)
        return {row.id: why} if why else {}

    def _lacking(self, rows: Sequence[Waiting]) -> dict[int, str]:
        found: dict[int, str] = {}
        for row in rows:
            if row.channel != WHATSAPP:
                continue
            sender = self._rules.setting.senders.of(cast("Found", row))
            rule = lacking(self._session, cast("Found", self._template(row)), sender)
            if rule is not None:
                found[row.id] = rule.value
        return found

    def _template(self, row: Waiting) -> _Template:
        return _Template(
            row.version_id,
            self._rules.versions[row.version_id].content_hash,
            self._rules.surveys[row.survey_id].whatsapp,
            row.locale,
            self._rules.workspace.default_locale,
        )


def _said_of(row: Waiting, about: About, at: datetime) -> Consent:
    entries = row.person.ledgers[row.channel](about.workspace_id, about.address, at)
    return ruling(entries, about.sender)
