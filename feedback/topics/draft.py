"""A topic as the beginning of an own theme: its name, a sentence, and its central comments."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.themes.check import FEWEST_WORDS, LONGEST_EXAMPLE, LONGEST_NAME, same
from feedback.topics.out import name_of
from models.errors import NotFound
from models.reading import Comment
from models.topic import Topic, TopicComment
from nlp.redaction import redacted

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form for an own theme is filled in with."""

    name: str
    sentence: str
    examples: tuple[str, ...]


def draft(session: Session, workspace_id: int, topic_id: int) -> Draft:
    """The draft of a topic: its quotes, and where they are too short to learn from, the comments
    next to its middle; without personal data.
    """
    topic = session.get(Topic, topic_id)
    if topic is None or topic.workspace_id != workspace_id:
        raise NotFound("there is no such topic any more", mend="Choose one from the topics.")
    quoted_first = (TopicComment.quote.is_(None), TopicComment.quote, TopicComment.place)
    query = (
        select(Comment.text)
        .join(TopicComment, TopicComment.comment_id == Comment.id)
        .where(TopicComment.topic_id == topic_id)
        .order_by(*quoted_first)
    )
    examples: dict[str, str] = {}
    for text in session.scalars(query):
        shown = redacted(text).strip()[:LONGEST_EXAMPLE]
        if len(examples) < EXAMPLES and _tells_enough(shown):
            examples.setdefault(same(shown), shown)
    said = ", ".join(topic.words[:-1]) + " or " if len(topic.words) > 1 else ""
    sentence = f"What customers say of {said}{topic.words[-1] if topic.words else 'it'}."
    return Draft(name_of(topic.words)[:LONGEST_NAME], sentence, tuple(examples.values()))


def _tells_enough(text: str) -> bool:
    words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
    return len(words) >= FEWEST_WORDS
