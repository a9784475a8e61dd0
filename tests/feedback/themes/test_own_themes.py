"""Own themes in the database: added, changed, taught, learned by the job, found in comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from people import add_user
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback import reading
from feedback.corrections.record import correct
from feedback.jobs import due
from feedback.listening import text_hash
from feedback.themes import learning, own, teaching
from feedback.themes.check import ThemeProblems
from feedback.themes.display import Shown, show
from feedback.themes.finding import Finding
from feedback.themes.rows import catalogue_of, find_own, learned
from feedback.themes.teaching import Stretch
from models.correction import Correction
from models.errors import Conflict, NotFound
from models.reading import Comment, Mention
from models.theme import OwnTheme, ThemeExample, ThemeSetting
from models.workspace import User, Workspace
from nlp.custom_themes import CustomTheme
from nlp.custom_themes import OwnTheme as Description
from nlp.reader import Reader
from nlp.training.background import background_texts
from tests.nlp.fake_reader import fake_reader

MONEY = (
    "the refund was late, I had to ask",
    "my refund is not there yet",
    "good refund in a day",
    "where is the refund of mine",
    "bad refund page, I gave up on it",
)
USUAL = ("good", "bad", "late", "rude", "app", "thanks", "fine", "good late", "bad app")


def add_comment(session: Session, workspace: Workspace, now: datetime, words: str) -> Comment:
    number = (session.scalar(select(func.max(Comment.id))) or 0) + 1
    row = Comment(
        workspace_id=workspace.id,
        attached_by="import",
        source="import",
        external_id=str(number),
        text=words,
        text_hash=text_hash(words),
        occurred_at=now,
        created_at=now,
    )
    session.add(row)
    session.commit()
    return row


@dataclass
class Bench:
    """A worker's hands: the reader whose vectors count words, and what it learned."""

    session: Session
    now: datetime
    reader: Reader = field(default_factory=lambda: fake_reader()[0])
    finding: Finding = field(default_factory=Finding)

    def learn(self) -> int:
        done = 0
        while rows := learning.learn(self.session, lambda: self.reader, lambda: self.now):
            done += rows
        return done

    def read(self, limit: int = 512) -> int:
        def beside(session: Session, versions: Any) -> Reader:
            return self.finding.beside(session, self.reader, versions)

        return reading.read_waiting(
            self.session, self.reader, lambda: self.now, limit, beside=beside
        )

    def themes(self, comment: Comment) -> set[str]:
        found = select(Mention.theme).where(Mention.comment_id == comment.id)
        return set(self.session.scalars(found))


@pytest.fixture
def bench(session: Session, now: datetime) -> Bench:
    return Bench(session, now)


@pytest.fixture
def user(session: Session, workspace: Workspace, now: datetime) -> User:
    add_user(session, workspace, "ada@shop.example", "long enough a word", now)
    session.commit()
    return session.scalars(select(User)).one()


@pytest.fixture
def history(session: Session, workspace: Workspace, now: datetime, bench: Bench) -> list[Comment]:
    """Sixty ordinary comments and one about a refund, the newest, all read."""
    texts = [f"this was {USUAL[i % len(USUAL)]} for me, number {i}" for i in range(60)]
    rows = [add_comment(session, workspace, now, words) for words in texts]
    rows.append(add_comment(session, workspace, now, "it was late, and they owe me a refund still"))
    bench.read()
    return rows


def create(session: Session, workspace: Workspace, now: datetime, **more: Any) -> OwnTheme:
    given = (workspace.id, more.pop("name", "Money back"), "a refund of what was paid", MONEY)
    made = own.create(session, *given, now, **more)
    session.commit()
    return made


