"""The least that a program can do which keeps what ours keeps of an invitation: the floor of rows.

Bare psycopg and Twilio's SDK. Per invitation a decision, a response, an exchange and a message are
inserted; the message is marked before it is handed over and after it; invitation and exchange go
along. Twenty-five at a time, each statement for all of them at once in the driver's pipeline,
three commits. Nothing is read: no consent, no quiet hours, no other survey's claim, no STOP; no
step is guarded against a second worker, and nothing is retried.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from twilio.rest import Client

from benchmarks.sending import BODY, CALLBACK, SENDER
from benchmarks.twilio_floor import ACCOUNT, TOKEN
from models.engine import parse_url
from surveys.channels.twilio_http import RebasedHttpClient

TOGETHER = 25
# as long as ours, by what a run of `benchmarks.minute` wrote into PostgreSQL's log
FACTS = '{"' + "f" * 300 + '": 1}'
_WRITES = (
    """
    INSERT INTO decisions (workspace_id, invitation_id, outcome, detail, facts, decided_at)
    VALUES (1, %(id)s, 'ask', '', %(facts)s::jsonb, %(now)s)
    """,
    """
    INSERT INTO responses (id, workspace_id, invitation_id, customer_id, survey_id, version_id,
      channel, language, source, external_id, status, state, occurred_at, started_at, updated_at)
    SELECT %(id)s, 1, %(id)s, %(id)s, survey_id, id, 'sms', 'en', 'waymark', %(id)s::text, 'open',
      '{}', %(now)s, %(now)s, %(now)s FROM survey_versions
    """,
    """
    INSERT INTO conversations (id, workspace_id, customer_id, invitation_id, response_id, sender,
      address, status, opened_at, expires_at)
    VALUES (%(id)s, 1, %(id)s, %(id)s, %(id)s, %(sender)s, %(to)s, 'open', %(now)s, %(later)s)
    """,
    """
    INSERT INTO messages (id, workspace_id, customer_id, invitation_id, conversation_id, direction,
      kind, dedupe_scope, step, sender, address, body, segments, status, provider, priority,
      attempts, created_at, status_at)
    VALUES (%(id)s, 1, %(id)s, %(id)s, %(id)s, 'out', 'invitation', 'inv:' || %(id)s::text,
      'q:score', %(sender)s, %(to)s, %(body)s, 1, 'pending', 'twilio', 5, 0, %(now)s, %(now)s)
    """,
    "UPDATE invitations SET status = 'sending', status_at = %(now)s WHERE id = %(id)s",
)
_CLAIM = (
    """
    UPDATE messages SET status = 'sending', attempts = 1, attempted_at = %(now)s,
      claimed_until = %(later)s, status_at = %(now)s WHERE id = %(id)s
    """,
)
_SETTLE = (
    """
    UPDATE messages SET status = 'queued', provider_id = %(sid)s, claimed_until = NULL,
      status_at = %(now)s, follow_at = %(later)s WHERE id = %(id)s
    """,
    """
    UPDATE invitations SET status = 'sent', sent_at = %(now)s, status_at = %(now)s
    WHERE id = %(id)s
    """,
    "UPDATE conversations SET expires_at = %(later)s WHERE id = %(id)s",
)


def rows_rate(url: str, base: str, first: int, many: int, hands: int) -> float:
    """Invitations a second, `many` of them from the id `first` on, in so many processes."""
    context = multiprocessing.get_context("spawn")
    parts = [range(first + hand, first + many, hands) for hand in range(hands)]
    each = [context.Process(target=_keep, args=(url, base, part)) for part in parts]
    began = time.perf_counter()
    for one in each:
        one.start()
    for one in each:
        one.join()
    if any(one.exitcode for one in each):
        raise SystemExit("the floor of rows failed")
    return many / (time.perf_counter() - began)


def _keep(url: str, base: str, ids: Sequence[int]) -> None:
    client: Any = Client(ACCOUNT, TOKEN, http_client=RebasedHttpClient(base, timeout=10))
    plain = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        for start in range(0, len(ids), TOGETHER):
            _some(connection, client, ids[start : start + TOGETHER])


def _some(connection: psycopg.Connection[Any], client: Any, ids: Sequence[int]) -> None:
    now = datetime.now(UTC)
    given = {"now": now, "later": now + timedelta(days=1), "sender": SENDER, "body": BODY}
    rows = [{**given, "id": one, "to": f"+4477{one:08d}", "facts": FACTS} for one in ids]
    _write(connection, _WRITES, rows)
    _write(connection, _CLAIM, rows)
    for row in rows:
        row["sid"] = client.messages.create(
            to=row["to"], from_=SENDER, body=BODY, status_callback=f"{CALLBACK}?m={row['id']}"
        ).sid
    _write(connection, _SETTLE, rows)


def _write(
    connection: psycopg.Connection[Any], statements: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.executemany(statement, rows)
    connection.commit()
