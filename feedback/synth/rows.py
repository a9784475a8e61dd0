"""What one made-up response becomes in each table."""

from __future__ import annotations

from typing import Any

from feedback.listening import text_hash
from feedback.scoring import scale_for, score
from feedback.synth.target import One, Target
from models.status import ResponseStatus

QUESTION = "What is the main reason for your score?"
SURVEY: dict[str, Any] = {
    "key": "made_up",
    "name": "A made-up survey",
    "metric": "nps",
    "questions": [
        {
            "key": "score",
            "type": "nps",
            "text": "How likely are you to recommend us, from 0 to 10?",
        },
        {"key": "why", "type": "text", "text": QUESTION},
    ],
    "thanks": "Thank you.",
}
CHANNELS = ("sms", "web")
PLANS = ("basic", "plus", "family")
_MODEL = "made-up"
_SURE = 0.9
_NPS = scale_for("nps")
_TAKEN = {value: score(_NPS, value) for value in range(11)}

Record = dict[str, Any]


def customer(target: Target, key: int, number: int) -> Record:
    """Somebody without an address: nobody may ever text a made-up number."""
    return {
        "id": key,
        "workspace_id": target.workspace_id,
        "external_id": f"made-up-{target.seed}-{number}",
        "attributes": {"plan": PLANS[number // 2 % 3]},
        "is_test": False,
        "created_at": target.now,
        "updated_at": target.now,
    }


def event(target: Target, key: int, one: One) -> Record:
    """What happened."""
    return {
        "id": key,
        "workspace_id": target.workspace_id,
        "source": target.source,
        "external_id": str(one.number),
        "name": one.event,
        "customer_id": one.customer_id,
        "touchpoint_id": target.touchpoints[one.place],
        "properties": {},
        "occurred_at": one.at,
        "received_at": target.now,
    }


def response(target: Target, key: int, one: One) -> Record:
    """The answer to it."""
    return {
        "id": key,
        "workspace_id": target.workspace_id,
        "customer_id": one.customer_id,
        "survey_id": target.survey_id,
        "version_id": target.version_id,
        "touchpoint_id": target.touchpoints[one.place],
        "channel": CHANNELS[one.number % 2],
        "language": "en",
        "source": target.source,
        "external_id": str(one.number),
        "status": ResponseStatus.COMPLETED.value,
        "state": {"finished": True},
        "occurred_at": one.at,
        "started_at": one.at,
        "updated_at": one.at,
        "completed_at": one.at,
    }


def _answer(target: Target, key: int, response_id: int, one: One) -> Record:
    return {
        "id": key,
        "workspace_id": target.workspace_id,
        "response_id": response_id,
        "channel": CHANNELS[one.number % 2],
        "answered_at": one.at,
        "scored_at": target.now,
    }


def score_answer(target: Target, key: int, response_id: int, one: One) -> Record:
    """The number they gave."""
    base = _answer(target, key, response_id, one)
    return base | {"question": "score", "type": "nps", "value": {"value": one.score}}


def text_answer(target: Target, key: int, response_id: int, one: One) -> Record:
    """The words they gave."""
    base = _answer(target, key, response_id, one)
    words = one.spoken.text if one.spoken else ""
    return base | {"question": "why", "type": "text", "value": {"value": words}}


def score_row(target: Target, answer_id: int, response_id: int, one: One) -> Record:
    """The number as a score."""
    taken = _TAKEN[one.score]
    return {
        "workspace_id": target.workspace_id,
        "response_id": response_id,
        "answer_id": answer_id,
        "touchpoint_id": target.touchpoints[one.place],
        "metric": taken.metric.value,
        "value": taken.value,
        "scale_low": taken.scale_low,
        "scale_high": taken.scale_high,
        "score_class": taken.score_class,
        "occurred_at": one.at,
    }


def comment(target: Target, key: int, answer_id: int, response_id: int, one: One) -> Record:
    """The words as a comment: waiting to be read, or read already from what they mean."""
    text = one.spoken.text if one.spoken else ""
    base = {
        "id": key,
        "workspace_id": target.workspace_id,
        "response_id": response_id,
        "answer_id": answer_id,
        "customer_id": one.customer_id,
        "touchpoint_id": target.touchpoints[one.place],
        "attached_by": "event",
        "source": target.source,
        "external_id": str(one.number),
        "question": QUESTION,
        "text": text,
        "text_hash": text_hash(text),
        "occurred_at": one.at,
        "created_at": target.now,
    }
    return base | (_reading(target, one) if target.read else {"read_state": "waiting"})


def _reading(target: Target, one: One) -> Record:
    found = one.spoken.mentions if one.spoken else ()
    balance = sum(1 if sentiment == "positive" else -1 for *_, sentiment in found)
    sentiment = "negative" if balance < 0 else "positive" if balance else "neutral"
    return {
        "read_state": "read",
        "read_at": target.now,
        "model": _MODEL,
        "language": "en",
        "sentiment": sentiment,
        "sentiment_score": _SURE * (balance > 0) - _SURE * (balance < 0),
        "probabilities": {},
        "emotions": {},
        "themes": {theme: 1.0 for _, _, theme, _ in found},
        "urgency": 0.0,
    }


def mentions(target: Target, comment_id: int, response_id: int, one: One) -> list[Record]:
    """What the words speak of, where the history comes with its readings."""
    if not target.read or one.spoken is None:
        return []
    return [
        {
            "workspace_id": target.workspace_id,
            "comment_id": comment_id,
            "response_id": response_id,
            "start": start,
            "end": end,
            "theme": theme,
            "sentiment": sentiment,
            "sentiment_score": _SURE if sentiment == "positive" else -_SURE,
        }
        for start, end, theme, sentiment in one.spoken.mentions
    ]
