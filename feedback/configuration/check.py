"""Checking a configuration as a whole: every reference, every key, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from feedback.configuration.alerts import alert_problems
from feedback.configuration.contact_rules import exclusion_problems
from feedback.configuration.experiments import experiment_problems
from feedback.configuration.goals import goal_problems
from feedback.configuration.journeys import filled, template_problems
from feedback.configuration.problems import Problem, of_schema, steps
from feedback.configuration.quotas import quota_problems
from feedback.configuration.schema import Configuration, JourneyIn, SurveySettings
from feedback.configuration.themes import theme_problems
from feedback.configuration.trigger_check import (
    campaign_problems,
    filter_problems,
    trigger_key,
    trigger_problems,
)
from feedback.configuration.whatsapp import whatsapp_problems
from feedback.configuration.yaml_file import Path
from surveys.definition import DefinitionError, SurveyDefinition, parse_definition

_SETTINGS = tuple(SurveySettings.model_fields)


@dataclass(frozen=True)
class Known:
    """What the workspace holds already; touchpoints and event names say whose journey they are."""

    surveys: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A configuration that may be applied: templates filled in, surveys parsed."""

    config: Configuration
    journeys: tuple[JourneyIn, ...]
    surveys: tuple[tuple[SurveyDefinition, SurveySettings], ...]


def check(data: Any, known: Known) -> tuple[Plan | None, list[Problem]]:
    """The plan, and everything that is wrong with it; one that has problems is not used."""
    problems: list[Problem] = []
    try:
        config = Configuration.model_validate(data)
    except ValidationError as error:
        problems = of_schema(error)
        # surveys are read by themselves, so their faults can be told with the others
        surveys = data.get("surveys") if isinstance(data, Mapping) else None
        if isinstance(surveys, list):
            _surveys([one for one in surveys if isinstance(one, dict)], problems)
        return None, problems
    surveys_read = _surveys(config.surveys, problems)
    problems += [*template_problems(config.journeys), *goal_problems(config.goals)]
    journeys = tuple(filled(one) for one in config.journeys if _fillable(one, problems))
    if not problems:
        problems += _journey_problems(journeys, known)
    keys = known.surveys | {str(one.get("key")) for one in config.surveys}
    problems += _twice("triggers", [trigger_key(trigger) for trigger in config.triggers])
    problems += trigger_problems(config.triggers, keys)
    problems += _twice("campaigns", [campaign.key for campaign in config.campaigns])
    segments = known.segments | {segment.key for segment in config.segments}
    problems += campaign_problems(config.campaigns, keys, segments)
    problems += _segment_problems(config)
    problems += _contact_problems(config, keys, known)
    problems += _twice("themes", [theme.key for theme in config.themes])
    problems += theme_problems(config.themes)
    problems += alert_problems(config.alerts)
    return Plan(config, journeys, tuple(surveys_read)), problems


def _fillable(journey: JourneyIn, problems: Iterable[Problem]) -> bool:
    return not any(problem.path[-1:] == ("template",) for problem in problems)


def _surveys(
    listed: list[dict[str, Any]], problems: list[Problem]
) -> list[tuple[SurveyDefinition, SurveySettings]]:
    read = []
    for place, raw in enumerate(listed):
        at: Path = ("surveys", place)
        bare = {key: value for key, value in raw.items() if key not in _SETTINGS}
        try:
            settings = SurveySettings.model_validate(
                {key: raw[key] for key in _SETTINGS if key in raw}
            )
            definition = parse_definition(bare)
            problems += whatsapp_problems(settings.whatsapp, definition, at)
            read.append((definition, settings))
        except ValidationError as error:
            problems += of_schema(error, at)
        except DefinitionError as error:
            problems += [
                Problem((*at, *steps(one.path)), one.what, one.mend) for one in error.problems
            ]
    problems += _twice("surveys", [str(raw.get("key")) for raw in listed])
    return read


def _twice(section: str, keys: list[str]) -> Iterator[Problem]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield Problem((section, place, "key"), f"{key!r} is used twice", "Choose another key.")


def _journey_problems(journeys: tuple[JourneyIn, ...], known: Known) -> Iterator[Problem]:
    yield from _twice("journeys", [journey.key for journey in journeys])
    own = {journey.key for journey in journeys}
    touchpoints = {key: owner for key, owner in known.touchpoints.items() if owner not in own}
    events = {name: owner for name, owner in known.events.items() if owner not in own}
    for place, journey in enumerate(journeys):
        at: Path = ("journeys", place, "stages")
        stages = [stage.key for stage in journey.stages]
        for number, stage in enumerate(journey.stages):
            if stage.key in stages[:number]:
                yield Problem((*at, number), f"{stage.key!r} is used twice", "Choose another key.")
            for index, point in enumerate(stage.touchpoints):
                here: Path = (*at, number, "touchpoints", index)
                yield from _taken(touchpoints, point.key, journey.key, (*here, "key"))
                for spot, event in enumerate(point.events):
                    yield from _taken(events, event, point.key, (*here, "events", spot))


def _taken(owners: dict[str, str], key: str, owner: str, path: Path) -> Iterator[Problem]:
    if key in owners:
        what = f"{key!r} belongs to {owners[key]!r} already"
        yield Problem(path, what, "Each may stand in one place only; take it out of one.")
    owners[key] = owner


def _segment_problems(config: Configuration) -> Iterator[Problem]:
    yield from _twice("segments", [segment.key for segment in config.segments])
    for place, segment in enumerate(config.segments):
        yield from filter_problems(segment.filter, ("segments", place))


def _contact_problems(
    config: Configuration, surveys: frozenset[str], known: Known
) -> Iterator[Problem]:
    if config.workspace:
        yield from exclusion_problems(config.workspace.exclude)
    segments = known.segments | {segment.key for segment in config.segments}
    yield from _twice("quotas", [quota.key for quota in config.quotas])
    yield from quota_problems(config.quotas, surveys, segments)
    yield from _twice("experiments", [one.key for one in config.experiments])
    yield from experiment_problems(config.experiments, surveys)
