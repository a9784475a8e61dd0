"""From what was found to its JSON shapes."""

from __future__ import annotations

from feedback.causes.draw import Draw
from feedback.causes.find import Causes
from feedback.causes.quotes import Chosen
from feedback.causes.schema import (
    ConcentrationOut,
    CountOut,
    LookedAt,
    PainPointWhy,
    QuoteOut,
    SinceOut,
    SubtopicOut,
    WordOut,
)
from feedback.causes.since import Since
from feedback.causes.subtopics import Group
from feedback.causes.telling import Word
from feedback.reporting.schema import Overview, PainPointOut
from feedback.statistics.concentration import Concentration
from feedback.statistics.two_shares import Count


def why(report: Overview, point: PainPointOut, found: Causes) -> PainPointWhy:
    """One pain point of a report with its causes and evidence."""
    return PainPointWhy(
        journey=report.journey,
        start=report.start,
        end=report.end,
        pain_point=point,
        looked_at=_looked_at(found, found.draw),
        places=[_place(one) for one in found.places],
        since=_since(found.since),
        words=[_word(one) for one in found.words],
        subtopics=[_subtopic(one) for one in found.groups],
        quotes=[_quote(one) for one in found.quotes],
    )


def _looked_at(found: Causes, draw: Draw) -> LookedAt:
    return LookedAt(
        drawn=len(draw.units),
        of=draw.of,
        complaining=found.said,
        pairs=found.pairs,
        latest=draw.latest,
        comments=found.read,
        all_comments=found.whole,
    )


def _count(count: Count) -> CountOut:
    return CountOut(said=count.said, n=count.n)


def _place(one: Concentration) -> ConcentrationOut:
    names = ("inside", "outside", "ratio", "ratio_low", "ratio_high")
    gaps = ("difference", "difference_low", "difference_high")
    figures = {
        name: getattr(one.comparison, name) if one.comparison else None for name in (*names, *gaps)
    }
    return ConcentrationOut(
        attribute=one.attribute,
        value=one.value,
        and_attribute=one.beside.attribute if one.beside else None,
        and_value=one.beside.value if one.beside else None,
        said=one.count.said,
        n=one.count.n,
        q=one.q,
        told=one.told,
        small=one.small,
        missing=one.missing.value if one.missing else None,
        **figures,
    )


def _since(one: Since) -> SinceOut:
    return SinceOut(
        day=one.day,
        first=one.first,
        last=one.last,
        before=_count(one.before),
        since=_count(one.since),
        p=one.p,
        told=one.told,
        step="week" if one.week else "day",
    )


def _word(one: Word) -> WordOut:
    found = one.comparison
    return WordOut(
        text=one.text,
        complaints=_count(one.inside),
        others=_count(one.outside),
        ratio=found.ratio,
        ratio_low=found.ratio_low,
        ratio_high=found.ratio_high,
        q=one.q,
    )


def _subtopic(one: Group) -> SubtopicOut:
    low, high = one.ends
    response = one.quoted.response_id
    return SubtopicOut(
        words=list(one.words),
        complaints=_count(one.count),
        share=one.count.share,
        share_low=low,
        share_high=high,
        comment=str(one.quoted.id),
        response=None if response is None else str(response),
        quote=one.text,
    )


def _quote(one: Chosen) -> QuoteOut:
    return QuoteOut(
        kind=one.kind.value,
        comment=str(one.comment_id),
        response=None if one.response_id is None else str(one.response_id),
        text=one.text,
        at=one.at,
        sentiment_score=one.score,
    )
