"""Comments in plain English about the themes they are meant to be about."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ITEMS = ("lamp", "kettle", "chair", "jacket", "desk", "rug", "blender", "bag", "mirror", "shelf")
TIMES = ("twice", "three times", "again and again", "four times")
_ENDS = (".", ".", ".", "!", "")
_JOINTS = (". ", ". ", ", and ", "; ")

About = tuple[str, str]
"""A theme and a sentiment."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment, and the stretch [start, end) that speaks of each theme with its sentiment."""

    text: str
    mentions: tuple[tuple[int, int, str, str], ...]


@cache
def sentences() -> dict[About, tuple[str, ...]]:
    """Our sentences by theme and sentiment."""
    text = (files("feedback") / "synth" / "sentences.csv").read_text(encoding="utf-8")
    found: dict[About, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault((row["theme"], row["sentiment"]), []).append(row["text"])
    return {about: tuple(texts) for about, texts in found.items()}


def speak(abouts: Sequence[About], dice: random.Random) -> Spoken:
    """One comment about all of the themes, worded anew each time."""
    known = sentences()
    text = ""
    mentions = []
    for place, about in enumerate(abouts):
        sentence = _filled(dice.choice(known[about]), dice)
        joint = dice.choice(_JOINTS) if place else ""
        # a name of our own or "I" keeps its capital in the middle of a sentence
        if place and joint != ". " and not sentence.startswith(("I ", "I'")):
            sentence = sentence[0].lower() + sentence[1:]
        start = len(text) + len(joint)
        text += joint + sentence
        mentions.append((start, len(text), *about))
    return Spoken(_typed(text, dice), tuple(mentions))


def _filled(sentence: str, dice: random.Random) -> str:
    if "{" not in sentence:
        return sentence
    return (
        sentence.replace("{item}", dice.choice(ITEMS))
        .replace("{days}", str(dice.randint(3, 19)))
        .replace("{minutes}", str(dice.randint(3, 55)))
        .replace("{twice}", dice.choice(TIMES))
    )


def _typed(text: str, dice: random.Random) -> str:
    """As people type: sometimes all small, not always a full stop; never longer inside."""
    if dice.random() < 0.15:
        text = text.lower()
    return text + dice.choice(_ENDS)
