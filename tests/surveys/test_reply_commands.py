from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from feedback.commands.parse_reply import command as parse_reply
from feedback.commands.sms_segments import command as sms_segments


def run(command: click.Command, *lines: object) -> tuple[int, list[dict[str, object]], str]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    result = CliRunner().invoke(command, ["-"], input=text.encode("utf-8", "surrogatepass"))
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    return result.exit_code, printed, result.stderr


def test_replies_come_back_in_order_with_value_and_comment() -> None:
    code, printed, errors = run(
        parse_reply,
        {"id": "1", "type": "nps", "text": "9 - great staff"},
        {"id": 2, "type": "yes_no", "text": "nope", "language": "en-GB", "more": "ignored"},
        {"id": "3", "type": "choice", "text": "b", "choices": ["Delivery", "Price"]},
        {"id": "4", "type": "nps", "text": "7-8"},
        {"id": "5", "type": "csat", "text": "9/10", "scale": 10},
        {
            "id": "6",
            "type": "choice",
            "text": "1 2",
            "choices": ["A lot", "Some"],
            "multiple": True,
        },
    )
    assert (code, errors) == (0, "")
    assert printed == [
        {"id": "1", "value": 9, "comment": "great staff"},
        {"id": 2, "value": False, "comment": None},
        {"id": "3", "value": "Price", "comment": None},
        {"id": "4", "error": "ambiguous"},
        {"id": "5", "value": 9, "comment": None},
        {"id": "6", "value": ["A lot", "Some"], "comment": None},
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("not json", "line"),
        ("[1]", "line"),
        ("[" * 100_000, "line"),
        ({"id": "1", "type": "nps"}, "text"),
        ({"id": "1", "type": "stars", "text": "9"}, "type"),
        ({"id": "1", "type": "nps", "text": 9}, "text"),
        ({"type": "nps", "text": "9"}, "id"),
        ({"id": "1", "type": "choice", "text": "9"}, "choices"),
        ({"id": "1", "type": "nps", "text": "9", "language": "?"}, "language"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_read(line: object, field: str) -> None:
    good = {"id": "g", "type": "nps", "text": "9"}
    code, printed, errors = run(parse_reply, good, line, good)
    assert code == 1
    assert [one["id"] for one in printed] == ["g", "g"]
    assert errors.startswith(f"waymark: line 2: {field}")


def test_segments_are_printed() -> None:
    code, printed, _ = run(
        sms_segments, {"id": "a", "text": "hi €"}, "", {"id": "b", "text": "\U0001f642" * 36}
    )
    assert code == 0
    assert printed == [
        {"id": "a", "encoding": "GSM-7", "units": 5, "segments": 1},
        {"id": "b", "encoding": "UCS-2", "units": 72, "segments": 2},
    ]


def test_half_a_surrogate_pair_is_printed_escaped() -> None:
    code, printed, _ = run(parse_reply, {"id": "a", "type": "text", "text": "x \ud83d"})
    assert code == 0
    assert printed[0]["value"] == "x \ud83d"


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "1", "type": "nps", "text": "9"}\n{"id": "\xff"}\n')
    result = CliRunner().invoke(parse_reply, [str(path)])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["value"] == 9
    assert "UTF-8" in result.stderr
