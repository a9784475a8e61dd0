from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import JSON, Integer, String, Table, Text, func, select
from sqlalchemy.orm import Session

from feedback.customers import tables
from feedback.customers.merge import find, link, merge, merge_named
from feedback.customers.tables import Fate
from feedback.intake import ingest
from models.base import Base, UTCDateTime
from models.customer import Consent, Customer, Segment
from models.errors import NotFound
from models.event import Event
from models.intake import CustomerAlias
from models.invitation import Invitation
from models.statistics import SegmentMember, StatisticMark
from models.survey import Appointment, Survey, SurveyVersion, Trigger
from models.tables import ALL
from models.workspace import Workspace
from surveys import consent
from surveys.eligibility_facts import Consent as State

OLD, NEW = "+447700900001", "+447700900002"


def add(session: Session, workspace: Workspace, key: str, now: datetime, **more: Any) -> Customer:
    made = Customer(
        **{"workspace_id": workspace.id, "external_id": key, "attributes": {}, **more},
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made


def people(session: Session) -> list[str]:
    return sorted(session.scalars(select(Customer.external_id)))


# -- every table ----------------------------------------------------------------------------------


class Rows:
    """Fills any table with a row of its own, making the rows that it needs first."""

    def __init__(self, session: Session, workspace: Workspace, customer: Customer) -> None:
        self.session, self.numbers = session, count(1000)
        self.known: dict[str, int] = {"workspaces": workspace.id, "customers": customer.id}

    def key(self, table: Table) -> int:
        if table.name not in self.known:
            self.known[table.name] = self.add(table)
        return self.known[table.name]

    def add(self, table: Table) -> int:
        values = {
            column.name: self._value(table, column)
            for column in table.columns
            if not (column.primary_key and column.name == "id")
            and (not column.nullable or column.name == "customer_id")
        }
        done = self.session.execute(table.insert().values(**values))
        return int(done.inserted_primary_key[0])

    def _value(self, table: Table, column: Any) -> Any:
        if column.foreign_keys:
            return self.key(next(iter(column.foreign_keys)).column.table)
        if column.name in {"customer_id", "workspace_id"}:
            return self.known[f"{column.name.removesuffix('_id')}s"]
        for rule in table.constraints:
            text = str(getattr(rule, "sqltext", ""))
            if text.startswith(f"{column.name} IN ("):
                return text.split("'")[1]
        if isinstance(column.type, UTCDateTime):
            return datetime.fromisoformat("2026-11-18T12:00:00+00:00")
        if isinstance(column.type, String | Text):
            return str(next(self.numbers))
        if isinstance(column.type, JSON):
            return {}
        return column.type.python_type(
            next(self.numbers) if isinstance(column.type, Integer) else 0
        )


@pytest.fixture
def two(session: Session, workspace: Workspace, now: datetime) -> tuple[Customer, Customer]:
    return add(session, workspace, "kept", now), add(session, workspace, "gone", now)


def test_no_table_that_names_a_customer_is_forgotten(
    session: Session, workspace: Workspace, two: tuple[Customer, Customer], now: datetime
) -> None:
    """Walks the models: a table made tomorrow is in this test by itself."""
    kept, gone = two
    kept_id, gone_id = kept.id, gone.id
    rows, named = Rows(session, workspace, gone), tables.named()
    assert ALL
    for table in named:
        rows.key(table)
    merge(session, kept, gone, now)
    session.commit()
    for table in named:
        column = table.columns["customer_id"]
        counts = [
            session.scalar(select(func.count()).select_from(table).where(column == one))
            for one in (gone_id, kept_id)
        ]
        # the mark that merging leaves is one more
        extra = {"statistic_marks": 2, "customer_aliases": 2}.get(table.name, 1)
        wanted = 0 if tables.fate(table) is Fate.DROP else extra
        assert counts[0] == 0 and counts[1] >= wanted, table.name
    assert len(named) >= 9


def test_rows_that_could_not_both_be_one_customers_have_a_fate_of_their_own() -> None:
    colliding = {one.name for one in tables.named() if tables.may_collide(one)}
    assert colliding == {one.name for one in tables.named() if tables.fate(one) is not Fate.MOVE}


def test_two_who_wait_for_the_same_are_asked_once(
    session: Session, workspace: Workspace, two: tuple[Customer, Customer], now: datetime
) -> None:
    rows = Rows(session, workspace, two[0])
    trigger_id = rows.key(Trigger.__table__)
    told = {"workspace_id": workspace.id, "trigger_id": trigger_id}
    for customer in two:
        session.add(Appointment(**told, customer_id=customer.id, due_at=now))
    asked = [_asked(rows, customer, now, **told) for customer in two]
    session.add_all(asked)
    session.commit()
    merge(session, *two, now)
    session.commit()
    assert len(session.scalars(select(Appointment)).all()) == 1
    found = session.scalars(select(Invitation).order_by(Invitation.id)).all()
    mine = [one for one in found if one.token.startswith("turn")]
    assert [(one.customer_id, one.period) for one in mine] == [(two[0].id, 7), (two[0].id, None)]


def _asked(rows: Rows, customer: Customer, now: datetime, **told: Any) -> Invitation:
    return Invitation(
        **told,
        customer_id=customer.id,
        survey_id=rows.key(Survey.__table__),
        version_id=rows.key(SurveyVersion.__table__),
        channel="sms",
        token=f"turn{customer.id}",
        period=7,
        due_at=now,
        expires_at=now,
        status_at=now,
        created_at=now,
    )


def test_every_column_that_points_to_a_customer_is_called_so() -> None:
    """What is called otherwise would not be found by its name."""
    pointing = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "customers"
    }
    assert {column for _, column in pointing} == {"customer_id"}


