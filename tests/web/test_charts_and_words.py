"""Geometry and wording: pure functions whose faults nobody would see at a glance."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.pages import words
from feedback.pages.charts.curve import curve
from feedback.pages.charts.curve_parts import Pain, Quote, StageValue
from feedback.pages.charts.forest import axis
from feedback.pages.charts.scales import decimals, smooth, ticks, wrapped
from feedback.pages.message_text import linked
from feedback.pages.redaction import marked, masked
from feedback.pages.sign_in import safe_next
from surveys.pages.accent import MINIMUM, accent, contrast

FINITE = st.floats(-1e4, 1e4, allow_nan=False)


def test_less_than_a_day_is_told_by_its_hours() -> None:
    def told(first: datetime, last: datetime) -> str:
        return words.days(SimpleNamespace(start=first, end=last), "Europe/London")

    day = datetime(2026, 10, 1, tzinfo=ZoneInfo("Europe/London"))
    assert told(day, day + timedelta(days=1)) == "1 Oct 2026"
    assert told(day, day + timedelta(days=31)) == "1 Oct 2026 to 31 Oct 2026"
    part = told(day + timedelta(hours=9), day + timedelta(hours=12, minutes=30))
    assert part == "1 Oct 2026, 09:00 to 12:30"
    autumn = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/London"))
    spring = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/London"))
    for changed in (autumn, spring):
        whole = (changed.astimezone(UTC), (changed + timedelta(days=1)).astimezone(UTC))
        assert told(*whole) == words.day(changed, "Europe/London")


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_becomes_readable(colour: int) -> None:
    found = accent(f"#{colour:06x}")
    assert contrast(found.light, "#ffffff") >= MINIMUM
    assert contrast(found.dark, "#16181c") >= MINIMUM
    assert contrast(found.on_dark, found.dark) >= MINIMUM


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#zzzzzz", "url(x)"])
def test_what_is_no_colour_falls_back(colour: str) -> None:
    assert accent(colour) == accent("#1f4e79")


def test_a_good_accent_is_left_alone() -> None:
    assert accent("#1f4e79").light == "#1f4e79"


@given(st.lists(st.tuples(FINITE, FINITE).map(sorted).map(tuple), max_size=8))
def test_an_axis_holds_every_interval_and_zero(intervals: list[tuple[float, float]]) -> None:
    found = axis(intervals)
    assert 0 <= found.zero <= 100
    for low, high in intervals:
        bar = found.bar(low, (low + high) / 2, high)
        assert 0 <= bar.low <= bar.value <= bar.high <= 100


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert len(found) <= 6
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in found)


@given(st.floats(-1e3, 1e3, allow_nan=False), st.floats(0.002, 1e3))
def test_no_two_ticks_are_labelled_the_same(low: float, span: float) -> None:
    found = ticks(low, low + span)
    labels = [words.number(tick, decimals(found)) for tick in found]
    assert len(set(labels)) == len(found)
    assert all(
        math.isclose(float(label.replace(",", "").replace(words.MINUS, "-")), tick, abs_tol=1e-9)
        for label, tick in zip(labels, found, strict=True)
    )


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_the_curve_never_swings_past_its_points(heights: list[float]) -> None:
    points = [(100.0 * place, height) for place, height in enumerate(heights)]
    parts = smooth(points).replace("C", "").replace("M", "").split(" ")
    ys = [float(part.split(",")[1]) for part in parts]
    for place, (one, other) in enumerate(pairwise(ys[::3])):
        inner = ys[place * 3 + 1 : place * 3 + 3]
        assert all(min(one, other) - 0.2 <= y <= max(one, other) + 0.2 for y in inner)


def _stage(mean: float | None, n: int = 80) -> StageValue:
    low, high = (None, None) if mean is None else (mean - 0.1, mean + 0.1)
    return StageValue("Delivery", "CSAT 81%", n, mean, low, high, n < 30)


def test_the_curve_breaks_where_nobody_spoke() -> None:
    found = curve([_stage(0.4), _stage(None, 2), _stage(-0.3), _stage(0.1)])
    assert [mark.kind for mark in found.marks] == ["above", "few", "below", ""]
    assert len(found.lines) == 2 and found.marks[1].y is None


def test_pain_hangs_below_in_proportion_to_its_cost() -> None:
    pains = [Pain(0, "Waiting time", "-4.0", 4.0, True), Pain(0, "Price", "-1.0", 1.0, True)]
    first, second = curve([_stage(0.4), _stage(0.2)], pains).drops
    assert math.isclose(first.radius, 2 * second.radius, rel_tol=0.05)
    assert first.x != second.x and first.from_x == second.from_x


def test_long_quotes_are_cut_to_their_lane() -> None:
    found = curve([_stage(0.4), _stage(-0.2)], [], Quote(0, "very " * 90), Quote(1, "bad"))
    assert found.best is not None and len(found.best.lines) == 3
    assert found.best.lines[-1].endswith("…”")
    assert curve([_stage(0.4)]).height < found.height


def test_wrapping_keeps_short_words_whole() -> None:
    assert wrapped("waiting time", 8, 2) == ("waiting", "time")
    assert wrapped("Donaudampfschifffahrt", 8, 2) == ("Donauda…",)


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (-3.14, 1, f"{words.MINUS}3.1"),
        (0.04, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (1234, 0, "1,234"),
        (-1e-9, 0, "0"),
    ],
)
def test_numbers_have_a_true_minus(value: float, digits: int, said: str) -> None:
    assert words.number(value, digits) == said


def test_signs_only_where_they_mean_something() -> None:
    assert words.signed(2.5) == "+2.5" and words.signed(0.0) == "0.0"
    assert words.percent(0.043) == "4.3%" and words.percent(0.5) == "50%"
    assert words.chance(8e-6) == "below 0.001"


def test_delays_and_filters_read_as_words() -> None:
    assert words.span(0) == "at once" and words.span(7200) == "2 hours"
    assert words.span(86400) == "1 day" and words.span(90) == "90 seconds"
    said = words.condition({"any": [{"total": {"gte": 20}}, {"not": {"tier": "gold"}}]})
    assert said == "(total is at least 20 or not (tier is gold))"


@pytest.mark.parametrize(
    "text",
    [
        "Call me on +44 7700 900123 please",
        "my mail is ada.lovelace+x@mail.example.org, thanks",
        "(0161) 496-0842",
    ],
)
def test_numbers_and_addresses_are_masked(text: str) -> None:
    assert "[" in masked(text)
    assert "900123" not in masked(text) and "lovelace" not in masked(text)


@pytest.mark.parametrize("text", ["Waited 45 minutes, 3 of 10", "order 12345", "v1.2.3"])
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


class _Span:
    def __init__(self, start: int, end: int, sentiment: str) -> None:
        self.start, self.end, self.sentiment, self.theme = start, end, sentiment, "waiting_time"


def test_marks_escape_and_never_overlap() -> None:
    text = "<b>slow</b> and rude"
    found = str(marked(text, [_Span(0, 11, "negative"), _Span(5, 20, "negative")]))
    assert "<b>" not in found and found.count("<mark") == 2
    assert "Waiting time, negative" in found


def test_a_mention_that_ends_inside_a_number_shows_none_of_it() -> None:
    text = "rude on 0161 496 0842 & slow"
    found = str(marked(text, [_Span(0, 12, "negative"), _Span(13, 28, "negative")]))
    assert found.count("[phone]") == 1 and not any(part in found for part in ("0161", "0842"))
    assert ">rude on [phone]</mark>" in found and "&amp; slow</mark>" in found


def test_only_our_own_links_can_be_followed() -> None:
    found = str(
        linked("See http://x.example/s/abc-1, or http://evil.example", "http://x.example/s/")
    )
    assert found.count("<a ") == 1 and 'href="http://x.example/s/abc-1"' in found


@pytest.mark.parametrize("address", ["/responses?survey=x", "/"])
def test_own_paths_are_safe_to_go_on_to(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize("address", ["", None, "x", "//x", "/\\x", "http://x", "/a\n//x"])
def test_other_addresses_are_not(address: str | None) -> None:
    assert safe_next(address) is None
