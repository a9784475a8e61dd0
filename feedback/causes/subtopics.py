"""What a pain point's complaints are about: groups of them, each with its share and a quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.causes.said import Told
from feedback.reporting.evidence import READABLE, shortened
from feedback.reporting.segments import one_of_ids
from feedback.statistics.intervals import Interval, wilson
from feedback.statistics.two_shares import Count
from feedback.topics.sources import bare
from models.meaning import CommentMeaning
from nlp.meaning import unpacked
from nlp.subtopics import Subtopic, subtopics


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints about much the same: their telling words, how many of those compared, a quote.

    `text` is the quote, without personal data: a complaint at the middle of the group.
    """

    words: tuple[str, ...]
    count: Count
    quoted: Told
    text: str

    @property
    def ends(self) -> Interval:
        """The 95% interval of the share (Wilson), as if the complaints were drawn at random."""
        return wilson(self.count.said, self.count.n)


def groups(session: Session, told: Sequence[Told]) -> list[Group]:
    """Two to six groups of some complaints, largest first; [] where they hold together in none.

    Compared are those whose vectors are kept (read, in English), each text once.
    """
    vectors = _vectors(session, told)
    once: dict[str, Told] = {}
    for one in sorted(told, key=lambda one: one.id):
        if one.id in vectors:
            once.setdefault(one.text_hash, one)
    kept = list(once.values())
    texts = [bare(one.text) for one in kept]
    found = subtopics(texts, unpacked([vectors[one.id] for one in kept]))
    return [_group(one, kept) for one in found]


def _vectors(session: Session, told: Sequence[Told]) -> dict[int, bytes]:
    """The vectors that are kept of these comments, of the encoder that most are of."""
    query = select(CommentMeaning.comment_id, CommentMeaning.encoder, CommentMeaning.vector)
    mine = one_of_ids(session, CommentMeaning.comment_id, [one.id for one in told])
    rows = session.execute(query.where(mine)).all()
    many = Counter(row.encoder for row in rows)
    usual = max(many, key=lambda name: (many[name], name), default="")
    return {row.comment_id: row.vector for row in rows if row.encoder == usual}


def _group(one: Subtopic, told: Sequence[Told]) -> Group:
    folded = [word.casefold() for word in one.words]

    def unfit(place: int) -> bool:
        text = told[place].text
        named = any(word in text.casefold() for word in folded)
        return not (named and READABLE[0] <= len(text) <= READABLE[1])

    quoted = told[min(one.members, key=unfit)]
    return Group(one.words, Count(len(one.members), len(told)), quoted, shortened(quoted))
