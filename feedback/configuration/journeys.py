"""Journeys of a configuration: templates filled in, and what is laid over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from feedback.configuration.problems import Problem
from feedback.configuration.schema import JourneyIn, StageIn, TouchpointIn
from feedback.configuration.yaml_file import Path, read_yaml

_FOLDER = files("feedback") / "journey_templates"


@cache
def template_names() -> tuple[str, ...]:
    """The templates that come with Waymark."""
    found = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


@cache
def template(name: str) -> JourneyIn:
    """A journey template by name (see template_names)."""
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return JourneyIn.model_validate({"key": name, **read_yaml(text, name).data})


def template_problems(journeys: list[JourneyIn]) -> Iterator[Problem]:
    """Templates nobody ships, journeys without a stage, events for unknown touchpoints."""
    for place, journey in enumerate(journeys):
        at: Path = ("journeys", place)
        if journey.template is not None and journey.template not in template_names():
            known = ", ".join(template_names())
            what = f"there is no template {journey.template!r}"
            yield Problem((*at, "template"), what, f"Use one of {known}.")
            continue
        stages = filled(journey).stages
        if not stages:
            mend = "Write stages:, or template: with one of " + ", ".join(template_names())
            yield Problem((*at, "stages"), "is empty", f"{mend}.")
        keys = {touchpoint.key for stage in stages for touchpoint in stage.touchpoints}
        for unknown in sorted(set(journey.events) - keys):
            what = f"there is no touchpoint {unknown!r} in this journey"
            yield Problem((*at, "events", unknown), what, f"Use one of {', '.join(sorted(keys))}.")


def filled(journey: JourneyIn) -> JourneyIn:
    """The journey with its template's stages, its own laid over them, and all event names."""
    base = template(journey.template) if journey.template else None
    own = {stage.key: stage for stage in journey.stages}
    stages = [own.pop(stage.key, stage) for stage in base.stages] if base else []
    stages += [stage for stage in journey.stages if stage.key in own]
    name = journey.name or (base.name if base else None)
    with_events = [_with_events(stage, journey.events) for stage in stages]
    return JourneyIn(key=journey.key, name=name, stages=with_events)


def _with_events(stage: StageIn, events: Mapping[str, list[str]]) -> StageIn:
    touchpoints = [
        TouchpointIn(
            key=touchpoint.key,
            name=touchpoint.name,
            events=[*touchpoint.events, *events.get(touchpoint.key, ())],
        )
        for touchpoint in stage.touchpoints
    ]
    return StageIn(key=stage.key, name=stage.name, touchpoints=touchpoints)
