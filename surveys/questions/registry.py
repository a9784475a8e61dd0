"""All question types as one union, told apart by `type`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from surveys.questions.ces import CesQuestion
from surveys.questions.choice import ChoiceQuestion
from surveys.questions.csat import CsatQuestion
from surveys.questions.nps import NpsQuestion
from surveys.questions.text import TextQuestion
from surveys.questions.yes_no import YesNoQuestion

Question = Annotated[
    NpsQuestion | CsatQuestion | CesQuestion | YesNoQuestion | ChoiceQuestion | TextQuestion,
    Field(discriminator="type"),
]
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
TYPES = ("nps", "csat", "ces", "yes_no", "choice", "text")
METRICS = ("nps", "csat", "ces")
