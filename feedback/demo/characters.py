"""The demo's customers: what happens to them and how they answer; pure, from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from feedback.demo.words import FIRST_NAMES, ITEMS, JOYS, MEH, MISREADS, PAINS

# What is planted: at which touchpoint, which pain, how often. The README names the first three.
PLANTED: dict[str, dict[str, float]] = {
    "parcel": {"late": 0.42, "damaged": 0.05},
    "return": {"refund": 0.62},
    "support_call": {"phone": 0.7},
    "checkout": {"website": 0.04},
    "first_weeks": {},
}
EVENT_OF = {
    "checkout": "order_completed",
    "parcel": "parcel_delivered",
    "support_call": "support_call_ended",
    "return": "return_closed",
    "first_weeks": "plant_settled",
}
CHANCE_OF = {"checkout": 1.0, "parcel": 0.96, "support_call": 0.4, "return": 0.4}
SCORE_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True)
class Moment:
    """Something that happens to a customer `after` seconds, and the pain felt there, if any."""

    touchpoint: str
    after: float
    pain: str | None


@dataclass(frozen=True)
class Character:
    """One customer, with the life that lies before them."""

    id: str
    first_name: str
    phone: str
    item: str
    member: bool
    answers: bool
    style: str
    moments: tuple[Moment, ...]

    @property
    def email(self) -> str | None:
        """An address that nobody has; two in three gave one."""
        given = Random(f"email:{self.id}").random() < 2 / 3  # noqa: S311
        return f"{self.first_name.lower()}.{self.id}@mail.example" if given else None

    def payload(self) -> dict[str, Any]:
        """The customer as an event carries it."""
        return {
            "id": self.id,
            "phone": self.phone,
            "email": self.email,
            "locale": "en-GB",
            "timezone": "Europe/London",
            "attributes": {
                "first_name": self.first_name,
                "member": self.member,
                "orders": 1 if not self.member else 4,
            },
        }

    def moment(self, touchpoint: str) -> Moment | None:
        """What happened to this customer at a touchpoint."""
        return next((moment for moment in self.moments if moment.touchpoint == touchpoint), None)


CAST = 999
STYLES = ("plain", "word", "with_reason", "slash", "misread", "finishes_on_web")
STYLE_WEIGHTS = (46, 8, 20, 8, 8, 10)


def _pain(touchpoint: str, rng: Random) -> str | None:
    roll = rng.random()
    for pain, chance in PLANTED[touchpoint].items():
        if roll < chance:
            return pain
        roll -= chance
    return None


def _life(rng: Random) -> tuple[Moment, ...]:
    moments, at = [], 0.0
    for touchpoint, chance in CHANCE_OF.items():
        if rng.random() < chance:
            moments.append(Moment(touchpoint, at, _pain(touchpoint, rng)))
            at += rng.uniform(14, 22)
    moments.append(Moment("first_weeks", at, None))
    return tuple(moments)


def make(number: int, seed: int) -> Character:
    """The `number`-th to order; after 999 the first come back, to live another day.

    Their phones are +44 7700 900001 to 900999, numbers kept free for drama.
    """
    place = number % CAST + 1
    person = Random(f"{seed}:{place}")  # noqa: S311 - a play, not a secret
    day = Random(f"{seed}:{number}:day")  # noqa: S311
    return Character(
        id=f"customer-{place}",
        first_name=person.choice(FIRST_NAMES),
        phone=f"+447700900{place:03d}",
        member=person.random() < 0.4,
        style=person.choices(STYLES, STYLE_WEIGHTS)[0],
        item=day.choice(ITEMS),
        answers=day.random() < 0.75,
        moments=_life(day),
    )


def score(moment: Moment, top: int, rng: Random) -> int:
    """The score felt at a moment on a scale that ends at `top`."""
    if moment.pain:
        felt = rng.choices((0.05, 0.3, 0.5, 0.7), (40, 35, 15, 10))[0]
    else:
        felt = rng.choices((0.5, 0.8, 1.0), (8, 32, 60))[0]
    return max(round(felt * top), 0 if top == 10 else 1)


def reason(moment: Moment, value: int, top: int, rng: Random) -> str:
    """Why, in the customer's own words."""
    if moment.pain:
        return rng.choice(PAINS[moment.pain])
    return rng.choice(MEH if value <= top * 0.6 else JOYS[moment.touchpoint])


def first_reply(character: Character, value: int, why: str) -> str:
    """How this customer writes a score by SMS."""
    match character.style:
        case "word":
            return SCORE_WORDS.get(value, str(value))
        case "with_reason":
            return f"{value} - {why}"
        case "slash":
            return f"{value}/5"
        case _:
            return str(value)


def misread(rng: Random) -> str:
    """What somebody writes who did not look at the question."""
    return rng.choice(MISREADS)


def top_of(event: str) -> int:
    """The highest score of the survey that follows an event."""
    return 10 if event == "plant_settled" else 5


def moment_of(person: Character, event: str) -> Moment | None:
    """What somebody lives through when this happens."""
    by_event = {name: touchpoint for touchpoint, name in EVENT_OF.items()}
    return person.moment(by_event.get(event, ""))
