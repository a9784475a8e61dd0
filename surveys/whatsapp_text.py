"""What the places of a template take: a question on one line."""

from __future__ import annotations

from surveys.flow_types import Again, Farewell, Prompt, Say


def in_one_line(say: Say) -> str:
    """A question with its options and hint, without line breaks, which no place may hold."""
    if isinstance(say, Farewell):
        return " ".join(say.text.split())
    prompt = say.prompt if isinstance(say, Again) else say
    parts = (prompt.text, _options(prompt), prompt.hint)
    return " ".join(" ".join(part for part in parts if part).split())


def _options(prompt: Prompt) -> str:
    if prompt.question.type != "choice":
        return ""
    listed = (f"{place} {option.label}" for place, option in enumerate(prompt.options, 1))
    return f"({', '.join(listed)})"
