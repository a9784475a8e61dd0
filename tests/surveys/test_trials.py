"""Customers are divided by their id alone, as the weights have it."""

from __future__ import annotations

from collections import Counter

from surveys.trials import Trial, Way, way_for

TRIAL = Trial("salt", (Way(1, 3), Way(2, 1)))
PEOPLE = [f"customer-{number}" for number in range(4000)]


def test_shares_are_those_of_the_weights() -> None:
    got = Counter(way_for(TRIAL, 1, one).id for one in PEOPLE)
    assert 0.72 < got[1] / len(PEOPLE) < 0.78


def test_a_customer_always_gets_the_same() -> None:
    assert [way_for(TRIAL, 1, one) for one in PEOPLE] == [way_for(TRIAL, 1, one) for one in PEOPLE]


def test_another_experiment_divides_anew() -> None:
    other = Trial("pepper", TRIAL.ways)
    both = Counter((way_for(TRIAL, 1, one).id, way_for(other, 1, one).id) for one in PEOPLE)
    assert abs(both[2, 2] / len(PEOPLE) - 1 / 16) < 0.015
