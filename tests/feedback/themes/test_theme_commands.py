"""Themes from a configuration file and from the command line."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.commands.context import load_settings, open_engine
from feedback.commands.theme import command
from feedback.configuration.apply import apply_text
from feedback.configuration.problems import ConfigurationError
from feedback.themes.rows import catalogue_of
from models.errors import InvalidInput
from models.theme import OwnTheme, ThemeExample
from models.workspace import Workspace

FILE = """
themes:
  - key: manners
    name: Courier's manners
    sentence: how the courier behaves at the door
    under: delivery
    examples:
      - the courier was rude to me
      - such a friendly driver at the door
      - he threw the box over the fence
    counter_examples:
      - the parcel was late again
"""


def test_a_file_makes_a_theme_and_changes_nothing_the_second_time(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    assert apply_text(session, workspace, FILE, now) == [
        "theme manners: made",
        "theme manners: stands under delivery",
    ]
    assert apply_text(session, workspace, FILE, now) == []
    row = session.scalars(select(OwnTheme)).one()
    assert (row.key, row.edition) == ("own_manners", 1)
    known = catalogue_of(session, workspace.id)
    assert known.name("own_manners") == "Courier's manners"
    assert known.area("own_manners") == "delivery"


def test_a_changed_file_has_it_learned_anew(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    apply_text(session, workspace, FILE, now)
    later = now + timedelta(hours=1)
    changed = FILE.replace("Courier's manners", "Manners").replace("rude to me", "kind to me")
    assert apply_text(session, workspace, changed, later) == ["theme manners: changed"]
    row = session.scalars(select(OwnTheme)).one()
    assert (row.name, row.state, row.changed_at) == ("Manners", "learning", later)
    texts = set(session.scalars(select(ThemeExample.text)))
    assert "the courier was kind to me" in texts and len(texts) == 4


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("the courier was rude to me", "too rude", "themes[0].examples[0]: Too short"),
        ("Courier's manners", "Price", "themes[0].name: There is a theme called Price already"),
        ("under: delivery", "under: moon", "themes[0].under: there is no area 'moon'"),
        (
            "the parcel was late again",
            "the courier was rude to me",
            "themes[0].counter_examples[0]: These words are an example of it as well",
        ),
    ],
)
def test_what_is_wrong_with_a_theme_is_told_where_it_stands(
    session: Session, workspace: Workspace, now: datetime, old: str, new: str, told: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        apply_text(session, workspace, FILE.replace(old, new), now)
    assert told in str(caught.value)
    session.rollback()
    assert not session.scalars(select(OwnTheme)).all()


@pytest.fixture
def home(migrated_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYMARK_HOME", str(migrated_home))
    engine = open_engine(load_settings())
    with Session(engine) as session:
        at = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
        session.add(Workspace(name="shop", company="Shop", created_at=at))
        session.commit()
    engine.dispose()


def test_a_theme_is_added_and_listed_by_command(home: None) -> None:
    say, run = ["--sentence", "how the courier behaves", "--under", "people"], CliRunner()
    texts = [line.strip()[2:] for line in FILE.splitlines() if line.startswith("      - ")][:3]
    examples = [part for text in texts for part in ("--example", text)]
    arguments = ["add", "Manners", "--workspace", "shop", *say, *examples]
    made = run.invoke(command, arguments, catch_exceptions=False)
    assert made.exit_code == 0 and "own_manners is waiting to be learned" in made.output
    listed = run.invoke(command, ["list", "--workspace", "shop"], catch_exceptions=False)
    assert "own_manners\tManners\t0\tlearning" in listed.output
    assert "price\tPrice\t0" in listed.output
    with pytest.raises(InvalidInput, match=r"name: There is .* examples: Give at least"):
        run.invoke(command, arguments[:6], catch_exceptions=False)
