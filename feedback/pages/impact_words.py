"""A score's course and a pain point's cost as sentences: figure and interval in one breath."""

from __future__ import annotations

from collections.abc import Sequence

from feedback.pages.words import METRICS, chance, count, number, percent
from feedback.reporting.figures import ChangeOut, GoalOut, RateOut, ScoreOut
from feedback.reporting.schema import MoneyOut, PainPointOut, TangleOut

SURE = 0.05
UNITS = {"csat": ("%", 0), "ces": ("", 1), "nps": ("", 0), "ces_easy": ("%", 0)}
UNITS |= {"csat_mean": ("", 2)}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def figure(metric: str, value: float, *, sharper: int = 0) -> str:
    """A score's value in its unit; `sharper` gives more digits."""
    unit, digits = UNITS[metric]
    return f"{number(value, digits + sharper)}{unit}"


def between(metric: str, low: float, high: float, *, sharper: int = 0) -> str:
    """`between 26 and 36`."""
    ends = (figure(metric, one, sharper=sharper) for one in (low, high))
    return "between {} and {}".format(*ends)


def change(found: ChangeOut, before: str) -> str:
    """The change of a score against `before`, which says when that was."""
    if found.previous is None or found.current is None or found.p is None:
        return f"Too few answers to compare with those before ({before})."
    name, old = METRICS[found.metric], figure(found.metric, found.previous)
    now, sure = figure(found.metric, found.current), found.p < SURE
    if not sure or found.low is None or found.high is None:
        return f"No sure change: {name} {old} before ({before}), {now} now ({p_value(found.p)})."
    size = sorted((abs(found.low), abs(found.high)))
    way = "Up" if found.current > found.previous else "Down"
    by = " to ".join(number(one, UNITS[found.metric][1] or 1) for one in size)
    return f"{way} from {old} ({before}) to {now}: by {by} points ({p_value(found.p)})."


def p_value(value: float) -> str:
    """A p-value that stays on one line."""
    return f"p\N{NO-BREAK SPACE}{chance(value)}"


def target(goal: GoalOut | None) -> str:
    """How the score stands to its target."""
    if goal is None or goal.target is None:
        return ""
    wanted = figure(goal.metric, goal.target)
    return {
        "yes": f"It is at or above the target of {wanted} for sure.",
        "no": f"It is below the target of {wanted} for sure.",
    }.get(str(goal.target_met), f"Whether it meets the target of {wanted} can't be told yet.")


def benchmark(goal: GoalOut | None) -> str:
    """How the score stands to its benchmark."""
    if goal is None or goal.benchmark is None:
        return ""
    other = figure(goal.metric, goal.benchmark)
    whose = f"{goal.benchmark_name}: {other}" if goal.benchmark_name else f"The benchmark: {other}"
    return {
        "yes": f"{whose}. Yours is at or above it for sure.",
        "no": f"{whose}. Yours is below it for sure.",
    }.get(str(goal.above_benchmark), f"{whose}. On which side of it you are can't be told yet.")


def severity(point: PainPointOut) -> str:
    """The score of those who say it."""
    found = point.severity
    if found is None or found.value is None or found.low is None or found.high is None:
        return ""
    name, value = METRICS[found.metric], figure(found.metric, found.value)
    return f"Those who say it score {name} {value}, {between(found.metric, found.low, found.high)}."


def fixed(point: PainPointOut) -> str:
    """The score without it, as an honest range."""
    found = point.fixed
    if found is None:
        return ""
    name, sharper = METRICS[found.metric], 1
    now = figure(found.metric, found.now, sharper=sharper)
    if found.low <= found.now:
        most = figure(found.metric, found.high, sharper=sharper)
        return f"Without it, {name} might be as it is, {now}, and at best {most}."
    ends = between(found.metric, found.low, found.high, sharper=sharper)
    return f"Without it, {name} would be {ends} instead of {now}."


def money(found: MoneyOut | None) -> str:
    """What it is worth in a month."""
    if found is None:
        return ""
    value, low, high = (abs(one) for one in (found.value, found.low, found.high))
    if found.low <= 0 <= found.high:
        return f"In money: at most {amount(max(low, high), found.currency)} a month, or nothing."
    ends = sorted((low, high))
    lower, upper = (amount(one, found.currency) for one in ends)
    worth = amount(value, found.currency)
    return f"In money: about {worth} a month, between {lower} and {upper}."


def amount(value: float, currency: str) -> str:
    """An amount to three figures: `€24,100`, `CHF 24,100`."""
    digits = max(0, 2 - len(f"{value:.0f}")) if value < 100 else 0
    size = 10 ** max(0, len(f"{value:.0f}") - 3)
    text = number(round(value / size) * size if size > 1 else value, digits)
    return f"{SIGNS[currency]}{text}" if currency in SIGNS else f"{currency} {text}"


def tangle(found: TangleOut, place: str) -> str:
    """Themes that nobody can tell apart, and what they cost together."""
    *most, last = found.theme_names
    names = f"{', '.join(most)} and {last}"
    value, low, high = (number(-one, 1) for one in (found.value, found.high, found.low))
    return (
        f"At {place} the data can't tell {names} apart: customers say them together. Together "
        f"they cost {value} points of {METRICS[found.metric]}, between {low} and {high}."
    )


def rate(found: RateOut | None) -> str:
    """How many answered, and who is silent in these figures."""
    if found is None:
        return "How many were asked in one language is not known: a page never opened was in none."
    if not found.asked:
        return "Nobody was asked at these touchpoints in this period; what came in came otherwise."
    answered = f"{found.answered:,} of {count(found.asked, 'customer')} asked answered"
    if found.rate is None or found.low is None or found.high is None:
        return f"{answered}. That is too few to give a rate."
    share = f"{percent(found.rate)}, between {percent(found.low)} and {percent(found.high)}"
    silent = found.asked - found.answered
    return f"{answered}: {share}. What the other {silent:,} think is in none of these figures."


def rate_parts(found: RateOut) -> Sequence[tuple[str, int]]:
    """The steps from asked to completed."""
    return (
        ("Asked", found.asked),
        ("Delivered, as far as is known", found.delivered),
        ("Answered at least one question", found.answered),
        ("Answered to the end", found.completed),
        ("May still answer", found.open),
    )


def score_line(score: ScoreOut) -> str:
    """A score with its interval and n."""
    if score.value is None or score.low is None or score.high is None:
        return f"too few answers to say ({score.n:,})"
    ends = between(score.metric, score.low, score.high)
    small = ", a small sample" if score.small else ""
    value = figure(score.metric, score.value)
    return f"{value}, {ends}, from {count(score.n, 'answer')}{small}"
