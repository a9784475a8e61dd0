"""How fast a sender goes, whatever its messages come to."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.channels.gateway import Accepted, Outcome, Refused, RetryLater, Unknown
from surveys.pacing import (
    ALARM_PAUSE,
    LONGEST_PAUSE,
    TRIPS,
    Standing,
    after,
    allowed,
    paused,
    rate,
    reported,
    used,
)

NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
TOOK, CUT = Accepted("SM1", "queued"), Unknown("cut_off")
DOWN, BUSY = RetryLater("no_connection"), RetryLater("20429")
OUTCOMES: list[Outcome] = [TOOK, CUT, DOWN, BUSY, Refused("21211"), Refused("20003")]


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@given(st.floats(0.2, 50), st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_stretch_of_time_holds_more_than_the_limit_and_one_second_s_worth(
    limit: float, gaps: list[float]
) -> None:
    standing, now, sent = Standing(per_second=limit), NOW, []
    for gap in gaps:
        now += seconds(gap)
        many = allowed(standing, now, 1000)
        standing = used(standing, many, now)
        sent += [now] * many
    for place, first in enumerate(sent):
        for count, last in enumerate(sent[place:], 1):
            assert count <= (last - first).total_seconds() * limit + max(limit, 1) + 1e-6


def test_a_limit_is_used_to_the_full_by_who_asks_often() -> None:
    standing, sent = Standing(per_second=2.0), 0
    for tick in range(600):
        now = NOW + seconds(tick / 10)
        many = allowed(standing, now, 10)
        standing = used(standing, many, now)
        sent += many
    assert 119 <= sent <= 122


def test_a_provider_that_fails_is_left_alone_for_longer_and_longer_then_tried_with_one() -> None:
    standing, now, pauses = Standing(), NOW, []
    for _ in range(TRIPS - 1):
        standing = after(standing, DOWN, now)
        assert allowed(standing, now, 50) == 50
    for _ in range(12):
        standing = after(standing, CUT, now)
        assert standing.paused_until is not None and allowed(standing, now, 50) == 0
        pauses.append(standing.paused_until - now)
        now = standing.paused_until
        assert allowed(standing, now, 50) == 1
    assert pauses == sorted(pauses) and pauses[0] < pauses[3] and pauses[-1] == LONGEST_PAUSE
    well = after(standing, TOOK, now)
    assert (well.failures, allowed(well, now, 50)) == (0, 50)


def test_a_throttle_halves_the_pace_for_a_while_and_again_if_it_comes_again() -> None:
    first = after(Standing(), BUSY, NOW)
    assert paused(first, NOW)
    assert first.paused_until is not None
    later = first.paused_until
    fast = rate(first, later)
    again = after(first, BUSY, later)
    slow = rate(again, later + seconds(2))
    assert fast is not None and slow == fast / 2
    assert rate(again, later + timedelta(minutes=2)) is None
    assert after(Standing(per_second=1.0), BUSY, NOW).slowed_per_second == 0.5
    asked = after(Standing(), RetryLater("20429", after_seconds=30.0), NOW)
    assert asked.paused_until == NOW + seconds(30)


def test_a_trouble_of_the_sender_s_raises_an_alarm_until_a_message_is_taken() -> None:
    standing = after(after(Standing(), Refused("20003"), NOW), Refused("20003"), NOW + seconds(300))
    assert (standing.alarm_code, standing.alarm_at) == ("20003", NOW)
    assert paused(standing, NOW + seconds(301))
    assert after(standing, TOOK, NOW + seconds(300) + ALARM_PAUSE).alarm_code is None
    assert after(Standing(), Refused("21211"), NOW) == Standing()


def test_a_trouble_told_by_a_receipt_is_over_when_none_tells_of_it_after_a_try() -> None:
    """The provider takes what an account that is not registered texts, and loses it later."""
    alarmed = reported(Standing(), "30034", NOW)
    assert alarmed.alarm_code == "30034" and allowed(alarmed, NOW, 50) == 0
    now = NOW + ALARM_PAUSE
    assert allowed(alarmed, now, 50) == 1
    tried = after(alarmed, TOOK, now)
    assert tried.alarm_code == "30034" and allowed(tried, now + seconds(1), 50) == 0
    again = reported(tried, "30034", now + seconds(20))
    assert allowed(again, now + seconds(20) + ALARM_PAUSE, 50) == 1 and again.alarm_at == NOW
    assert allowed(tried, now + ALARM_PAUSE, 50) == 50
    assert after(tried, TOOK, now + ALARM_PAUSE) == Standing()
    # what it says of another message tells nothing of the sender
    assert after(alarmed, Refused("21211"), now) == alarmed
    assert after(alarmed, DOWN, now).unproven


def test_messages_under_way_when_the_alarm_came_do_not_end_it() -> None:
    """Several threads hand over at once; the provider took these before it was known."""
    alarmed = reported(Standing(), "30034", NOW)
    for outcome in (TOOK, TOOK, Refused("21211"), RetryLater("mail_not_now"), TOOK):
        alarmed = after(alarmed, outcome, NOW + seconds(1))
    assert alarmed == reported(Standing(), "30034", NOW)
    tried = after(alarmed, TOOK, NOW + ALARM_PAUSE)
    assert after(tried, TOOK, NOW + ALARM_PAUSE + seconds(1)) == tried
    refused = after(Standing(), Refused("20003"), NOW)
    assert after(refused, TOOK, NOW + seconds(1)) == refused


def test_a_receipt_of_a_throttle_slows_down_and_one_of_a_phone_does_nothing() -> None:
    assert paused(reported(Standing(), "30022", NOW), NOW)
    assert reported(Standing(), "30003", NOW) == Standing()


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.floats(0, 400)), max_size=40))
def test_whatever_happened_a_sender_is_never_stuck(seen: list[tuple[Outcome, float]]) -> None:
    standing, now = Standing(), NOW
    for outcome, gap in seen:
        now += seconds(gap)
        standing = after(standing, outcome, now)
    assert allowed(standing, now + LONGEST_PAUSE + seconds(5), 50) >= 1
    assert after(after(standing, TOOK, now), TOOK, now) is not None
    resting = standing.slowed_until or standing.alarm_code
    assert not paused(after(standing, TOOK, now), now) or resting
