"""The pages' own stylesheet for pictures that stand alone: the same rules, light, without names.

A picture in a file has no page around it, and renderers know no custom properties: so the rules
of charts are taken from app.css with their tokens filled in. No colour is written twice.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SHEET = Path(__file__).parents[1] / "static" / "app.css"
FONTS = '"Noto Sans", "Noto Emoji", sans-serif'
_TOKEN = re.compile(r"--([\w-]+):\s*([^;}]+)")
_USED = re.compile(r"var\(--([\w-]+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PARTS = re.compile(r"^\.(chart|forest)[ .]")
_FONT = re.compile(r"font:\s*([\d.]+px)[^;}]*")


@cache
def chart_style() -> str:
    """The rules for `.chart` and `.forest`, ready for a `<style>` inside an SVG."""
    sheet = re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    tokens = {name: value.strip() for name, value in _TOKEN.findall(sheet.partition("@media")[0])}
    found = []
    for selectors, body in _RULE.findall(sheet):
        kept = [one.strip() for one in selectors.split(",") if _PARTS.match(one.strip())]
        if kept:
            filled = _USED.sub(lambda match: tokens.get(match[1], "#000000"), body.strip())
            filled = _FONT.sub(rf"font-size: \1; font-family: {FONTS}", filled)
            found.append(f"{', '.join(kept)} {{ {filled} }}")
    return "\n".join(found)
