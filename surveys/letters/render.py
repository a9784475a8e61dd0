"""A letter as HTML: tables and inline colours, for mail programs know little else."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, Template

from surveys.letters.letter import Letter
from surveys.pages.accent import accent

MOST_IN_A_ROW = 6


def html(sent: Letter) -> str:
    """The HTML part; nothing in it is loaded from outside, and nothing tells that it was read."""
    answers = sent.answers
    # half and half where a phone's width doesn't take one row
    per_row = len(answers) if len(answers) <= MOST_IN_A_ROW else (len(answers) + 1) // 2
    size = max(per_row, 1)
    rows = [answers[at : at + size] for at in range(0, len(answers), size)]
    colour = accent(sent.accent)
    return _template().render(
        letter=sent,
        words=sent.words,
        rows=rows,
        per_row=per_row,
        colour=colour.light,
        on=colour.on_light,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("surveys", "letters/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
