from __future__ import annotations

import pytest

from models.errors import InvalidInput
from surveys.price_list import read_prices, written_prices
from surveys.prices import Price, example_number, price_for


def test_lines_are_read_as_people_paste_them() -> None:
    read = read_prices("# list\n+44 0.0463 gbp\n\nde, 0.08, EUR\n1416;0.0079;USD\n")
    assert read == [
        Price("1416", 0.0079, "USD"),
        Price("44", 0.0463, "GBP"),
        Price("49", 0.08, "EUR"),
    ]
    assert read_prices(written_prices(read)) == read
    assert read_prices("") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("+44 0.04", "write where to"),
        ("+44 4p GBP", "'4p' is no price"),
        ("+44 0.04 pounds", "no currency"),
        ("Mars 0.04 GBP", "no beginning of a number"),
        ("+0 0.04 GBP", "no beginning of a number"),
        ("+44 -1 GBP", "no price"),
        ("+44 500 GBP", "no price"),
        ("+44 0.04 GBP\nGB 0.05 GBP", "Line 2: +44 stands here twice"),
    ],
)
def test_each_wrong_line_is_named_with_its_mend(line: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_prices(line)
    assert said in caught.value.message and caught.value.mend


def test_every_wrong_line_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_prices("x\n+44 0.04 GBP\ny")
    assert [line[:7] for line in caught.value.message.splitlines()] == ["Line 1:", "Line 3:"]


def test_the_longest_beginning_counts() -> None:
    prices = [Price("1", 1, "USD"), Price("1416", 2, "USD"), Price("44", 3, "GBP")]
    assert price_for(prices, "+14165550100") == prices[1]
    assert price_for(prices, "+12125550100") == prices[0]
    assert price_for(prices, "+447700900123") == prices[2]
    assert price_for(prices, "+33600000000") is None
    assert price_for([], "+447700900123") is None


@pytest.mark.parametrize(("region", "begins"), [("GB", "+447"), ("DE", "+491"), ("US", "+1")])
def test_a_countrys_example_is_a_number_of_it(region: str, begins: str) -> None:
    assert example_number(region).startswith(begins)
