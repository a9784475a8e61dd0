"""`waymark opt-in`: consent that customers gave elsewhere, many numbers at once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

import click
from sqlalchemy.orm import Session

from feedback.app import make_services
from feedback.commands.context import find_workspace, load_settings, open_session
from models.errors import InvalidInput
from models.workspace import Workspace
from surveys import consent, optout
from surveys.channels.addresses import TALKS, address_on
from surveys.eligibility_facts import Consent
from surveys.phones import normalise
from surveys.recording import LONGEST, SOURCES
from surveys.senders import sender_on

COLUMN, WORDS = "phone", "words"
MOST_TOLD = 10


@dataclass(frozen=True)
class Given:
    """One line: who agreed, and how the team knows."""

    address: str
    words: str


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--workspace", "workspace_name", required=True)
@click.option("--channel", required=True, type=click.Choice(TALKS))
@click.option("--source", default="team_form", show_default=True, type=click.Choice(list(SOURCES)))
@click.option("--words", required=True, help="How you know: “Ticked the box at checkout, form 3”.")
def command(file: TextIO, workspace_name: str, channel: str, source: str, words: str) -> None:
    """Write into the ledger that the numbers of FILE gave consent.

    FILE is a CSV with a column `phone`, and `words` where a line knows better than --words. All
    of it is checked before anything is written, and giving it again changes nothing. Nobody who
    said STOP is brought back: only the customer does that.
    """
    with open_session() as session:
        workspace = find_workspace(session, workspace_name)
        given = list(_read(file, channel, words, workspace.default_region))
        sender = sender_on(channel, session, make_services(load_settings()), workspace.id)
        done = record_all(session, workspace, sender, given, source, datetime.now(UTC))
        session.commit()
    click.echo(
        f"{done['recorded']:,} recorded, {done['known']:,} known already, "
        f"{done['withdrawn']:,} stay withdrawn by their own word"
    )


def record_all(
    session: Session,
    workspace: Workspace,
    sender: str,
    given: Iterable[Given],
    source: str,
    now: datetime,
) -> Counter[str]:
    """Record those that are news of this sender, for every sender; the caller commits."""
    done: Counter[str] = Counter()
    for one in given:
        held = consent.state_of(session, workspace.id, one.address, sender)
        what = {Consent.GRANTED: "known", Consent.WITHDRAWN: "withdrawn"}.get(held, "recorded")
        done[what] += 1
        if held is Consent.NONE:
            owner = optout.customer_at(session, workspace.id, one.address)
            about = (workspace.id, one.address, Consent.GRANTED, source, now)
            consent.record(session, *about, customer_id=owner, detail=one.words)
    return done


def _read(file: TextIO, channel: str, words: str, region: str) -> Iterator[Given]:
    rows = csv.DictReader(file)
    if COLUMN not in (rows.fieldnames or ()):
        mend = "Name one in the first line, and put a number in each of the others."
        raise InvalidInput(f"has no column {COLUMN!r}", field=file.name, mend=mend)
    wrong: list[str] = []
    for row in rows:
        try:
            address = address_on(channel, normalise(row[COLUMN] or "", region))
            yield Given(address, _words(row.get(WORDS) or words))
        except InvalidInput as error:
            wrong.append(f"line {rows.line_num}: {error.field} {error.message}. {error.mend or ''}")
    if wrong:
        more = f"\nand {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        told = "\n".join(wrong[:MOST_TOLD])
        raise InvalidInput(f"nothing was written:\n{told}{more}", field=file.name)


def _words(said: str) -> str:
    plain = " ".join(said.replace("\x00", "").split())
    if not plain or len(plain) > LONGEST:
        mend = f"Say how you know, in {LONGEST} characters."
        raise InvalidInput("say nothing, or too much", field=WORDS, mend=mend)
    return plain
