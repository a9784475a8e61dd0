from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.configuration.yaml_file import read_yaml
from feedback.imports.mapping import Mapping, parse_mapping, read_mapping
from feedback.imports.run import Report, run_import
from feedback.imports.table import Table
from feedback.listening import listen
from models.customer import Customer
from models.errors import Conflict, InvalidInput, NotFound
from models.event import Event
from models.journey import Touchpoint
from models.reading import Comment
from models.response import Answer, Response, Score
from models.survey import SurveyVersion
from models.workspace import Workspace

MAPPING = """
name: ward
language: en
customer: {id: who, attributes: {trust: trust}}
response: [who]
occurred_at: {column: day, formats: ["%d/%m/%Y", "%m/%d/%Y"], timezone: Europe/London}
score:
  {column: mark, key: mark, metric: csat, text: "How was it?", direction: lower_is_better,
   dont_know: ["6", "7"]}
comments: [{column: words, question_column: asked, not_comments: [Did not answer]}]
touchpoint: {column: place, values: {A and E: emergency, "": null}, create: true}
journey: {key: care, stages: [{key: in, touchpoints: [{key: emergency}]}, {key: rest}]}
"""
HEADER = "who,trust,day,place,mark,asked,words"
ROWS = [
    "p1,North,01/02/2022,A and E,1,What was good?,Kind nurses",
    "p1,North,01/02/2022,A and E,1,What could be better?,Did not answer",
    "p2,North,25/02/2022,A and E,5,What was good?,",
    "p2,North,25/02/2022,A and E,5,What could be better?,The wait was endless",
    "p3,South,1/18/2022,Ward 7,7,What was good?,The food",
    "p4,South,03/02/2022,,3,What was good?,Clean",
]
Write = Callable[..., Table]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(
        rows: list[str] = ROWS,
        *,
        header: str = HEADER,
        encoding: str = "utf-8",
        said: str = "utf-8-sig",
    ) -> Table:
        path = tmp_path / "ward.csv"
        path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
        return Table(path, said, ",")

    return made


def mapping(text: str = MAPPING) -> Mapping:
    return parse_mapping(read_yaml(text, "map.yaml"))