def test_a_theme_is_learned_and_found_in_history_and_in_what_comes(
    session: Session, workspace: Workspace, now: datetime, bench: Bench, history: list[Comment]
) -> None:
    theme = create(session, workspace, now)
    assert (theme.key, theme.state) == ("own_money_back", "learning")
    assert due.learn(session, now) == now
    assert bench.learn() == 1 + 61, "one theme, and all of the history marked"
    session.refresh(theme)
    assert (theme.state, theme.fits, theme.mark_below) == ("ready", 1, None)
    assert due.learn(session, now) is None
    assert bench.read(limit=5) == 5
    assert "own_money_back" in bench.themes(history[-1]), "the newest is read first"
    assert "delivery_speed" in bench.themes(history[-1]), "beside the built-in ones"
    while bench.read():
        pass
    assert not session.scalar(select(func.count()).where(Comment.reread_at.is_not(None)))
    fresh = add_comment(session, workspace, now, "a refund came, thanks")
    bench.read()
    assert "own_money_back" in bench.themes(fresh)
    session.refresh(fresh)
    assert fresh.themes and fresh.themes["own_money_back"] >= 0.5
    assert bench.learn() == 0


def test_another_workspace_s_comments_are_not_read_for_it(
    session: Session,
    workspace: Workspace,
    make_workspace: Any,
    now: datetime,
    bench: Bench,
    history: list[Comment],
) -> None:
    other = make_workspace(session, "other")
    theirs = add_comment(session, other, now, "they owe me a refund")
    bench.read()
    create(session, workspace, now)
    bench.learn()
    bench.read()
    fresh = add_comment(session, other, now, "a refund came")
    bench.read()
    session.refresh(theirs)
    assert theirs.reread_at is None
    assert {*bench.themes(theirs), *bench.themes(fresh)} == {"returns_refunds"}
    with pytest.raises(NotFound):
        find_own(session, other.id, "own_money_back")


def test_a_new_workspace_learns_from_written_comments(
    session: Session, workspace: Workspace, now: datetime, bench: Bench
) -> None:
    theme = create(session, workspace, now)
    bench.learn()
    session.refresh(theme)
    assert theme.state == "ready" and theme.mark_below is None
    texts = learning.ordinary_texts(session, workspace.id)
    assert texts[: learning.NUMBER] == list(background_texts())
    assert set(background_texts(language="pt")) < set(texts)


def test_a_killed_learner_leaves_the_theme_to_the_next(
    session: Session, workspace: Workspace, now: datetime, bench: Bench, history: list[Comment]
) -> None:
    class Dies:
        def learn(self, theme: Description, ordinary: Sequence[str]) -> CustomTheme:
            raise MemoryError

    theme = create(session, workspace, now)
    with pytest.raises(MemoryError):
        learning.learn(session, Dies, lambda: now)
    session.rollback()
    assert due.learn(session, now) == now
    assert learning.learn(session, lambda: bench.reader, lambda: now) == 1
    session.refresh(theme)
    assert theme.mark_below == history[-1].id + 1, "killed here, history is still to be marked"
    assert due.learn(session, now) == now
    assert bench.learn() == 61


def test_what_changed_while_it_was_learned_is_learned_again(
    session: Session, workspace: Workspace, now: datetime, bench: Bench, history: list[Comment]
) -> None:
    theme = create(session, workspace, now)

    @dataclass
    class Slow:
        heard: list[Description] = field(default_factory=list)

        def learn(self, said: Description, ordinary: Sequence[str]) -> CustomTheme:
            self.heard.append(said)
            if len(self.heard) == 1:
                own.change(session, theme, "about refunds alone", MONEY, now)
                session.commit()
            return bench.reader.learn(said, ordinary)

    slow = Slow()
    learning.learn(session, lambda: slow, lambda: now)
    session.refresh(theme)
    assert (theme.state, theme.fits) == ("learning", 0)
    learning.learn(session, lambda: slow, lambda: now)
    session.refresh(theme)
    assert theme.state == "ready" and slow.heard[1].sentence == "about refunds alone"


def test_comments_read_while_a_theme_was_learned_are_read_again(
    session: Session, workspace: Workspace, now: datetime, bench: Bench, history: list[Comment]
) -> None:
    create(session, workspace, now)
    late = add_comment(session, workspace, now, "they owe me a refund")
    plain = bench.reader

    class Slow:
        def read(self, comments: Any) -> Any:
            bench.learn()
            return plain.read(comments)

    reading.read_waiting(
        session, Slow(), lambda: now, beside=lambda session, versions: bench.reader
    )
    session.refresh(late)
    assert late.reread_at is not None and bench.themes(late) == {"returns_refunds"}
    while bench.read():
        pass
    assert "own_money_back" in bench.themes(late)


