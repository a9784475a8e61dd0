"""Replies written before the parser read them: how well it does, and that the halves stay apart."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from benchmarks.replies import LANGUAGES, TYPES, Verdict, Written, judged, replies

ALL = replies()


def half(name: str) -> list[Written]:
    return [one for one in ALL if one.half == name]


def shares(chosen: list[Written]) -> dict[Verdict, float]:
    counted = Counter(map(judged, chosen))
    return {verdict: counted[verdict] / len(chosen) for verdict in Verdict}


def test_the_set_is_large_and_covers_every_language_and_type() -> None:
    assert len(ALL) >= 600
    assert {one.language for one in ALL} == set(LANGUAGES)
    assert {one.type for one in ALL} == set(TYPES)
    assert sum(one.value is None for one in ALL) >= 200


def test_a_reply_stays_in_its_half() -> None:
    for one in ALL:
        digest = sha256(f"{one.type} {one.language} {one.text}".encode()).digest()
        assert one.half == ("tune" if digest[0] % 2 else "test"), one.text


def test_unlooked_at_replies_are_read_and_hardly_ever_misread() -> None:
    found = shares(half("test"))
    assert found[Verdict.RIGHT] >= 0.97
    assert found[Verdict.WRONG] <= 0.01


def test_replies_to_tune_by_are_read() -> None:
    assert shares(half("tune"))[Verdict.RIGHT] >= 0.99