def run(
    session: Session,
    workspace: Workspace,
    table: Table,
    now: datetime,
    text: str = MAPPING,
    **how: Any,
) -> Report:
    rejects = table.path.with_suffix(".rejected.csv")
    return run_import(session, workspace, mapping(text), table, rejects, now, **how)


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_rows_become_responses_scores_and_comments(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    report = run(session, workspace, write(), now)
    counts = report.counts
    assert (counts.rows, counts.responses, counts.scores, counts.comments) == (6, 4, 3, 4)
    scores = session.scalars(select(Score.value).order_by(Score.value)).all()
    assert scores == [1, 3, 5]  # turned so that higher is better
    assert count(session, Event) == 4
    customer = session.scalars(select(Customer).where(Customer.external_id == "p1")).one()
    assert customer.attributes == {"trust": "North"}


def test_importing_again_adds_nothing_whatever_came_in_between(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    run(session, workspace, write(), now)
    tables = (Customer, Event, Response, Answer, Score, Comment, SurveyVersion)
    before = [count(session, table) for table in tables]
    report = run(session, workspace, write([*reversed(ROWS)]), now)
    assert (report.counts.responses, report.counts.scores, report.counts.comments) == (0, 0, 0)
    assert [count(session, table) for table in tables] == before


def test_a_longer_file_adds_only_what_is_new(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    run(session, workspace, write(ROWS[:3]), now)
    report = run(session, workspace, write(), now)
    assert (report.counts.responses, report.counts.comments) == (2, 3)
    said = select(Comment.text).join(Response, Response.id == Comment.response_id)
    first = session.scalars(said.join(Customer).where(Customer.external_id == "p2")).all()
    assert first == ["The wait was endless"]


def test_comments_hang_on_their_answer_question_and_touchpoint(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    run(session, workspace, write(), now)
    rows = session.execute(
        select(Comment.text, Comment.question, Answer.question, Touchpoint.key, Comment.attached_by)
        .join(Answer, Answer.id == Comment.answer_id)
        .outerjoin(Touchpoint, Touchpoint.id == Comment.touchpoint_id)
        .order_by(Comment.text)
    ).all()
    good, better = "What was good?", "What could be better?"
    assert [tuple(row) for row in rows] == [
        ("Clean", good, "what_was_good", None, "no_event"),
        ("Kind nurses", good, "what_was_good", "emergency", "import"),
        ("The food", good, "what_was_good", "ward_7", "import"),
        ("The wait was endless", better, "what_could_be_better", "emergency", "import"),
    ]


def test_days_are_noon_in_their_zone_and_formats_are_tried_in_order(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    run(session, workspace, write(), now)
    times = session.execute(
        select(Customer.external_id, Response.occurred_at)
        .join(Customer, Customer.id == Response.customer_id)
        .order_by(Customer.external_id)
    ).all()
    assert [at for _, at in times] == [
        datetime(2022, 2, 1, 12, tzinfo=UTC),
        datetime(2022, 2, 25, 12, tzinfo=UTC),
        datetime(2022, 1, 18, 12, tzinfo=UTC),
        datetime(2022, 2, 3, 12, tzinfo=UTC),
    ]


def test_what_was_imported_is_not_scored_or_handed_over_again(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    run(session, workspace, write(), now)
    assert listen(session, now) == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p9,North,32/02/2022,A and E,1,Q,x", "day: '32/02/2022' fits none of %d/%m/%Y"),
        ("p9,North,01/02/2031,A and E,1,Q,x", "day: '01/02/2031' lies in the future"),
        ("p9,North,01/02/2022,A and E,9,Q,x", "mark: '9' is neither on the scale 1 to 5"),
        ("p9,North,01/02/2022,A and E,good,Q,x", "mark: 'good' is neither"),
        (" ,North,01/02/2022,A and E,1,Q,x", "who: is empty"),
        ("p9,North,01/02/2022", "has 3 fields"),
        ("p9,North,01/02/2022,A and E,1,Q,x\0y", "NUL"),
    ],
)
def test_bad_rows_go_to_a_file_with_their_reason_and_the_good_ones_stay(
    sqlite_session: Session,
    make_workspace: Any,
    now: datetime,
    write: Write,
    row: str,
    reason: str,
) -> None:
    table = write([ROWS[0], row, ROWS[2]])
    report = run(sqlite_session, make_workspace(sqlite_session), table, now)
    assert (report.rejected, report.counts.responses) == (1, 2)
    rejected = table.path.with_suffix(".rejected.csv")
    with rejected.open(encoding="utf-8", newline="") as file:
        (found,) = csv.DictReader(file)
    assert found["line"] == "3"
    assert reason in found["reason"]
    assert found["who"] == row.split(",")[0]


def test_a_place_the_mapping_does_not_know_is_refused_without_create(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    text = MAPPING.replace(", create: true", "")
    report = run(sqlite_session, make_workspace(sqlite_session), write(), now, text)
    assert report.rejected == 1


def test_a_file_without_a_good_row_changes_nothing(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    report = run(sqlite_session, make_workspace(sqlite_session), write(["a,b"]), now)
    assert (report.rejected, report.lines) == (1, [])
    assert count(sqlite_session, Touchpoint) == 0


def test_missing_columns_are_all_named(write: Write) -> None:
    table = write(header="who,trust,day,where,mark,asked,text")
    with pytest.raises(InvalidInput) as caught:
        table.header(mapping().columns)
    assert "place, words" in str(caught.value)
    assert "who, trust, day, where" in str(caught.value)


def test_another_encoding_is_told_with_the_mend_and_read_when_said(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    rows = [ROWS[0].replace("Kind nurses", "Très gentil")]
    workspace = make_workspace(sqlite_session)
    with pytest.raises(InvalidInput) as caught:
        run(sqlite_session, workspace, write(rows, encoding="cp1252"), now)
    assert "--encoding cp1252" in str(caught.value)
    assert count(sqlite_session, Response) == 0
    run(sqlite_session, workspace, write(rows, encoding="cp1252", said="cp1252"), now)
    assert sqlite_session.scalars(select(Comment.text)).all() == ["Très gentil"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    table = write(encoding="utf-8-sig")
    assert run(sqlite_session, make_workspace(sqlite_session), table, now).counts.responses == 4


def test_fields_may_hold_line_breaks_and_lines_are_counted_as_written(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    rows = [ROWS[0].replace("Kind nurses", '"Kind\nnurses"'), ROWS[2].replace("25/02", "32/02")]
    table = write(rows)
    run(sqlite_session, make_workspace(sqlite_session), table, now)
    assert sqlite_session.scalars(select(Comment.text)).all() == ["Kind\nnurses"]
    rejected = table.path.with_suffix(".rejected.csv").read_text(encoding="utf-8")
    assert '\n4,"day:' in rejected


def test_rows_of_one_response_that_disagree_on_the_day_are_told(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    rows = [ROWS[0], ROWS[1].replace("01/02/2022", "05/02/2022")]
    report = run(sqlite_session, make_workspace(sqlite_session), write(rows), now)
    assert report.disagreeing == 1
    at = sqlite_session.scalars(select(Response.occurred_at)).one()
    assert at == datetime(2022, 2, 1, 12, tzinfo=UTC)


def test_a_response_in_two_chunks_is_one_response(
    session: Session, workspace: Workspace, now: datetime, write: Write
) -> None:
    counts = run(session, workspace, write(), now, chunk_rows=1).counts
    assert (counts.responses, counts.scores, counts.comments) == (4, 3, 4)


def test_a_missing_file_or_unknown_encoding_is_told(tmp_path: Path, write: Write) -> None:
    with pytest.raises(NotFound):
        Table(tmp_path / "no.csv", "utf-8", ",").header()
    with pytest.raises(InvalidInput, match="--encoding"):
        write(said="klingon").header()


def test_touchpoints_of_another_journey_are_not_taken(
    sqlite_session: Session, make_workspace: Any, now: datetime, write: Write
) -> None:
    workspace = make_workspace(sqlite_session)
    run(sqlite_session, workspace, write(), now)
    with pytest.raises(Conflict, match="belongs to the journey"):
        run(sqlite_session, workspace, write(), now, MAPPING.replace("key: care", "key: other"))


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("name: ward", "name: Big Ward", "name"),
        ("metric: csat", "metric: stars", "score.metric"),
        ("Europe/London", "Mars", "IANA"),
        ("question_column: asked, ", "", "question"),
        ("A and E: emergency", "A and E: nowhere", "nowhere"),
        ("language: en", "colour: red", "map.yaml:3 colour"),
        ("journey:", "jorney:", "jorney"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(old: str, new: str, part: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        mapping(MAPPING.replace(old, new))
    assert part in str(caught.value)


def test_the_shipped_mapping_is_whole(repository_root: Path) -> None:
    shipped = read_mapping(repository_root / "examples/patient_survey.yaml")
    assert shipped.score and shipped.score.direction == "lower_is_better"
    assert shipped.response == ["respondent"]
