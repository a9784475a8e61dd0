"""The generating model: who meets what, what goes wrong there, and the score that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from feedback.configuration.schema import JourneyIn, StageIn, TouchpointIn
from feedback.configuration.yaml_file import read_yaml

SPREAD = 1.2
PRAISE_LIFTS = 0.5
GRUMBLE_COSTS = 0.8
P_PRAISE, P_GRUMBLE = 0.5, 0.035
P_WORDS, P_WORDS_WHEN_HURT = 0.68, 0.92
LATE = 0.75
"""From this part of the period on, planted pain points with `later` grow."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Planted(_Part):
    """A theme that goes wrong in `chance` of the responses and takes `cost` off the score."""

    theme: str
    chance: float = Field(gt=0, lt=1)
    cost: float = Field(gt=0)
    later: float = 1.0


class Place(_Part):
    """A touchpoint of the model."""

    key: str
    name: str
    weight: float = Field(gt=0)
    mood: float
    praise: list[str]
    grumble: list[str]
    planted: list[Planted] = []


class PlaceStage(_Part):
    """A stage of the model."""

    key: str
    name: str
    touchpoints: list[Place]


class World(_Part):
    """The whole made-up journey."""

    key: str
    name: str
    stages: list[PlaceStage]

    @property
    def places(self) -> list[Place]:
        """The touchpoints in order."""
        return [place for stage in self.stages for place in stage.touchpoints]

    @property
    def planted(self) -> list[tuple[int, Planted]]:
        """Every planted pain point, with the number of its touchpoint."""
        return [(number, one) for number, place in enumerate(self.places) for one in place.planted]

    def journey(self) -> JourneyIn:
        """The journey to apply to a workspace; its events are named after the touchpoints."""
        stages = [
            StageIn(
                key=stage.key,
                name=stage.name,
                touchpoints=[
                    TouchpointIn(key=place.key, name=place.name, events=[event_name(place)])
                    for place in stage.touchpoints
                ],
            )
            for stage in self.stages
        ]
        return JourneyIn(key=self.key, name=self.name, stages=stages)


def event_name(place: Place) -> str:
    """What happens at a touchpoint, as an event."""
    return f"made_up_{place.key}"


@cache
def world() -> World:
    """The journey that comes with Waymark."""
    text = (files("feedback") / "synth" / "journey.yaml").read_text(encoding="utf-8")
    return World.model_validate(read_yaml(text, "journey.yaml").data)


@dataclass(frozen=True)
class Draws:
    """N responses as arrays.

    `age` runs from 0 (the oldest) to 1; `said` holds one column per planted pain point, true
    where the response complains of it; `praise` and `grumble` are places in their touchpoint's
    lists, -1 where there is none; `speaks` is false where the score came without words.
    """

    place: NDArray[np.int64]
    age: NDArray[np.float64]
    said: NDArray[np.bool_]
    praise: NDArray[np.int64]
    grumble: NDArray[np.int64]
    speaks: NDArray[np.bool_]
    score: NDArray[np.int64]


def draw(model: World, count: int, rng: np.random.Generator) -> Draws:
    """Let `count` responses happen, oldest first."""
    places = model.places
    weights = np.array([place.weight for place in places])
    place = rng.choice(len(places), size=count, p=weights / weights.sum())
    age = np.sort(rng.random(count))
    struck = _struck(model, place, age, rng)
    praise = _chosen([place.praise for place in places], place, P_PRAISE, rng)
    praise[struck.any(axis=1)] = -1
    grumble = _chosen([place.grumble for place in places], place, P_GRUMBLE, rng)
    hurt = struck.any(axis=1) | (grumble >= 0)
    speaks = rng.random(count) < np.where(hurt, P_WORDS_WHEN_HURT, P_WORDS)
    cost = np.array([planted.cost for _, planted in model.planted])
    feeling = np.array([one.mood for one in places])[place] + rng.normal(0, SPREAD, count)
    feeling -= (struck * cost * rng.uniform(0.7, 1.3, struck.shape)).sum(axis=1)
    feeling += PRAISE_LIFTS * (praise >= 0) - GRUMBLE_COSTS * (grumble >= 0)
    score = np.clip(np.rint(feeling), 0, 10).astype(np.int64)
    return Draws(place, age, struck & speaks[:, None], praise, grumble, speaks, score)


def _struck(
    model: World, place: NDArray[np.int64], age: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.bool_]:
    columns = []
    for number, planted in model.planted:
        chance = np.where(age >= LATE, planted.chance * planted.later, planted.chance)
        columns.append((place == number) & (rng.random(len(place)) < chance))
    return np.stack(columns, axis=1)


def _chosen(
    lists: list[list[str]], place: NDArray[np.int64], chance: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """The place of a theme in its touchpoint's list, -1 in all but `chance` of the responses."""
    lengths = np.array([len(one) for one in lists])[place]
    picked = (rng.random(len(place)) * lengths).astype(np.int64)
    return np.where((rng.random(len(place)) < chance) & (lengths > 0), picked, -1)
