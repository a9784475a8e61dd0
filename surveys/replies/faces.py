"""A face as an answer to a question about satisfaction: the five of a smiley scale."""

from __future__ import annotations

import re

from surveys.answers import NotUnderstood, Parsed, Reading, Reason
from surveys.language_pack import Pack
from surveys.replies.comment import comment_around
from surveys.replies.text import Tidy

_FACES = (
    "\U0001f621\U0001f620\U0001f92c\U0001f62d\U0001f92e\U0001f624",
    "\u2639\U0001f641\U0001f61e\U0001f61f\U0001f614\U0001f615\U0001f622\U0001f612\U0001f625",
    "\U0001f610\U0001f611\U0001f636",
    "\U0001f642\U0001f60a\u263a\U0001f60c",
    "\U0001f600\U0001f603\U0001f604\U0001f601\U0001f606\U0001f60d\U0001f929\U0001f970",
)
_POINTS = {face: point for point, faces in enumerate(_FACES, 1) for face in faces}
_TYPED = {"(": 2, "|": 3, ")": 4, "]": 4, "d": 5}
_ONE = rf"(?:[:=;]-?[()|\]dD](?!\w)|[{''.join(_POINTS)}])"
_FACE = re.compile(_ONE)
_DRAWN = re.compile(rf"\s*(?:{_ONE}\s*)+")


def read_face(tidied: Tidy, known: Pack) -> Reading | None:
    """The point of the faces that stand first, words after them kept; two kinds are a doubt."""
    drawn = _DRAWN.match(tidied.text)
    if drawn is None or any(char.isdigit() for char in tidied.text):
        return None
    points = {_point(face) for face in _FACE.findall(tidied.text)}
    if len(points) > 1:
        return NotUnderstood(Reason.AMBIGUOUS)
    return Parsed(points.pop(), comment_around(tidied, 0, drawn.end(), known))


def _point(face: str) -> int:
    return _POINTS.get(face) or _TYPED[face[-1].lower()]
