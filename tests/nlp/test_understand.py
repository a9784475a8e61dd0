from __future__ import annotations

import json

from fake_reader import fake_reader

from feedback.commands.understand import CommentLine, batched, parse, understand


def errors(*lines: str) -> list[str]:
    return [str(line.error) for line in parse(line.encode() for line in lines) if line.error]


def test_every_bad_line_names_line_field_and_mend() -> None:
    found = errors(
        '{"id": "1", "text": "fine"}',
        "",
        "not json",
        "[1]",
        '{"id": "2"}',
        '{"id": "3", "text": 7}',
        '{"text": "no id"}',
        '{"id": "4", "text": "x", "language": "much too long a tag"}',
        '{"id": "5", "text": "x", "question": []}',
    )
    assert [error.partition(":")[0] for error in found] == [
        "line 3",
        "line 4",
        "line 5, field text",
        "line 6, field text",
        "line 7, field id",
        "line 8, field language",
        "line 9, field question",
    ]
    assert all(error.endswith(".") for error in found)


def test_bytes_that_are_no_utf8_and_nesting_without_end_are_bad_lines() -> None:
    lines = list(parse([b'{"id": 1, "text": "\xff"}\n', b"[" * 200_000 + b"\n"]))
    assert [line.comment for line in lines] == [None, None]


def test_good_lines_keep_their_order_and_ids() -> None:
    reader, _ = fake_reader()
    lines = [CommentLine(id=i, text=t) for i, t in ((2, "late"), ("a", ""), (1, "good"))]
    printed = [json.loads(text) for text in understand(reader, lines)]
    assert [(p["id"], p["sentiment"]) for p in printed] == [
        (2, "negative"),
        ("a", None),
        (1, "positive"),
    ]
    assert printed[0]["mentions"][0]["theme"] == "delivery_speed"


def test_output_is_one_ascii_line_a_comment_whatever_the_text() -> None:
    reader, _ = fake_reader()
    (line,) = understand(reader, [CommentLine(id="\u2028\u00e9", text="late\n\nbad")])
    assert line.isascii()
    assert "\n" not in line


def test_reading_starts_before_the_input_ends() -> None:
    lines = (b'{"id": %d, "text": "x"}' % i for i in range(5))
    first = next(batched(parse(lines), 2))
    assert [line.comment.id for line in first if line.comment] == [0, 1]
    assert next(lines) == b'{"id": 2, "text": "x"}'


def test_personal_data_is_pointed_out_whatever_the_language() -> None:
    reader, _ = fake_reader()
    german = "Das Paket ist nicht angekommen, ruft mich bitte zurück: 0151 23456789"
    texts = ("late, call 0161 496 0842", german, "07700 900123", "late")
    lines = [CommentLine(id=i, text=text) for i, text in enumerate(texts)]
    printed = [json.loads(text) for text in understand(reader, lines)]
    assert [one["read"] for one in printed] == [True, False, False, True]
    assert [one["redactions"] for one in printed] == [
        [{"start": 11, "end": 24, "kind": "phone"}],
        [{"start": german.index("0151"), "end": len(german), "kind": "phone"}],
        [{"start": 0, "end": 12, "kind": "phone"}],
        [],
    ]
