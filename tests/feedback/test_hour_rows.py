"""What was learnt of hours, as a page shows it: every share with its n and its interval."""

from __future__ import annotations

from feedback.pages.hour_table import HourRow, hour_rows
from surveys.hours import Hour


def test_each_hour_that_was_tried_has_its_share_and_interval() -> None:
    rows = hour_rows({18: Hour(40, 12), 9: Hour(2, 0)})
    assert rows == [
        HourRow(9, 2, 0, "0%", "0%", "66%"),
        HourRow(18, 40, 12, "30%", "18%", "45%"),
    ]


def test_nothing_tried_is_nothing_told() -> None:
    assert hour_rows({}) == []
