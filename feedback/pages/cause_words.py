"""Why it hurts, as sentences: the finding first, its figures in the same breath."""

from __future__ import annotations

from collections.abc import Mapping

from feedback.causes.find import Causes
from feedback.causes.quotes import Kind
from feedback.causes.since import Since
from feedback.causes.subtopics import Group
from feedback.pages.choices import CHANNEL_NAMES
from feedback.pages.languages import language
from feedback.pages.redaction import masked
from feedback.pages.words import count, dated, number, percent
from feedback.statistics.concentration import Concentration, Missing

CHANNELS: Mapping[str, str] = {
    "sms": "by SMS",
    "web": "on the web",
    "email": "by e-mail",
    "whatsapp": "by WhatsApp",
}
KINDS: Mapping[str, str] = {
    Kind.TYPICAL: "Typical",
    Kind.DIFFERENT: "Said differently",
    Kind.NEWEST: "Newest",
    Kind.STRONGEST: "Strongest",
}
MISSING: Mapping[str, str] = {
    Missing.TOO_FEW: "too few",
    Missing.EVERYBODY: "everybody",
    Missing.NOBODY: "nobody",
}
SHOWN = 6
_TIMES = {2: "Twice as often", 3: "Three times as often", 4: "Four times as often"}
_NEAR = 0.05


def where(attribute: str, value: str) -> str:
    """A place that complaints may gather in, to follow `twice as often`."""
    kind, _, key = attribute.partition(":")
    shown, name = masked(value), masked(key.replace("_", " "))
    phrases = {
        "channel": CHANNELS.get(value, f"by {shown}"),
        "survey": f"in answers to {shown}",
        "language": f"in {language(value)}",
        "hour": f"between {value.replace(' to ', ' and ')}",
        "weekday": f"on {value}s",
        "segment": f"in the segment {shown}",
        "before": f"after {shown} in the 30 days before",
        "event": f"where {name} is {shown}",
        "customer": f"by customers whose {name} is {shown}",
    }
    return phrases.get(kind, shown)


def times(ratio: float | None) -> str:
    """How much more often."""
    if ratio is None:
        return "Only"
    whole = round(ratio)
    if whole in _TIMES and abs(ratio - whole) <= _NEAR * whole:
        return _TIMES[whole]
    return f"{number(ratio, 1)} times as often"


def concentrates(one: Concentration) -> str:
    """A place it concentrates in, with its shares and its interval."""
    found = one.comparison
    if found is None:
        return ""
    places = " and ".join(where(*part) for part in one.parts)
    said = f"{times(found.ratio)} {places}: {percent(found.inside)}"
    said += f" against {percent(found.outside)} elsewhere"
    low = number(found.ratio_low, 1)
    if found.ratio_high is None:
        said += f", at least {low} times as often"
    else:
        said += f", between {low} and {number(found.ratio_high, 1)} times"
    if one.beside:
        said += ", more than either explains by itself"
    return said + (" (a small sample)." if one.small else ".")


def what(one: Concentration) -> str:
    """The attribute of a place as a table's cell: `Region`, `Region and carrier`."""
    first, *other = (attribute(part.attribute) for part in one.parts)
    return " and ".join([first, *(name[:1].lower() + name[1:] for name in other)])


def which(one: Concentration) -> str:
    """Its value as a table's cell: `North`, `North and X`."""
    return " and ".join(cell(*part) for part in one.parts)


def attribute(name: str) -> str:
    """An attribute as a table's cell."""
    kind, _, key = name.partition(":")
    if key:
        return masked(key.replace("_", " ")).capitalize()
    return {"before": "In the 30 days before", "hour": "Time of day"}.get(kind, kind.capitalize())


def cell(name: str, value: str) -> str:
    """A value as a table's cell."""
    if name == "language":
        return language(value)
    names = CHANNEL_NAMES if name == "channel" else {}
    return names.get(value, masked(value))


def even(found: Causes) -> str:
    """What is said where no place stands out."""
    compared = sum(one.comparison is not None for one in found.places)
    if not found.said:
        return "Nobody complains of this here in this period and with these filters."
    if not compared:
        return "Too few answers to say where it gathers."
    things = count(compared, "place")
    pairs = f" and {count(found.pairs, 'pair')} of them" if found.pairs else ""
    return f"It gathers nowhere: none of {things}{pairs} looked at stands out from chance."


def since(found: Since) -> str:
    """Since when, with the days it may have been."""
    if found.p is None:
        return "Too few answers to say since when."
    if not found.told or found.day is None or found.first is None or found.last is None:
        return "No day stands out from which it is heard more or less often."
    more = "more" if found.since.share > found.before.share else "less"
    step = "the week of " if found.week else ""
    (low, high), (least, most) = found.ends
    before = f"{percent(found.before.share)} ({percent(low)} to {percent(high)})"
    now = f"{percent(found.since.share)} ({percent(least)} to {percent(most)})"
    said = f"Since {step}{dated(found.day)} it is heard {more} often: {before} before, {now} since."
    if found.first == found.last:
        return said
    return f"{said} It may have begun between {dated(found.first)} and {dated(found.last)}."


def group_size(one: Group) -> str:
    """How many complaints a group has, of how many, with the interval."""
    low, high = one.ends
    n = f"{one.count.said:,} of {one.count.n:,} complaints"
    return f"{n}, {percent(one.count.share)} ({percent(low)} to {percent(high)})"


def looked_at(found: Causes) -> str:
    """What was looked at, all of it or how much."""
    n, draw = count(len(found.draw.units), "answer"), found.draw
    if not draw.units:
        return "There is no answer to look at."
    rest = f"{found.said:,} of which complain of this"
    if draw.whole:
        return f"Looked at {'all ' if len(draw.units) > 1 else ''}{n}, {rest}."
    last = "the last " if draw.latest else ""
    return f"Looked at an even draw of {n} from {last}{draw.of:,}, {rest}."
