"""Urgency and its reasons beside the reading, why a mention was found, and more to correct."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_OLD_KINDS = "kind IN ('sentiment', 'added', 'removed', 'changed', 'undone')"
_KINDS = (
    "kind IN ('sentiment', 'added', 'removed', 'changed', 'undone', "
    "'urgent', 'not_urgent', 'confirmed')"
)
_SPANS = (
    "AND (kind NOT IN ('added', 'removed', 'changed') OR theme IS NOT NULL "
    'AND "start" IS NOT NULL AND "end" IS NOT NULL '
    'AND "start" >= 0 AND "end" > "start") '
    "AND (kind <> 'changed' OR new_theme IS NOT NULL)"
)
_OLD_WHOLE = (
    "(kind = 'undone') = (undoes_id IS NOT NULL) "
    f"AND (kind IN ('removed', 'undone') OR sentiment IS NOT NULL) {_SPANS}"
)
_WHOLE = (
    "(kind = 'undone') = (undoes_id IS NOT NULL) "
    "AND (kind = 'confirmed') = (reading IS NOT NULL) "
    "AND (kind IN ('removed', 'undone', 'urgent', 'not_urgent', 'confirmed') "
    f"OR sentiment IS NOT NULL) {_SPANS}"
)
_COLUMNS = (
    *("id", "workspace_id", "comment_id", "user_id", "created_at", "text_hash", "kind"),
    *("start", "end", "theme", "new_theme", "sentiment", "was", "undoes_id"),
)


def upgrade() -> None:
    """Move forward; comments get columns in place, only the few corrections are copied."""
    _widen_comments()
    # what was read before has no reasons yet, and the threshold of its model is not known:
    # 0.35 is that of the model shipped until now; `waymark reread` says it better
    op.execute(sa.text("UPDATE comments SET urgent = true WHERE urgency >= 0.35"))
    _create_handled()
    _create_explanations()
    if op.get_bind().dialect.name == "sqlite":
        _copy_corrections(_KINDS, _WHOLE, sa.Column("reading", _JSON, nullable=True))
    else:
        op.add_column("corrections", sa.Column("reading", _JSON))
        _check_corrections(_KINDS, _WHOLE)


def _widen_comments() -> None:
    op.add_column("comments", sa.Column("risks", _JSON))
    op.add_column(
        "comments", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_comments_urgent",
        "comments",
        ["workspace_id", "occurred_at"],
        sqlite_where=sa.text("urgent = 1"),
        postgresql_where=sa.text("urgent"),
    )


def _create_handled() -> None:
    op.create_table(
        "handled_comments",
        sa.Column("comment_id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("handled_at", _TIME, nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        _key("handled_comments", "comment_id", "comments", "CASCADE"),
        _key("handled_comments", "workspace_id", "workspaces", "CASCADE"),
        _key("handled_comments", "user_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_handled_comments")),
    )
    for column in ("workspace_id", "user_id"):
        op.create_index(f"ix_handled_comments_{column}", "handled_comments", [column])


def _create_explanations() -> None:
    op.create_table(
        "explanations",
        sa.Column("comment_id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("words", _JSON, nullable=True),
        sa.CheckConstraint(
            "done_at IS NULL OR (model IS NOT NULL AND words IS NOT NULL)",
            name=op.f("ck_explanations_done_whole"),
        ),
        _key("explanations", "comment_id", "comments", "CASCADE"),
        _key("explanations", "workspace_id", "workspaces", "CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_explanations")),
    )
    op.create_index("ix_explanations_workspace_id", "explanations", ["workspace_id"])
    owed = sa.text("done_at IS NULL")
    op.create_index(
        "ix_explanations_owed",
        "explanations",
        ["asked_at"],
        sqlite_where=owed,
        postgresql_where=owed,
    )


def _check_corrections(kinds: str, whole: str) -> None:
    for name, rule in (("ck_corrections_kind_known", kinds), ("ck_corrections_whole", whole)):
        op.drop_constraint(op.f(name), "corrections", type_="check")
        op.create_check_constraint(op.f(name), "corrections", rule)


def _copy_corrections(kinds: str, whole: str, *more: sa.Column[object]) -> None:
    """SQLite changes no CHECK in place: the table is made anew beside the old one.

    The new one refers to itself under its passing name, which the renaming follows: a reference
    to the old table would, while that is dropped, take every undone correction with it.
    """
    op.create_table(
        "corrections_new",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("comment_id", _KEY, nullable=False),
        sa.Column("user_id", _KEY, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(length=63), nullable=True),
        sa.Column("new_theme", sa.String(length=63), nullable=True),
        sa.Column("sentiment", sa.String(length=10), nullable=True),
        sa.Column("was", sa.String(length=10), nullable=True),
        sa.Column("undoes_id", _KEY, nullable=True),
        *more,
        sa.CheckConstraint(kinds, name=op.f("ck_corrections_kind_known")),
        sa.CheckConstraint(
            "sentiment IN ('negative', 'neutral', 'positive')",
            name=op.f("ck_corrections_sentiment_known"),
        ),
        sa.CheckConstraint(whole, name=op.f("ck_corrections_whole")),
        _key("corrections", "workspace_id", "workspaces", "CASCADE"),
        _key("corrections", "comment_id", "comments", "CASCADE"),
        _key("corrections", "user_id", "users", "SET NULL"),
        _key("corrections", "undoes_id", "corrections_new", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_corrections_undoes_id")),
    )
    old, new = (
        sa.table(name, *(sa.column(column) for column in _COLUMNS))
        for name in ("corrections", "corrections_new")
    )
    op.execute(new.insert().from_select(_COLUMNS, sa.select(*old.c).order_by(old.c.id)))
    op.drop_table("corrections")
    op.rename_table("corrections_new", "corrections")
    for column in ("comment_id", "user_id"):
        op.create_index(f"ix_corrections_{column}", "corrections", [column])
    op.create_index(
        "ix_corrections_workspace_id_created_at", "corrections", ["workspace_id", "created_at"]
    )


def _key(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    """Move back; what people said of urgency or confirmed is lost, and what it changed stays."""
    # what took one of them back goes with it
    op.execute("DELETE FROM corrections WHERE kind IN ('urgent', 'not_urgent', 'confirmed')")
    if op.get_bind().dialect.name == "sqlite":
        _copy_corrections(_OLD_KINDS, _OLD_WHOLE)
    else:
        _check_corrections(_OLD_KINDS, _OLD_WHOLE)
        op.drop_column("corrections", "reading")
    op.drop_table("explanations")
    op.drop_table("handled_comments")
    op.drop_index("ix_comments_urgent", "comments")
    op.drop_column("comments", "urgent")
    op.drop_column("comments", "risks")
