from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import openpyxl
import pyarrow.parquet as parquet
import pytest
from export_rows import DAY, SECOND, Shop, definition, head, read
from sqlalchemy.orm import Session

from feedback.exports.kinds import KINDS
from models.errors import InvalidInput, NotFound
from models.workspace import Workspace

MakeWorkspace = Callable[..., Workspace]
QUESTIONS = ["score", "how", "why", "again"]
ODD = [
    "",
    "plain",
    "emoji 😀 and \N{COMBINING ACUTE ACCENT}",
    'two\nlines\r\nand "quotes", commas; tabs\t',
    '=HYPERLINK("x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    " leading and trailing ",
    "_x0041_ & <b>",
    "x" * 50_000,
]


@pytest.fixture
def shop(sqlite_session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(sqlite_session, make_workspace(sqlite_session, timezone="Europe/London"))


@pytest.fixture
def both(session: Session, make_workspace: MakeWorkspace) -> Shop:
    return Shop(session, make_workspace(session, timezone="Europe/London"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_export_has_all_its_columns_in_every_format(both: Shop, kind: str) -> None:
    columns = head(both.export(kind))
    assert len(columns) == len(set(columns)) > 10 and not both.rows(kind)
    found = parquet.read_table(io.BytesIO(both.export(kind, "parquet")))
    assert found.num_rows == 0 and found.column_names == columns
    sheet = openpyxl.load_workbook(io.BytesIO(both.export(kind, "xlsx"))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == columns and sheet.max_row == 1


def _some_answers() -> Iterator[dict[str, Any]]:
    for given in product([None, 0, 7.5], [None, "post"], [None, "late"], [None, True, "yes"]):
        yield {key: value for key, value in zip(QUESTIONS, given, strict=True) if value is not None}


def test_columns_and_types_are_the_same_whatever_was_answered(shop: Shop) -> None:
    columns = head(shop.export("responses"))
    schema = parquet.read_schema(io.BytesIO(shop.export("responses", "parquet")))
    for answers in _some_answers():
        shop.response(answers, version=2)
        assert head(shop.export("responses")) == columns
        assert parquet.read_schema(io.BytesIO(shop.export("responses", "parquet"))) == schema
    assert [one for one in columns if one.startswith("ask.")] == [
        name for key in QUESTIONS for name in (f"ask.{key}", f"ask.{key}.comment")
    ]


def test_both_versions_of_a_survey_have_their_columns(shop: Shop) -> None:
    shop.response({"score": 9, "again": True}, version=1, comments={"score": "lovely"})
    shop.response({"score": 2, "how": "post", "again": "maybe"}, version=2)
    first, second = shop.rows("responses")
    assert first["survey_version"] == "1" and second["survey_version"] == "2"
    assert first["ask.score"] == "9" and first["ask.score.comment"] == "lovely"
    assert first["ask.again"] == "yes" and second["ask.again"] == "maybe"
    assert first["ask.how"] == "" and second["ask.how"] == "post"
    assert first["other_answers"] == second["other_answers"] == ""


def test_a_new_version_adds_its_columns_and_takes_none_away(shop: Shop) -> None:
    before = set(head(shop.export("responses")))
    shop.versions.append(shop.version(3, (("new", "csat"),)))
    after = head(shop.export("responses"))
    assert set(after) - before == {"ask.new", "ask.new.comment"} and before < set(after)


def test_an_answer_that_fits_no_column_is_not_lost(shop: Shop) -> None:
    shop.response({"score": "nine", "gone": ["a", "b"]}, comments={"gone": "words"})
    (row,) = shop.rows("responses")
    assert row["ask.score"] == ""
    assert "nine" in row["other_answers"] and '"gone.comment": "words"' in row["other_answers"]


def test_several_choices_stand_in_one_cell(shop: Shop) -> None:
    shop.response({"how": ["post", "phone"]}, version=2)
    assert shop.rows("responses")[0]["ask.how"] == "post; phone"


@pytest.mark.parametrize("text", ODD)
def test_odd_text_comes_through_whole_and_never_runs(both: Shop, text: str) -> None:
    response = both.response({"why": text})
    both.comment(text, response)
    for kind, column in (("responses", "ask.why"), ("comments", "text")):
        (row,) = both.rows(kind)
        runs = text[:1] in ("=", "+", "-", "@", "\t")
        assert row[column] == (f"'{text}" if runs else text)
        (kept,) = parquet.read_table(io.BytesIO(both.export(kind, "parquet"))).to_pylist()
        assert kept[column] == text


@pytest.mark.parametrize("text", [one for one in ODD if one and len(one) < 1000])
def test_odd_text_in_excel(shop: Shop, text: str) -> None:
    shop.response({"why": text})
    sheet = openpyxl.load_workbook(io.BytesIO(shop.export("responses", "xlsx"))).worksheets[0]
    cell = next(c for c in sheet[2] if sheet.cell(1, c.column).value == "ask.why")
    assert cell.data_type == "s"
    said = str(cell.value).replace("_x005F_", "_").removeprefix("'")
    assert said == text.replace("\r\n", "\n")
    assert str(cell.value).startswith("'") == (text[:1] in "=+-@\t")


def test_excel_says_where_a_text_was_cut(shop: Shop) -> None:
    shop.response({"why": "x" * 50_000})
    sheet = openpyxl.load_workbook(io.BytesIO(shop.export("responses", "xlsx"))).worksheets[0]
    (long,) = [str(c.value) for c in sheet[2] if len(str(c.value)) > 1000]
    assert len(long) == 32_767 and "cut: Excel holds no more" in long


def test_null_bytes_break_no_format(shop: Shop) -> None:
    shop.comment("a\x00b\x0bc", shop.response({"why": "a\x00b"}))
    assert shop.rows("comments")[0]["text"] == "a\ufffdb\ufffdc"
    assert openpyxl.load_workbook(io.BytesIO(shop.export("comments", "xlsx")))
    (row,) = parquet.read_table(io.BytesIO(shop.export("responses", "parquet"))).to_pylist()
    assert row["ask.why"] == "a\ufffdb"


def test_times_have_the_workspace_s_offset_and_are_utc_in_parquet(shop: Shop) -> None:
    shop.response({"score": 1})
    shop.response({"score": 1}, day=180)
    summer, winter = shop.rows("responses")
    assert summer["occurred_at"] == "2026-07-01T10:00:00+01:00"
    assert winter["occurred_at"] == "2026-12-28T09:00:00+00:00"
    found = parquet.read_table(io.BytesIO(shop.export("responses", "parquet")))
    assert str(found.schema.field("occurred_at").type) == "timestamp[us, tz=UTC]"
    assert found.to_pylist()[0]["occurred_at"] == DAY
    sheet = openpyxl.load_workbook(io.BytesIO(shop.export("responses", "xlsx"))).worksheets[0]
    place = head(shop.export("responses")).index("occurred_at")
    cells = [sheet[2][place], sheet[3][place]]
    assert [cell.value.isoformat() for cell in cells] == [
        "2026-07-01T10:00:00",
        "2026-12-28T09:00:00",
    ]
    assert ["+01:00" in cells[0].number_format, "+00:00" in cells[1].number_format] == [True, True]


def test_personal_data_stays_at_home(shop: Shop) -> None:
    for name in ("ada@mail.example", "+44 7700 900123", "c-17"):
        text = "Call me on 07700 900123 please"
        response = shop.response({"why": text}, customer=shop.customer(name))
        shop.comment(text, response, ("phone_contact", 0, 24))
    for kind in ("responses", "comments", "mentions", "scores"):
        file = shop.export(kind).decode()
        assert "900123" not in file and "ada@mail" not in file
    assert [row["customer"] for row in shop.rows("responses")] == ["[e-mail]", "[phone]", "c-17"]
    assert len({row["customer_id"] for row in shop.rows("comments")}) == 3
    assert shop.rows("mentions")[0]["text"].startswith("Call me on [phone]")


def test_readings_and_mentions_stand_in_their_columns(both: Shop) -> None:
    both.comment("The till was slow.", both.response({"score": 3}), ("waiting_time", 4, 17))
    (comment,) = both.rows("comments")
    assert (comment["touchpoint"], comment["sentiment"]) == ("till", "negative")
    assert (comment["emotion.anger"], comment["emotion.joy"]) == ("0.75", "")
    assert comment["themes"] == "waiting_time" and comment["corrected"] == "no"
    (mention,) = both.rows("mentions")
    assert (mention["theme"], mention["text"]) == ("waiting_time", "till was slow")
    (score,) = both.rows("scores")
    assert (score["question"], score["value"], score["metric"]) == ("score", "3", "nps")


def test_filters_are_those_of_the_report(both: Shop) -> None:
    member = both.customer(member=True)
    rows = [
        both.response({"score": 9}, customer=member, channel="sms", language="de"),
        both.response({"score": 9}, day=2),
        both.response({"score": 9}, day=2, placed=False),
    ]
    for row in rows:
        both.comment("Slow.", row, ("waiting_time", 0, 4))
    for kind in ("responses", "comments", "mentions", "scores"):
        assert len(both.rows(kind)) == 3
        assert len(both.rows(kind, journey="shop")) == 2
        assert len(both.rows(kind, from_="2026-07-03")) == 2
        assert len(both.rows(kind, to="2026-07-02")) == 1
        assert len(both.rows(kind, channel="sms")) == 1
        assert len(both.rows(kind, language="de")) == 1
        assert len(both.rows(kind, segment="members")) == 1
        assert len(both.rows(kind, survey="ask")) == 3
    with pytest.raises(NotFound, match="no survey"):
        both.rows("responses", survey="nothing")
    with pytest.raises(InvalidInput, match="no language"):
        both.rows("responses", language="German")
    with pytest.raises(InvalidInput, match="ends before"):
        both.rows("responses", from_="2026-07-03", to="2026-07-01")


def test_a_comment_of_no_response_is_exported_in_its_own_language(both: Shop) -> None:
    both.comment("Slow.", None, ("waiting_time", 0, 4))
    (alone,) = both.rows("comments")
    assert alone["language"] == "en" and alone["response_id"] == ""
    for kind in ("comments", "mentions"):
        assert len(both.rows(kind, language="en")) == 1
        assert both.rows(kind, language="de") == both.rows(kind, language="en", channel="web") == []


def test_other_workspaces_never_leak(session: Session, make_workspace: MakeWorkspace) -> None:
    ours, theirs = (Shop(session, make_workspace(session, name)) for name in ("ours", "theirs"))
    for shop in (ours, theirs, ours):
        words = f"of {shop.workspace.name}"
        response = shop.response({"score": 1, "why": words}, customer=shop.customer())
        shop.comment(words, response, ("waiting_time", 0, len(words)))
    for kind in ("responses", "comments", "mentions", "scores"):
        for mine, other, many in ((ours, "theirs", 2), (theirs, "ours", 1)):
            file = mine.export(kind)
            assert len(read(file)) == many and f"of {other}" not in file.decode()
    assert theirs.rows("pain-points")[0]["negative"] == "1"


def test_another_workspace_s_questions_are_no_columns_of_ours(
    sqlite_session: Session, make_workspace: MakeWorkspace
) -> None:
    ours, theirs = (Shop(sqlite_session, make_workspace(sqlite_session, name)) for name in "ab")
    theirs.version(3, (("secret", "text"),))
    assert "ask.secret" not in head(ours.export("responses"))
    assert definition(SECOND)["key"] == "ask"
