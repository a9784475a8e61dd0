"""What the parts of a configuration file are made of: keys, names, spans of time."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text

from feedback.configuration.spans import seconds

Key = Annotated[str, Text(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Name = Annotated[str, Text(min_length=1, max_length=120)]
EventName = Annotated[str, Text(min_length=1, max_length=120)]
Seconds = Annotated[int, BeforeValidator(seconds)]
Days = Annotated[float, Field(ge=0, le=3650)]


class Part(BaseModel):
    """What every part of a file has in common: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
