"""The flow engine: one pure function from state and input to the next step, SMS and web alike.

Where a customer stands is worked out from what they answered, so that going back to revise an
answer needs no special case: answers on a way no longer taken are kept, but not followed.
"""

from __future__ import annotations

from dataclasses import replace

from surveys.definition import SurveyDefinition
from surveys.flow_route import route
from surveys.flow_say import filled
from surveys.flow_step import Flow
from surveys.flow_types import (
    Again,
    Context,
    Farewell,
    Input,
    Prompt,
    Remark,
    Reply,
    Saved,
    Say,
    Skip,
    State,
    Step,
    Value,
)

__all__ = [
    "Again",
    "Context",
    "Farewell",
    "Input",
    "Prompt",
    "Remark",
    "Reply",
    "Saved",
    "Say",
    "Skip",
    "State",
    "Step",
    "Value",
    "advance",
    "current",
    "route",
    "start",
]


def start(definition: SurveyDefinition, context: Context) -> Step:
    """The first question, with the intro where there is one."""
    step = Flow(definition, State(), context).go_on()
    if definition.intro is None or not isinstance(step.say, Prompt):
        return step
    intro = filled(definition, definition.intro, State(), context)
    return replace(step, say=replace(step.say, intro=intro))


def current(definition: SurveyDefinition, state: State, context: Context) -> Step:
    """The step a customer stands at, nothing changed: to show a page, or to send again."""
    return Flow(definition, state, context).go_on()


def advance(definition: SurveyDefinition, state: State, given: Input, context: Context) -> Step:
    """Take one input; never raises on what a customer sends, and loses none of it."""
    begun = state.current is not None or state.finished
    ready = state if begun else Flow(definition, State(), context).stood()
    flow = Flow(definition, ready, context)
    if isinstance(given, Value):
        return flow.take_value(given)
    if isinstance(given, Skip):
        return flow.skip(given.question or ready.current)
    if isinstance(given, Remark):
        return flow.take_remark(given)
    return flow.take_reply(given)
