"""What is said to the team: one shape for e-mail, plain text, webhooks and the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.pages.accent import Accent, accent

QUOTES = 3
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """The value against its range on the stretch of the scale that holds both, 0 to 100."""

    low: int
    high: int
    value: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: what happened in a heading and a sentence, its figures, what customers said.

    `weight` orders them: how far beyond the range, as a share of the scale.
    """

    title: str
    sentence: str
    figures: str
    link: str
    look: str
    mark: str = ""
    quotes: tuple[str, ...] = ()
    bar: Bar | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What every message of a workspace has about it; `settings` is where one chooses."""

    company: str
    settings: str
    colours: Accent


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; `more` says what was left out, `foot` why one gets it."""

    subject: str
    title: str
    lead: str
    items: tuple[Item, ...]
    link: str
    look: str
    foot: str
    frame: Frame
    more: str = ""

    def heading(self, item: Item) -> str:
        """An item's own heading; none where the whole message has it already."""
        return "" if item.title == self.title else item.title


def bar(low: float | None, high: float | None, value: float | None) -> Bar | None:
    """The range and the value as places of a bar; None where one of them is unknown."""
    if low is None or high is None or value is None:
        return None
    least, most = min(low, value), max(high, value)
    room = (most - least) * 0.12 or 1.0
    start, whole = least - room, most - least + 2.0 * room

    def place(number: float) -> int:
        return round(_WIDTH * (number - start) / whole)

    return Bar(place(low), max(place(low) + 1, place(high)), place(value))


def colours(accent_of_workspace: str) -> Accent:
    """The workspace's accent, as dark or light as reading needs."""
    return accent(accent_of_workspace)


def one_line(text: str) -> str:
    """Without line ends and the like: safe in a header, sensible in a heading."""
    return " ".join(text.split())


def shortened(text: str, longest: int) -> str:
    """At most so many characters, the last an … when cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
