"""The job: a candidate is learned where there is enough, and history marked where asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from feedback import rereading
from feedback.adapting import decide
from feedback.adapting.lessons import Material, material
from feedback.adapting.rows import LEAST, Shipped, asked, due, model_name, reads
from models.errors import Conflict
from models.model_version import ModelVersion
from nlp.adapting.adapt import ADAPTED, Adapted, adapted
from nlp.adapting.compare import changed, compared
from nlp.adapting.lesson import Seen, seen
from nlp.adapting.read import Found, found, wrong
from nlp.adapting.stored import laid_over, to_json
from nlp.heads import Head
from nlp.reader import Reader

EXAMPLES = 12
NOTHING = "Nothing would be read better, so today's model stays."

log = structlog.get_logger(__name__)


def learn_next(session: Session, reader: Callable[[], Reader], now: Callable[[], datetime]) -> int:
    """Mark history that waits to be read again, or learn where there is enough; commits.

    How much was done, 0 where nothing is owed; killed half-way, the next call does it.
    """
    waiting = asked(session)
    if waiting is not None:
        model = model_name(session, waiting.workspace_id, base_of(reader()))
        rereading.mark(session, waiting.workspace_id, model, now())
        waiting.reread_asked_at = None
        session.commit()
        return 1
    workspace_id = due(session, base_of(reader()))
    if workspace_id is None:
        return 0
    learn(session, workspace_id, reader(), now)
    return 1


def base_of(reader: Reader) -> Shipped:
    """The model as it is before anything is learned."""
    return Shipped(reader.model, reader.info.weights)


def learn(
    session: Session, workspace_id: int, reader: Reader, now: Callable[[], datetime]
) -> ModelVersion:
    """Learn a candidate from all corrections of a workspace, and keep it or why there is none.

    Refused below LEAST corrected comments.
    """
    given = material(session, workspace_id)
    if given.learned_to is None or len(given.lessons) < LEAST:
        message = f"{len(given.lessons)} comments are corrected, {LEAST} are needed"
        raise Conflict(message, mend="Correct or confirm more of them.")
    encoder, shipped = reader.parts()
    current = reads(session, workspace_id, base_of(reader))
    session.commit()
    # numpy's threads would take every core from the lane that reads, and gain next to nothing
    with threadpool_limits(1):
        lessons, others = seen(given.lessons, given.others, encoder)
        result = adapted(lessons, others, shipped)
    heads = today_heads(shipped, current, reader.info.weights)
    unseen = [
        one for one in lessons if current is None or given.said_at[one.key] > current.learned_to
    ]
    version = ModelVersion(
        workspace_id=workspace_id,
        state="candidate" if result.moved else "failed",
        reason=None if result.moved else NOTHING,
        base=reader.model,
        weights=reader.info.weights,
        heads=to_json(result.heads, result.moved) if result.moved else None,
        counts=_counts(given, lessons, others),
        figures=_figures(result, unseen, others, heads) if result.moved else {},
        learned_to=given.learned_to,
        created_at=now(),
    )
    decide.add(session, version, now())
    log.info("learned", workspace=workspace_id, version=version.name, state=version.state)
    return version


def today_heads(
    shipped: Mapping[str, Head], current: ModelVersion | None, weights: str
) -> dict[str, Head]:
    """The heads that read today."""
    if current is None:
        return dict(shipped)
    return {**shipped, **laid_over(shipped, current.heads or {}, current.weights, weights)}


def _counts(given: Material, lessons: Sequence[Seen], others: Sequence[Seen]) -> dict[str, Any]:
    """How many comments taught, and in how many each label was spoken of."""
    spoken = Counter(label for one in given.lessons for label in one.said)
    confirmed = sum(one.whole for one in given.lessons)
    return {
        "lessons": len(lessons),
        "confirmed": confirmed,
        "others": len(others),
        "spoken": dict(sorted(spoken.items())),
    }


def _figures(
    result: Adapted, lessons: Sequence[Seen], others: Sequence[Seen], heads: Mapping[str, Head]
) -> dict[str, Any]:
    """Both models on comments held out, and where they differ."""
    today = {one.key: found(heads, one.vectors) for one in (*lessons, *others)}
    new = result.held_out
    themes = result.moved.get("themes", ())
    figures = compared(lessons, others, today, new, result.share, themes)
    differing = [one for one in lessons if today[one.key] != new[one.key]]
    return {
        "figures": [figure.to_json() for figure in figures],
        "changed": [changed(others, today, new), len(others)],
        "moved": {name: list(labels) for name, labels in result.moved.items()},
        "strengths": result.strengths,
        "examples": [
            _example(one, today[one.key], new[one.key]) for one in differing[-EXAMPLES:][::-1]
        ],
    }


def _example(one: Seen, today: Found, new: Found) -> dict[str, Any]:
    """A comment on which the two differ, by its id; its words are not copied."""
    errors = [sum(wrong(name, read, one.lesson) for name in ADAPTED) for read in (today, new)]
    people = one.lesson
    return {
        "comment": one.key,
        "today": _shown(today.sentiment, today.themes, today.urgent),
        "new": _shown(new.sentiment, new.themes, new.urgent),
        "people": _shown(people.sentiment, people.themes, people.urgent) if people else {},
        "better": errors[0] - errors[1],
    }


def _shown(sentiment: str | None, themes: frozenset[str], urgent: bool) -> dict[str, Any]:
    return {"sentiment": sentiment, "themes": sorted(themes), "urgent": urgent}
