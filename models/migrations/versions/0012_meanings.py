"""What comments mean: vectors to search by, their codes in blocks, and what was asked for."""

# ruff: noqa: S608 - the statements are put together from a number of our own

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OWED = sa.text("words IS NOT NULL")
_SIZE = 4096
"""Comments a block spans by their ids, as feedback.search.meanings.SIZE."""


def upgrade() -> None:
    """Move forward: new tables; the ranges of the comments there are wait to be filled in."""
    op.create_table(
        "comment_meanings",
        sa.Column("comment_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("encoder", sa.String(length=12), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        _owner("comment_meanings", "comment_id", "comments"),
        _owner("comment_meanings", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_comment_meanings")),
    )
    op.create_index("ix_comment_meanings_range", "comment_meanings", ["workspace_id", "comment_id"])
    op.create_table(
        "meaning_blocks",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("encoder", sa.String(length=12), nullable=False),
        sa.Column("number", _KEY, autoincrement=False, nullable=False),
        sa.Column("codes", sa.LargeBinary(), nullable=False),
        _owner("meaning_blocks", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "encoder", "number", name=op.f("pk_meaning_blocks")
        ),
    )
    op.create_table(
        "meaning_marks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meaning_marks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_meaning_marks_place", "meaning_marks", ["workspace_id", "number"])
    _create_questions()
    _create_triggers()
    # whose comments speak of a theme is read from the index alone: a search for a word and a
    # theme in a million comments took a third of the time
    said = ["workspace_id", "theme", "sentiment"]
    op.drop_index("ix_mentions_report", "mentions")
    op.create_index("ix_mentions_report", "mentions", [*said, "comment_id"])
    op.execute(
        "INSERT INTO meaning_marks (workspace_id, number) "
        f"SELECT DISTINCT workspace_id, id / {_SIZE} FROM comments"
    )


def _owner(table: str, column: str, owners: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owners}.id"], name=name, ondelete="CASCADE")


def _create_questions() -> None:
    op.create_table(
        "meaning_questions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("encoder", sa.String(length=12), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        _owner("meaning_questions", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meaning_questions")),
        sa.UniqueConstraint(
            "workspace_id", "words_hash", name=op.f("uq_meaning_questions_workspace_id_words_hash")
        ),
    )
    op.create_index("ix_meaning_questions_workspace_id", "meaning_questions", ["workspace_id"])
    op.create_index(
        "ix_meaning_questions_owed",
        "meaning_questions",
        ["asked_at"],
        postgresql_where=_OWED,
        sqlite_where=_OWED,
    )


def _create_triggers() -> None:
    """What is erased leaves its block at once; the rest of the block is packed again."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            "CREATE TRIGGER comment_meanings_struck AFTER DELETE ON comment_meanings BEGIN "
            "DELETE FROM meaning_blocks WHERE workspace_id = old.workspace_id "
            f"AND encoder = old.encoder AND number = old.comment_id / {_SIZE}; "
            "INSERT INTO meaning_marks (workspace_id, number) "
            f"SELECT old.workspace_id, old.comment_id / {_SIZE} WHERE NOT EXISTS "
            "(SELECT 1 FROM meaning_marks m WHERE m.workspace_id = old.workspace_id "
            f"AND m.number = old.comment_id / {_SIZE}); END"
        )
        return
    op.execute(
        "CREATE FUNCTION comment_meanings_struck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "DELETE FROM meaning_blocks b USING (SELECT DISTINCT workspace_id, encoder, "
        f"comment_id / {_SIZE} AS number FROM gone) g WHERE b.workspace_id = g.workspace_id "
        "AND b.encoder = g.encoder AND b.number = g.number; "
        "INSERT INTO meaning_marks (workspace_id, number) "
        f"SELECT DISTINCT workspace_id, comment_id / {_SIZE} FROM gone; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER comment_meanings_struck AFTER DELETE ON comment_meanings "
        "REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION comment_meanings_struck()"
    )


def downgrade() -> None:
    """Move back; vectors are made anew by the next move forward."""
    op.drop_index("ix_mentions_report", "mentions")
    op.create_index("ix_mentions_report", "mentions", ["workspace_id", "theme", "sentiment"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION comment_meanings_struck() CASCADE")
    for name in ("meaning_questions", "meaning_marks", "meaning_blocks", "comment_meanings"):
        op.drop_table(name)
