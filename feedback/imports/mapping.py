"""What a mapping file says of a CSV: which column means what. Checked before a row is read."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import model_validator as checked

from feedback.api.schemas import Zone, refuse
from feedback.configuration.journeys import filled
from feedback.configuration.parts import EventName, Key, Name
from feedback.configuration.problems import ConfigurationError, of_schema
from feedback.configuration.schema import JourneyIn
from feedback.configuration.yaml_file import Document, read_yaml
from models.errors import InvalidInput, NotFound
from surveys.questions.base import Key as QuestionKey

_KEY = 60
Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CustomerColumns(_Part):
    """Who answered: the column of their id, and attributes kept for segments."""

    id: Column
    attributes: dict[str, Column] = {}


class When(_Part):
    """When it happened. A date without a time counts as noon of that day in `timezone`.

    `formats` are tried in order (strptime's codes), so that a file whose months and days
    changed places half-way can be read; the first that fits wins.
    """

    column: Column
    formats: list[str] = Field(default=["%Y-%m-%d"], min_length=1)
    timezone: Zone = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """The zone, loaded."""
        return ZoneInfo(self.timezone)


class Where(_Part):
    """Which touchpoint a row speaks of: its column, and the key each value stands for.

    With `create`, a value without a key makes a touchpoint of its own in the last stage.
    """

    column: Column
    values: dict[str, Key | None] = {}
    create: bool = False


class Measure(_Part):
    """The question that gives a score: its column, its scale and which end is the good one.

    `values` turns texts into numbers ("Very good": 1); `dont_know` lists values that are no
    answer on the scale, and an empty one is none either.
    """

    column: Column
    metric: Literal["nps", "csat", "ces"]
    key: QuestionKey = "score"
    text: Annotated[str, StringConstraints(min_length=1, max_length=480)]
    scale: int | None = None
    direction: Literal["higher_is_better", "lower_is_better"] = "higher_is_better"
    values: dict[str, int] = {}
    dont_know: list[str] = []


class Words(_Part):
    """A column of comments; what was asked stands in `question_column` or in `question`."""

    column: Column
    question: Annotated[str, StringConstraints(min_length=1, max_length=480)] | None = None
    question_column: Column | None = None
    not_comments: list[str] = []

    @checked(mode="after")
    def _one_question(self) -> Self:
        if (self.question is None) == (self.question_column is None):
            raise refuse("needs a question", "Give question: or question_column:, not both.")
        return self


class Mapping(_Part):
    """A whole mapping. Rows that agree in the `response` columns are one response."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,32}$")]
    title: Name | None = None
    encoding: str = "utf-8-sig"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    channel: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")] = "import"
    language: Annotated[str, StringConstraints(max_length=35)] | None = None
    event: EventName | None = None
    customer: CustomerColumns | None = None
    response: list[Column] = []
    occurred_at: When
    touchpoint: Where | None = None
    score: Measure | None = None
    comments: list[Words] = []
    journey: JourneyIn | None = None

    @checked(mode="after")
    def _whole(self) -> Self:
        if self.score is None and not self.comments:
            raise refuse("has neither score nor comments", "Add score:, comments: or both.")
        if self.touchpoint and self.journey is None:
            raise refuse("has touchpoint but no journey", "Add journey: with key and stages.")
        wanted = set(filter(None, self.touchpoint.values.values())) if self.touchpoint else set()
        missing = sorted(wanted - self.touchpoint_keys)
        if missing:
            what = f"names touchpoints the journey hasn't: {', '.join(missing)}"
            raise refuse(what, "Add them to a stage of journey:.")
        return self

    @property
    def source(self) -> str:
        """Where the rows come from, as it is stored with each of them."""
        return f"import:{self.name}"

    @property
    def touchpoint_keys(self) -> set[str]:
        """The touchpoints of the journey."""
        stages = filled(self.journey).stages if self.journey else []
        return {touchpoint.key for stage in stages for touchpoint in stage.touchpoints}

    @property
    def columns(self) -> list[str]:
        """Every column the file must have."""
        named: list[str | None] = [self.occurred_at.column, *self.response]
        if self.customer:
            named += [self.customer.id, *self.customer.attributes.values()]
        named += [part.column for part in (self.touchpoint, self.score) if part]
        for words in self.comments:
            named += [words.column, words.question_column]
        return list(dict.fromkeys(name for name in named if name))


def slug(text: str, fallback: str) -> str:
    """A key made of a text: `How could we improve?` is `how_could_we_improve`."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if not words[:1].isalpha():
        words = f"{fallback}_{words}".rstrip("_")
    if len(words) <= _KEY and words != fallback:
        return words
    # what was cut off, or could not be written as a key, still tells two texts apart
    return f"{words[: _KEY - 9]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file; what is wrong with it is listed at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound("there is no such file", field=str(path), mend="Check --mapping.") from error
    except UnicodeDecodeError as error:
        mend = "Save the mapping as UTF-8."
        raise InvalidInput("is not UTF-8 text", field=str(path), mend=mend) from error
    return parse_mapping(read_yaml(text, path.name))


def parse_mapping(document: Document) -> Mapping:
    """The mapping a document holds."""
    try:
        return Mapping.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(of_schema(error), document.places) from error
