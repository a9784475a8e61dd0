"""A year of one journey written in bulk: 30 touchpoints, 31 themes, 4 channels, 8 segments.

Rows only as a history has them that was there before the statistics were: nothing is marked but
that all is to be counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from feedback import workspaces
from models import marking, migrate
from models.customer import Segment
from models.journey import Journey, Stage, Touchpoint
from models.survey import Survey, SurveyVersion
from models.workspace import Workspace
from nlp.themes import built_in_themes

END = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 365
CHANNELS = ("sms", "web", "import", "api")
CHUNK = 50_000
SPOKEN = 0.6
"""The share of responses with a comment."""

COLUMNS = {
    "customers": "id workspace_id external_id attributes is_test created_at updated_at",
    "responses": (
        "id workspace_id customer_id survey_id version_id touchpoint_id channel language source "
        "external_id status state occurred_at started_at updated_at"
    ),
    "answers": "id workspace_id response_id question type value channel answered_at scored_at",
    "scores": (
        "id workspace_id response_id answer_id touchpoint_id metric value scale_low scale_high "
        "score_class occurred_at"
    ),
    "comments": (
        "id workspace_id response_id customer_id touchpoint_id attached_by source external_id "
        "text text_hash occurred_at created_at read_state read_at model language sentiment "
        "sentiment_score emotions urgent"
    ),
    "mentions": (
        'id workspace_id comment_id response_id start "end" theme sentiment sentiment_score source'
    ),
}
Rows = dict[str, list[Sequence[Any]]]


def make(engine: Engine, size: int) -> str:
    """The whole history of so many responses; gives a key of the API."""
    migrate.upgrade(engine)
    with engine.begin() as connection:
        marking.remove(connection)
    with Session(engine) as session:
        key, world = _frame(session)
    dice = np.random.default_rng(7)
    for start in range(0, size, CHUNK):
        numbers = range(start + 1, min(start + CHUNK, size) + 1)
        _write(engine, _rows(world, numbers, size, dice))
    with engine.begin() as connection:
        marking.install(connection)
        connection.execute(text("DELETE FROM statistic_marks"))
        connection.execute(text("INSERT INTO statistic_marks (workspace_id) VALUES (1)"))
        if engine.dialect.name == "postgresql":
            for table in COLUMNS:
                connection.execute(
                    text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
                )
        connection.execute(text("ANALYZE"))
    return key


def _frame(session: Session) -> tuple[str, tuple[int, int, list[int]]]:
    workspace = Workspace(name="shop", company="Shop", timezone="Europe/London", created_at=END)
    session.add(workspace)
    session.flush()
    base: dict[str, Any] = {"workspace_id": workspace.id}
    stages = [
        Stage(
            key=f"stage{stage}",
            name=f"Stage {stage}",
            position=stage,
            touchpoints=[
                Touchpoint(key=f"t{stage}{one}", name=f"Touchpoint {one}", position=one, **base)
                for one in range(5)
            ],
            **base,
        )
        for stage in range(6)
    ]
    survey = Survey(key="ask", name="Ask", created_at=END, **base)
    session.add_all([Journey(key="buying", name="Buying", created_at=END, stages=stages, **base)])
    session.add(survey)
    session.flush()
    version = SurveyVersion(
        survey_id=survey.id,
        number=1,
        definition={},
        content_hash="x",
        published_at=END,
        **base,
    )
    session.add(version)
    for group in range(8):
        wanted = {"group": group}
        values = {"key": f"group{group}", "name": f"Group {group}", "filter": wanted}
        session.add(Segment(created_at=END, **values, **base))
    session.flush()
    key = workspaces.add_key(session, workspace, "bench", END)
    points = [point.id for stage in stages for point in stage.touchpoints]
    world = (survey.id, version.id, points)
    session.commit()
    return key, world


def _rows(
    world: tuple[int, int, list[int]], numbers: range, size: int, dice: np.random.Generator
) -> Rows:
    survey, version, points = world
    themes = [theme.key for theme in built_in_themes()]
    n = len(numbers)
    found: Rows = {table: [] for table in COLUMNS}
    ages, places = dice.random(n), dice.integers(len(points), size=n)
    scores, channels = dice.integers(0, 11, n), dice.integers(len(CHANNELS), size=n)
    spoken, counts = dice.random(n) < SPOKEN, dice.integers(1, 4, n)
    popular = 1.0 / np.arange(2, len(themes) + 2)
    said = dice.choice(len(themes), (n, 3), p=popular / popular.sum())
    moods, customers = dice.random((n, 3)), dice.integers(1, max(2, size // 2), n)
    for place, number in enumerate(numbers):
        at = END - timedelta(days=DAYS * float(ages[place]))
        point, channel = points[places[place]], CHANNELS[channels[place]]
        customer, score = int(customers[place]), int(scores[place])
        language = "en" if number % 5 else "de"
        if number <= max(2, size // 2):
            group = f'{{"group": {number % 8}}}'
            found["customers"].append((number, 1, f"c{number}", group, False, at, at))
        found["responses"].append(
            (
                *(number, 1, customer, survey, version, point, channel, language, "test"),
                *(str(number), "completed", "{}", at, at, at),
            )
        )
        value = f'{{"value": {score}}}'
        found["answers"].append((number, 1, number, "nps", "nps", value, channel, at, at))
        kind = "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"
        found["scores"].append(
            (number, 1, number, number, point, "nps", float(score), 0.0, 10.0, kind, at)
        )
        if not spoken[place]:
            continue
        mood = round(float(moods[place, 0]) * 2 - 1, 4)
        words = f"what customer {customer} said of it, number {number}, in so many words"
        feeling = "negative" if mood < -0.2 else "positive" if mood > 0.2 else "neutral"
        emotions = '{"anger": 0.6}' if mood < -0.5 else "{}"
        found["comments"].append(
            (
                *(number, 1, number, customer, point, "event", "test", str(number), words),
                *(words[:64], at, at, "read", at, "waymark-1", "en", feeling, mood, emotions),
                False,
            )
        )
        for turn in range(int(counts[place])):
            own = float(moods[place, turn])
            told = "negative" if own < 0.45 else "positive" if own > 0.6 else "neutral"
            theme = themes[said[place, turn]]
            row = (number * 3 + turn, 1, number, number, 0, 9, theme, told, own * 2 - 1, "model")
            found["mentions"].append(row)
    return found


def _write(engine: Engine, rows: Rows) -> None:
    raw = engine.raw_connection()
    try:
        for table, listed in rows.items():
            columns = COLUMNS[table].split()
            if engine.dialect.name == "postgresql":
                with raw.cursor() as cursor:  # type: ignore[attr-defined]
                    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
                    with cursor.copy(statement) as copy:
                        for row in listed:
                            copy.write_row(row)
            else:
                _insert(raw.cursor(), table, columns, listed)
        raw.commit()
    finally:
        raw.close()


def _insert(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    cursor.executemany(statement, _plain(rows))


def _plain(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Times as SQLite keeps them: text, UTC, without a zone."""
    for row in rows:
        yield [f"{one:%Y-%m-%d %H:%M:%S.%f}" if isinstance(one, datetime) else one for one in row]
