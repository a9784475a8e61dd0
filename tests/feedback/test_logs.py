from __future__ import annotations

import pytest

from feedback.logs import mask


@pytest.mark.parametrize(
    "private",
    ["+447700900123", "07700 900 123", "(020) 7946-0018", "ada@example.org", "a.b+c@mail.example"],
)
def test_numbers_and_addresses_never_reach_a_log(private: str) -> None:
    assert private not in mask(f"could not text {private}, twice")


def test_ordinary_words_and_small_numbers_stay() -> None:
    assert mask("3 tasks of 500 rows in 12.5 s") == "3 tasks of 500 rows in 12.5 s"
