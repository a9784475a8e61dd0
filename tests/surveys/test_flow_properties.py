from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from surveys_for_tests import survey

from surveys.flow import Context, Farewell, Input, Reply, Skip, State, Value, advance, start
from surveys.replies.text import plain

DEFINITION = survey()
KEYS = st.sampled_from([*DEFINITION.by_key, "nothing", ""])
WORDS = st.one_of(
    st.sampled_from(["9", "3 - rude driver", "yes", "no", "2", "skip", "the wait was long", "??"]),
    st.text(max_size=30),
)
VALUES = st.one_of(
    WORDS, st.integers(-2, 12), st.booleans(), st.none(), st.lists(WORDS, max_size=2), st.floats()
)
INPUTS: st.SearchStrategy[Input] = st.one_of(
    st.builds(Reply, WORDS),
    st.builds(Value, KEYS, VALUES, st.one_of(st.none(), WORDS)),
    st.builds(Skip, st.one_of(st.none(), KEYS)),
)
CHANNELS = st.sampled_from(
    [Context("Lamps"), Context("Lamps", channel="web"), Context("Lamps", language="es")]
)


@given(st.lists(st.tuples(INPUTS, CHANNELS), max_size=12))
@settings(deadline=None, max_examples=100)
def test_any_inputs_keep_the_flow_whole(given_: list[tuple[Input, Context]]) -> None:
    state = start(DEFINITION, Context("Lamps")).state
    saved: dict[str, object] = {}
    for one, context in given_:
        step = advance(DEFINITION, state, one, context)
        saved |= {
            answer.question: answer.value for answer in step.saved if answer.value is not None
        }
        after = step.state
        assert after == State.from_json(json.loads(json.dumps(after.to_json())))
        assert advance(DEFINITION, state, one, context) == step
        assert set(state.answers) <= set(after.answers)
        assert set(state.comments) <= set(after.comments)
        assert after.finished == (after.current is None)
        assert not isinstance(step.say, Farewell) or after.finished
        state = after
    assert dict(state.answers) == saved


@given(st.lists(st.text(max_size=20), min_size=20, max_size=20))
@settings(deadline=None, max_examples=100)
def test_three_replies_a_question_always_reach_the_end(texts: list[str]) -> None:
    context = Context("Lamps")
    state = start(DEFINITION, context).state
    for text in texts:
        state = advance(DEFINITION, state, Reply(text), context).state
    assert state.finished


@given(st.lists(WORDS, max_size=12))
@settings(deadline=None, max_examples=100)
def test_no_reply_is_lost(texts: list[str]) -> None:
    """Each reply is an answer, a comment, still waiting beside the question, or left over."""
    context = Context("Lamps")
    step = start(DEFINITION, context)
    for text in texts:
        before = step.state
        step = advance(DEFINITION, before, Reply(text), context)
        kept = any(answer.question == before.current for answer in step.saved)
        waits = text.strip() in step.state.unread
        skipped = before.current in step.state.passed
        assert (
            kept
            or waits
            or skipped
            or step.leftover == text.strip()
            or not plain(text)
            or (not text.strip())
        )