def test_a_theme_of_another_encoder_is_left_out_and_learned_anew(
    session: Session, workspace: Workspace, now: datetime, bench: Bench, history: list[Comment]
) -> None:
    theme = create(session, workspace, now)
    bench.learn()
    session.refresh(theme)
    stale = {**(theme.fitted or {}), "weights": "another"}
    session.execute(update(OwnTheme).values(fitted=stale))
    session.commit()
    bench.read()
    session.refresh(theme)
    assert theme.state == "learning" and "own_money_back" not in bench.themes(history[-1])
    bench.learn()
    bench.read()
    assert "own_money_back" in bench.themes(history[-1])


def test_examples_no_language_is_read_of_say_why_it_failed(
    session: Session, workspace: Workspace, now: datetime, bench: Bench
) -> None:
    german = ("das Geld kam nicht zurück", "wo bleibt mein Geld", "ich warte auf mein Geld")
    own.create(session, workspace.id, "Geld", "das Geld kommt zurück", german, now)
    session.commit()
    assert bench.learn() == 1
    row = session.scalars(select(OwnTheme)).one()
    assert row.state == "failed" and "a language that is not read (de)" in (row.error or "")
    assert due.learn(session, now) is None and not learned(session, {workspace.id})
    own.change(session, row, "a refund comes back", MONEY, now)
    session.commit()
    bench.learn()
    session.refresh(row)
    assert (row.state, row.error) == ("ready", None)


