"""The words of comments, to be searched, and comments in the order they happened."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CONFIGURATIONS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_MOST = 50_000
"""Characters of a comment that are indexed: PostgreSQL refuses a longer list of words."""

_JOINTS = "/.@_-&=+:"
"""What stands between words; PostgreSQL takes slow/late for the name of a file."""


def upgrade() -> None:
    """Move forward: no row is changed, only looked at once."""
    op.create_index("ix_comments_when", "comments", ["workspace_id", "occurred_at"])
    op.create_index("ix_comments_language", "comments", ["workspace_id", "language"])
    op.create_index("ix_comments_feeling", "comments", ["workspace_id", "sentiment_score"])
    if op.get_bind().dialect.name == "postgresql":
        _index_on_postgres()
    else:
        _index_on_sqlite()


def _index_on_postgres() -> None:
    """A GIN index over an expression: nothing is stored twice, nothing can fall behind.

    The cost tells the planner what stemming a comment takes, so that it walks a list in its
    order only where most comments match.
    """
    for name in _CONFIGURATIONS.values():
        _stem_on_postgres(name)
    chosen = "\n".join(
        f"    WHEN '{language}' THEN 'public.waymark_{name}'::regconfig"
        for language, name in _CONFIGURATIONS.items()
    )
    op.execute(
        "CREATE FUNCTION waymark_language(language text) RETURNS regconfig "
        "LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$\n"
        f"BEGIN RETURN CASE language\n{chosen}\n"
        "    ELSE 'pg_catalog.simple'::regconfig END;\nEND $$"
    )
    op.execute(
        "CREATE FUNCTION waymark_words(language text, words text) RETURNS tsvector "
        "LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED COST 4000 AS $$\n"
        "BEGIN RETURN to_tsvector(public.waymark_language(language), "
        f"translate(left(words, {_MOST}), '{_JOINTS}', repeat(' ', {len(_JOINTS)})));\nEND $$"
    )
    op.execute(
        "CREATE INDEX ix_comments_words ON comments USING gin (waymark_words(language::text, text))"
    )


def _stem_on_postgres(name: str) -> None:
    """A language's stemming without its list of words to leave out: "not" and "no" matter here."""
    op.execute(
        f"CREATE TEXT SEARCH DICTIONARY public.waymark_{name} "
        f"(TEMPLATE = pg_catalog.snowball, LANGUAGE = {name})"
    )
    op.execute(f"CREATE TEXT SEARCH CONFIGURATION public.waymark_{name} (COPY = pg_catalog.{name})")
    op.execute(
        f"ALTER TEXT SEARCH CONFIGURATION public.waymark_{name} ALTER MAPPING FOR "
        "asciiword, asciihword, hword_asciipart, word, hword, hword_part "
        f"WITH public.waymark_{name}"
    )


def _index_on_sqlite() -> None:
    """FTS5 over the comments themselves: the index holds words, never a second text.

    What is erased is struck out at once, and `comment_words_erased` says since when its words
    wait to be merged away for good (feedback.search.tidy).
    """
    op.execute(
        "CREATE VIRTUAL TABLE comment_words USING fts5("
        "text, content='comments', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute("CREATE TABLE comment_words_erased (since TEXT NOT NULL, begun INTEGER NOT NULL)")
    struck = (
        "INSERT INTO comment_words(comment_words, rowid, text) VALUES ('delete', old.id, old.text)"
    )
    added = "INSERT INTO comment_words(rowid, text) VALUES (new.id, new.text)"
    owed = (
        "INSERT INTO comment_words_erased(since, begun) "
        "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now'), 0 "
        "WHERE NOT EXISTS (SELECT 1 FROM comment_words_erased WHERE begun = 0)"
    )
    op.execute(f"CREATE TRIGGER comment_words_added AFTER INSERT ON comments BEGIN {added}; END")
    op.execute(
        "CREATE TRIGGER comment_words_changed AFTER UPDATE OF text ON comments "
        f"WHEN old.text IS NOT new.text BEGIN {struck}; {added}; {owed}; END"
    )
    op.execute(
        f"CREATE TRIGGER comment_words_struck AFTER DELETE ON comments BEGIN {struck}; {owed}; END"
    )
    op.execute("INSERT INTO comment_words(comment_words) VALUES ('rebuild')")


def downgrade() -> None:
    """Move back; only the indexes are lost."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_comments_words")
        op.execute("DROP FUNCTION waymark_words(text, text)")
        op.execute("DROP FUNCTION waymark_language(text)")
        for name in _CONFIGURATIONS.values():
            op.execute(f"DROP TEXT SEARCH CONFIGURATION public.waymark_{name}")
            op.execute(f"DROP TEXT SEARCH DICTIONARY public.waymark_{name}")
    else:
        for name in ("added", "changed", "struck"):
            op.execute(f"DROP TRIGGER comment_words_{name}")
        op.execute("DROP TABLE comment_words_erased")
        op.execute("DROP TABLE comment_words")
    op.drop_index("ix_comments_feeling", "comments")
    op.drop_index("ix_comments_language", "comments")
    op.drop_index("ix_comments_when", "comments")
