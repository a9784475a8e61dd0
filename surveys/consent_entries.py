"""The entries of the consent ledger that decide, with what was said for everywhere beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import CompoundSelect, cast, false, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from models import customer as tables
from surveys.channels import addresses
from surveys.eligibility_facts import Consent


class Entry(NamedTuple):
    """A line of the ledger, as far as it decides; `sender` None speaks of every sender."""

    state: str
    source: str
    sender: str | None


class Ledgers(Protocol):
    """A workspace's entries of an address, the latest first; with `until`, as they were then."""

    def __call__(
        self, workspace_id: int, address: str, until: datetime | None = None
    ) -> list[Entry]:
        """The entries; those at the moment itself among them."""


def entries_of(
    session: Session,
    workspaces: Collection[int],
    written_to: Collection[str],
    channel: str | None = None,
) -> Ledgers:
    """The ledgers of addresses, with what was said for everywhere, by one query."""
    own: dict[tuple[int, str], list[_Line]] = defaultdict(list)
    everywhere: dict[str, list[_Line]] = defaultdict(list)
    for row in session.execute(_lines(workspaces, written_to, channel)):
        line = _Line(row.occurred_at, row.everywhere, row.id, row.workspace_id, Entry(*row[2:5]))
        if line.everywhere:
            everywhere[row.address].append(line)
        else:
            own[row.workspace_id, row.address].append(line)

    def entries(workspace_id: int, address: str, until: datetime | None = None) -> list[Entry]:
        # where it was said the ledger has it anyway
        heard = (one for one in everywhere.get(address, ()) if one.workspace_id != workspace_id)
        lines = sorted([*own.get((workspace_id, address), ()), *heard], key=_Line.order)
        said = (one for one in reversed(lines) if until is None or one.occurred_at <= until)
        return [one.entry for one in said]

    return entries


class _Line(NamedTuple):
    """An entry in its place; at one moment what was said for everywhere is the later."""

    occurred_at: datetime
    everywhere: bool
    id: int
    workspace_id: int | None
    entry: Entry

    def order(self) -> tuple[datetime, bool, int]:
        return self.occurred_at, self.everywhere, self.id


def _lines(
    workspaces: Collection[int], written_to: Collection[str], channel: str | None
) -> CompoundSelect[Any]:
    channels = {channel or addresses.channel_of(one) for one in written_to}
    ledger, stops = tables.Consent, tables.StopEverywhere
    about = (ledger.state, ledger.source, ledger.sender)
    nobody = cast(null(), ledger.sender.type)
    withdrawn = literal(Consent.WITHDRAWN.value, ledger.state.type)
    return union_all(
        select(
            *(ledger.workspace_id, ledger.address, *about, ledger.occurred_at, ledger.id),
            false().label("everywhere"),
        ).where(
            ledger.workspace_id.in_(workspaces),
            ledger.channel.in_(channels),
            ledger.address.in_(written_to),
        ),
        select(
            *(stops.said_in, stops.address, withdrawn, stops.source, nobody),
            *(stops.occurred_at, stops.id, true()),
        ).where(stops.channel.in_(channels), stops.address.in_(written_to)),
    )