def test_nothing_is_written_of_a_theme_that_has_faults(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    create(session, workspace, now)
    for name in ("Price", "money BACK"):
        with pytest.raises(ThemeProblems) as caught:
            create(session, workspace, now, name=name)
        session.rollback()
        assert set(caught.value.problems) == {"name"}
    show(session, workspace.id, "price", Shown(name="What it costs"), now)
    with pytest.raises(ThemeProblems):
        create(session, workspace, now, name="what it costs")
    session.rollback()
    assert session.scalar(select(func.count(OwnTheme.id))) == 1


def test_keys_are_made_of_names(session: Session, workspace: Workspace, now: datetime) -> None:
    keys = [
        create(session, workspace, now, name=n).key for n in ("A b!", "a-B", "\u732b", "x" * 60)
    ]
    assert keys[:3] == ["own_a_b", "own_a_b_2", "own_theme"]
    assert len(keys[3]) <= 63


def test_personal_data_in_examples_is_not_kept(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    call = "call me on 0161 496 0842 about it"
    own.create(session, workspace.id, "Calls", "that they call me", (*MONEY, call), now)
    kept = session.scalars(select(ThemeExample.text)).all()
    assert len(kept) == 6 and not any("0161" in text for text in kept)


def test_changing_nothing_learns_nothing_and_kept_examples_keep_their_rows(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    theme = create(session, workspace, now)
    before = [row.id for row in own.examples_of(session, theme)]
    assert not own.change(session, theme, theme.sentence, MONEY, now)
    assert theme.edition == 1
    assert own.change(session, theme, theme.sentence, (*MONEY[1:], "money is back now"), now)
    assert theme.edition == 2
    assert [row.id for row in own.examples_of(session, theme)][:4] == before[1:]


def test_not_this_takes_it_out_teaches_and_is_taken_back(
    session: Session,
    workspace: Workspace,
    now: datetime,
    bench: Bench,
    user: User,
    history: list[Comment],
) -> None:
    theme = create(session, workspace, now)
    bench.learn()
    bench.read()
    comment = history[-1]
    mention = session.scalars(
        select(Mention).where(Mention.comment_id == comment.id, Mention.theme == theme.key)
    ).one()
    stretch = Stretch(comment.id, mention.start, mention.end, theme.key)
    made = teaching.not_this(session, user, stretch, comment.text_hash, now)
    assert len(made.corrections) == 1 and made.example
    assert theme.key not in bench.themes(comment)
    assert session.scalars(
        select(ThemeExample.text).where(ThemeExample.kind == "counter")
    ).all() == ["and they owe me a refund still"]
    bench.learn()
    bench.read()
    assert theme.key not in bench.themes(comment), "a person's word stays when it is read again"
    given = (theme.key, comment.id, made.corrections, made.example, now)
    teaching.take_back(session, user, *given)
    assert not session.scalar(select(func.count()).where(ThemeExample.kind == "counter"))
    bench.learn()
    bench.read()
    assert theme.key in bench.themes(comment)


def test_not_this_of_a_built_in_theme_is_a_correction_alone(
    session: Session,
    workspace: Workspace,
    now: datetime,
    user: User,
    history: list[Comment],
    bench: Bench,
) -> None:
    comment = history[-1]
    mention = session.scalars(
        select(Mention).where(Mention.comment_id == comment.id, Mention.theme == "delivery_speed")
    ).one()
    stretch = Stretch(comment.id, mention.start, mention.end, "delivery_speed")
    made = teaching.not_this(session, user, stretch, comment.text_hash, now)
    assert made.corrections and made.example is None
    assert bench.themes(comment) == {"returns_refunds"}


def test_an_example_can_t_be_called_not_of_it(
    session: Session, workspace: Workspace, now: datetime, user: User, bench: Bench
) -> None:
    theme = create(session, workspace, now)
    comment = add_comment(session, workspace, now, MONEY[1])
    bench.learn()
    bench.read()
    with pytest.raises(Conflict, match="examples"):
        stretch = Stretch(comment.id, 0, len(comment.text), theme.key)
        teaching.not_this(session, user, stretch, comment.text_hash, now)
    session.rollback()
    assert not session.scalars(select(Correction)).all()


def test_a_counter_example_goes_with_its_comment(
    session: Session, workspace: Workspace, now: datetime, user: User
) -> None:
    theme = create(session, workspace, now)
    comment = add_comment(session, workspace, now, "no refund of that kind")
    own.add_counter(session, theme, comment.text, comment.id, now)
    session.commit()
    session.delete(comment)
    session.commit()
    assert not session.scalars(select(ThemeExample).where(ThemeExample.kind == "counter")).all()


def test_a_person_can_add_an_own_theme_to_a_comment(
    session: Session, workspace: Workspace, now: datetime, user: User, bench: Bench
) -> None:
    theme = create(session, workspace, now)
    comment = add_comment(session, workspace, now, "fine with me")
    bench.read()
    change = teaching.Change("added", "neutral", 0, 4, theme.key)
    assert correct(session, user, comment.id, comment.text_hash, [change], now)
    assert bench.themes(comment) == {theme.key}


def test_a_theme_is_renamed_merged_nested_hidden_and_put_back(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    key = create(session, workspace, now).key
    show(session, workspace.id, "price", Shown("Cost", key, "place", True), now)
    entry = catalogue_of(session, workspace.id).entries["price"]
    assert (entry.name, entry.merged_into, entry.parent, entry.hidden) == (
        "Cost",
        key,
        "place",
        True,
    )
    show(session, workspace.id, "price", Shown(), now + timedelta(minutes=1))
    assert (
        catalogue_of(session, workspace.id).entries["price"]
        == catalogue_of(session, workspace.id + 1).entries["price"]
    )
    assert session.scalar(select(func.count(ThemeSetting.id))) == 1


@pytest.mark.parametrize(
    ("key", "wanted", "field"),
    [
        ("price", Shown(name="Discounts and rewards"), "name"),
        ("price", Shown(merged_into="nothing"), "merged_into"),
        ("price", Shown(merged_into="price"), "merged_into"),
        ("discounts", Shown(merged_into="price"), "merged_into"),
        ("price", Shown(parent="nowhere"), "parent"),
        ("general", Shown(parent="appointments"), "parent"),
    ],
)
def test_what_would_go_in_a_circle_is_refused(
    session: Session, workspace: Workspace, now: datetime, key: str, wanted: Shown, field: str
) -> None:
    show(session, workspace.id, "price", Shown(merged_into="discounts"), now)
    show(session, workspace.id, "appointments", Shown(parent="general"), now)
    session.commit()
    with pytest.raises(ThemeProblems) as caught:
        show(session, workspace.id, key, wanted, now)
    assert set(caught.value.problems) == {field}