# -- what a merged customer is --------------------------------------------------------------------


def test_later_events_with_the_old_id_find_the_person(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    said = [{"id": "e1", "event": "seen", "customer": {"id": "visitor"}}]
    said += [{"id": "e2", "event": "bought", "customer": {"id": "u1"}}]
    ingest(session, workspace.id, said, now)
    merge_named(session, workspace.id, "u1", "visitor", now)
    later = {"id": "e3", "event": "seen", "customer": {"id": "visitor", "phone": "07700 900123"}}
    ingest(session, workspace.id, [later], now)
    both = {"id": "e4", "event": "seen", "customer": {"id": "visitor"}}
    ingest(session, workspace.id, [both, {**both, "id": "e5", "customer": {"id": "u1"}}], now)
    assert people(session) == ["u1"]
    person = session.scalars(select(Customer)).one()
    assert person.phone == "+447700900123"
    assert set(session.scalars(select(Event.customer_id))) == {person.id}
    assert session.scalar(select(func.count(Event.id))) == 5


def test_merging_again_changes_nothing(
    session: Session, workspace: Workspace, two: tuple[Customer, Customer], now: datetime
) -> None:
    assert merge(session, *two, now).merged
    again = merge_named(session, workspace.id, "kept", "gone", now)
    assert not again.merged and again.moved == {}
    assert people(session) == ["kept"]


def test_a_chain_of_merges_ends_at_one_person(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    for key in "abc":
        add(session, workspace, key, now)
    merge_named(session, workspace.id, "b", "a", now)
    merge_named(session, workspace.id, "c", "b", now)
    for key in "abc":
        found = find(session, workspace.id, key)
        assert found is not None and found.external_id == "c"
    assert session.scalar(select(func.count(CustomerAlias.id))) == 2


def test_an_id_that_nobody_has_yet_is_kept_for_the_person(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    link(session, workspace.id, "visitor", "u1", now)
    ingest(session, workspace.id, [{"id": "e", "event": "x", "customer": {"id": "visitor"}}], now)
    assert people(session) == ["u1"]


def test_what_the_kept_one_does_not_say_is_taken_from_the_other(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    add(session, workspace, "kept", now, email="new@example.org", attributes={"tier": "gold"})
    old = {"tier": "none", "city": "Leeds"}
    add(session, workspace, "gone", now, email="old@example.org", phone=OLD, attributes=old)
    merge_named(session, workspace.id, "kept", "gone", now)
    session.commit()
    person = session.scalars(select(Customer)).one()
    assert (person.email, person.phone) == ("new@example.org", OLD)
    assert person.attributes == {"tier": "gold", "city": "Leeds"}


@pytest.mark.parametrize(("kept", "gone"), [("kept", "nobody"), ("nobody", "kept")])
def test_an_unknown_customer_is_named(
    session: Session, workspace: Workspace, now: datetime, kept: str, gone: str
) -> None:
    add(session, workspace, "kept", now)
    with pytest.raises(NotFound, match="nobody"):
        merge_named(session, workspace.id, kept, gone, now)


def test_a_customer_of_another_workspace_is_not_found(
    session: Session, workspace: Workspace, make_workspace: Any, now: datetime
) -> None:
    other = make_workspace(session, name="other", sender="+447700900009")
    add(session, workspace, "kept", now)
    add(session, other, "theirs", now)
    with pytest.raises(NotFound):
        merge_named(session, workspace.id, "kept", "theirs", now)


# -- consent --------------------------------------------------------------------------------------


def state(session: Session, workspace: Workspace, address: str, sender: str = "+44") -> State:
    return consent.state_of(session, workspace.id, address, sender)


def say(session: Session, workspace: Workspace, address: str, what: State, **more: Any) -> None:
    at = more.pop("now")
    consent.record(session, workspace.id, address, what, consent.CUSTOMER_SMS, at, **more)


@pytest.mark.parametrize("stopped", [OLD, NEW])
def test_the_stricter_consent_wins(
    session: Session, workspace: Workspace, now: datetime, stopped: str
) -> None:
    add(session, workspace, "kept", now, phone=NEW)
    add(session, workspace, "gone", now, phone=OLD)
    for phone in (OLD, NEW):
        say(session, workspace, phone, State.GRANTED, now=now - timedelta(days=2))
    say(session, workspace, stopped, State.WITHDRAWN, now=now - timedelta(days=1))
    done = merge_named(session, workspace.id, "kept", "gone", now)
    assert done.withdrawn == 1
    assert {state(session, workspace, one) for one in (OLD, NEW)} == {State.WITHDRAWN}
    # who merges again adds nothing to the ledger
    merge_named(session, workspace.id, "kept", "gone", now)
    assert session.scalar(select(func.count(Consent.id))) == 4


def test_a_stop_to_one_sender_is_one_to_that_sender(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    add(session, workspace, "kept", now, phone=NEW)
    add(session, workspace, "gone", now, phone=OLD)
    say(session, workspace, NEW, State.GRANTED, now=now)
    say(session, workspace, OLD, State.WITHDRAWN, now=now, sender="+441")
    merge_named(session, workspace.id, "kept", "gone", now)
    assert state(session, workspace, NEW, "+441") is State.WITHDRAWN
    assert state(session, workspace, NEW, "+442") is State.GRANTED


def test_a_permission_is_not_carried_over(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    add(session, workspace, "kept", now, phone=NEW)
    add(session, workspace, "gone", now, phone=OLD)
    say(session, workspace, OLD, State.GRANTED, now=now)
    assert merge_named(session, workspace.id, "kept", "gone", now).withdrawn == 0
    assert state(session, workspace, NEW) is State.NONE


# -- statistics and quarantine --------------------------------------------------------------------


def test_the_person_is_marked_to_be_counted_again(
    session: Session, workspace: Workspace, two: tuple[Customer, Customer], now: datetime
) -> None:
    segment = Segment(workspace_id=workspace.id, key="s", name="S", filter={}, created_at=now)
    session.add(segment)
    session.flush()
    kept, gone = two
    session.add(SegmentMember(customer_id=gone.id, segment_id=segment.id))
    session.flush()
    merge(session, kept, gone, now)
    session.commit()
    assert session.scalar(select(func.count()).select_from(SegmentMember)) == 0
    assert kept.id in set(session.scalars(select(StatisticMark.customer_id)))


def test_invitations_of_both_count_for_quarantine(
    session: Session, workspace: Workspace, two: tuple[Customer, Customer], now: datetime
) -> None:
    kept, gone = two
    rows = Rows(session, workspace, gone)
    invitation = session.get(Invitation, rows.key(Base.metadata.tables["invitations"]))
    assert invitation is not None
    invitation.sent_at = now
    merge(session, kept, gone, now)
    session.commit()
    asked = select(func.max(Invitation.sent_at)).where(Invitation.customer_id == kept.id)
    assert session.scalar(asked) == now
