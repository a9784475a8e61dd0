from __future__ import annotations

import pytest

from models.errors import InvalidInput
from surveys.phones import normalise


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("+447700900123", "US", "+447700900123"),
        ("07700 900123", "GB", "+447700900123"),
        ("0044 7700 900 123", "GB", "+447700900123"),
        ("(415) 555-0132", "US", "+14155550132"),
        ("+1 415 555 0100", "GB", "+14155550100"),
        ("+15005550001", "GB", "+15005550001"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        (" +49 (0)151 23456789 ", "GB", "+4915123456789"),
        ("+44\u00a07700\u00a0900123", "GB", "+447700900123"),
    ],
)
def test_numbers_become_e164(raw: str, region: str, e164: str) -> None:
    assert normalise(raw, region) == e164


@pytest.mark.parametrize(
    "raw",
    ["", "hello", "call 07700 900123", "12", "+447700900", "+4477009001234567", "x" * 500, "+"],
)
def test_what_is_no_phone_says_so_without_repeating_it(raw: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        normalise(raw, "GB")
    assert raised.value.field == "phone"
    assert raised.value.mend
    assert len(raw) < 3 or raw not in raised.value.message
