"""Alerts, the recipients of the team, what is sent to them, digests and looks."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_OWED = sa.text("status IN ('pending', 'sending')")


def upgrade() -> None:
    """Move forward: new tables, nothing of what is there is touched."""
    _create_alerts()
    op.create_table(
        "alert_mutes",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        _owner("alert_mutes", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_mutes")),
        sa.UniqueConstraint(
            "workspace_id", "series", name=op.f("uq_alert_mutes_workspace_id_series")
        ),
    )
    _create_channels()
    _create_sends()
    op.create_table(
        "digests",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("items", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        _owner("digests", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("workspace_id", "week", name=op.f("uq_digests_workspace_id_week")),
    )
    op.create_table(
        "alert_looks",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("rhythm", sa.String(length=4), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("readable", sa.Integer(), nullable=False),
        sa.Column("looked_at", _TIME, nullable=False),
        _check("alert_looks", "rhythm_known", "rhythm IN ('day', 'week')"),
        _owner("alert_looks", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "rhythm", name=op.f("pk_alert_looks")),
    )


def _owner(table: str, column: str, owners: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete=then)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("journey_id", _KEY, nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("signal", sa.String(length=240), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("rhythm", sa.String(length=4), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("figures", _JSON, nullable=False),
        sa.Column("latest", _JSON, nullable=False),
        sa.Column("points", _JSON, nullable=False),
        sa.Column("told_in", sa.String(length=20), nullable=True),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("closed_at", _TIME, nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("known_at", _TIME, nullable=True),
        sa.Column("known_by", _KEY, nullable=True),
        _check("alerts", "side_known", "side IN ('above', 'below')"),
        _check("alerts", "rhythm_known", "rhythm IN ('day', 'week')"),
        _check("alerts", "settled_closed", "settled = false OR closed_at IS NOT NULL"),
        _check("alerts", "days_ordered", "since < until"),
        _owner("alerts", "workspace_id", "workspaces"),
        _owner("alerts", "journey_id", "journeys"),
        _owner("alerts", "known_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("workspace_id", "signal", name=op.f("uq_alerts_workspace_id_signal")),
    )
    op.create_index("ix_alerts_workspace_id_series", "alerts", ["workspace_id", "series"])
    op.create_index("ix_alerts_journey_id", "alerts", ["journey_id"])
    op.create_index("ix_alerts_known_by", "alerts", ["known_by"])
    op.create_index("ix_alerts_told_in", "alerts", ["workspace_id", "told_in"])


def _create_channels() -> None:
    op.create_table(
        "alert_channels",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        _check("alert_channels", "kind_known", "kind IN ('email', 'webhook')"),
        _owner("alert_channels", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_channels")),
        sa.UniqueConstraint(
            "workspace_id",
            "kind",
            "address",
            name=op.f("uq_alert_channels_workspace_id_kind_address"),
        ),
    )


def _create_sends() -> None:
    states = "'pending', 'sending', 'sent', 'failed', 'unknown', 'skipped'"
    op.create_table(
        "alert_sends",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("channel_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", _TIME, nullable=False),
        sa.Column("not_after", _TIME, nullable=False),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        _check("alert_sends", "kind_known", "kind IN ('alert', 'digest', 'test')"),
        _check("alert_sends", "status_known", f"status IN ({states})"),
        _owner("alert_sends", "workspace_id", "workspaces"),
        _owner("alert_sends", "channel_id", "alert_channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_sends")),
        sa.UniqueConstraint("channel_id", "key", name=op.f("uq_alert_sends_channel_id_key")),
    )
    op.create_index(
        "ix_alert_sends_workspace_id_created_at", "alert_sends", ["workspace_id", "created_at"]
    )
    op.create_index(
        "ix_alert_sends_owed",
        "alert_sends",
        ["not_before"],
        sqlite_where=_OWED,
        postgresql_where=_OWED,
    )


def downgrade() -> None:
    """Move back; alerts and recipients are lost, answers are not."""
    for table in (
        *("alert_looks", "digests", "alert_sends", "alert_channels", "alert_mutes"),
        "alerts",
    ):
        op.drop_table(table)
