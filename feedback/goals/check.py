"""Goals as people type them, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedback.statistics.metrics import POINTS, Metric

FIELDS = ("target", "benchmark", "benchmark_name", "point_value", "currency")
LONGEST_NAME = 80
MOST_WORTH = 1e12
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
"""A comma that parts anything else may be a decimal one, and is asked about."""
Problems = dict[str, str]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of one metric; `point_value` is money a month for one point more."""

    target: float | None = None
    benchmark: float | None = None
    benchmark_name: str | None = None
    point_value: float | None = None
    currency: str | None = None

    @property
    def worth(self) -> tuple[float, str] | None:
        """What a point is worth in a month, and in which currency."""
        if self.point_value is None or self.currency is None:
            return None
        return self.point_value, self.currency


def read_goal(metric: Metric, typed: Mapping[str, str]) -> tuple[Goal, Problems]:
    """The goal that was typed, and a sentence for each field that needs a change."""
    problems: Problems = {}
    numbers = {name: _number(typed, name, problems) for name in FIELDS if _numeric(name)}
    for name in ("target", "benchmark"):
        _on_scale(metric, name, numbers[name], problems)
    worth, currency = numbers["point_value"], typed.get("currency", "").strip().upper() or None
    if worth is not None and not 0 < worth <= MOST_WORTH:
        problems["point_value"] = "Write an amount above 0, or leave it empty."
    if currency is not None and not _CURRENCY.fullmatch(currency):
        problems["currency"] = "Write its three letters, such as EUR."
    elif (worth is None) != (currency is None) and "point_value" not in problems:
        field = "currency" if currency is None else "point_value"
        problems[field] = "An amount and its currency belong together: fill in both, or neither."
    whose = typed.get("benchmark_name", "").strip() or None
    if whose and len(whose) > LONGEST_NAME:
        problems["benchmark_name"] = f"Use {LONGEST_NAME} letters at most."
    if whose and numbers["benchmark"] is None and "benchmark" not in problems:
        problems["benchmark"] = "Write the figure that this name belongs to."
    return Goal(numbers["target"], numbers["benchmark"], whose, worth, currency), problems


def _numeric(name: str) -> bool:
    return name in ("target", "benchmark", "point_value")


def _number(typed: Mapping[str, str], name: str, problems: Problems) -> float | None:
    text = typed.get(name, "").replace("\N{MINUS SIGN}", "-").strip().removesuffix("%").strip()
    if not text:
        return None
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text) or len(text) > 20:
        problems[name] = "Write a plain number, such as 40 or 5.5."
        return None
    return float(text)


def _on_scale(metric: Metric, name: str, value: float | None, problems: Problems) -> None:
    low, high = POINTS[metric]
    least = f"{low:.0f}".replace("-", "\N{MINUS SIGN}")
    if value is not None and not low <= value <= high:
        problems[name] = f"{metric.upper()} runs from {least} to {high:.0f}; write a number on it."
