from __future__ import annotations

from surveys_for_tests import branching, survey

from surveys.channels.segments import count
from surveys.sms_preview import long_messages, preview

LINK = "https://" + "h" * 20 + "/s/aB3dE5gH7"
LONG = "This is a rather long question that goes on and on for its own sake. "


def piped(**more: object) -> dict[str, object]:
    return {
        "key": "piped",
        "name": "Piped",
        "languages": ["en", "fr"],
        "sms_link": "first",
        "intro": {"en": "Hi {customer.first_name|there}.", "fr": "Bonjour {customer.first_name}."},
        "questions": [
            {
                "key": "score",
                "type": "nps",
                "text": {
                    "en": "{company}: order {event.order_id}?",
                    "fr": "{company}\u00a0: et alors ?",
                },
            },
            {
                "key": "why",
                "type": "text",
                "text": {
                    "en": "Why {answer.score}? {link}",
                    "fr": "Pourquoi {answer.score} ? {link}",
                },
            },
        ],
        "thanks": [
            {"if": {"score": {"lte": 6}}, "text": {"en": "Sorry.", "fr": "Désolés."}},
            {"text": {"en": "Thanks.", "fr": "Merci."}},
        ],
        **more,
    }


def test_each_sms_is_shown_as_a_customer_gets_it() -> None:
    shown = preview(survey(piped()), "en", "Shop", LINK, smart=False)
    assert [one.name for one in shown] == ["score", "why", "thanks", "thanks 2"]
    first = shown[0]
    assert first.text.startswith("Hi Alexandra. Shop: order 100234?")
    assert LINK in first.text and first.text.endswith("Reply STOP to opt out.")
    assert shown[1].text == f"Why 10? {LINK}"
    assert all(one.counted == count(one.text) for one in shown)


def test_from_a_name_one_sms_is_all_there_is() -> None:
    (only,) = preview(survey(piped()), "en", "Shop", LINK, smart=False, by_link=True)
    assert only.name == "link" and only.text.startswith("Shop: Hi Alexandra.")
    assert LINK in only.text and "STOP" not in only.text and "Reply" not in only.text
    data = piped(intro={"en": LONG * 6, "fr": "Bonjour."})
    (warning,) = long_messages(survey(data), "Shop", LINK, smart=False, by_link=True)
    assert "'link'" in warning


def test_what_forces_ucs2_is_named_and_what_replacing_saves() -> None:
    definition = survey(piped())
    written = preview(definition, "fr", "Shop", LINK, smart=False)[0]
    assert (written.counted.encoding, written.forcing) == ("UCS-2", ("\u00a0",))
    assert written.saved_by_replacing > 0
    replaced = preview(definition, "fr", "Shop", LINK, smart=True)[0]
    assert (replaced.counted.encoding, replaced.forcing, replaced.saved_by_replacing) == (
        "GSM-7",
        (),
        0,
    )


def test_more_than_two_segments_are_warned_of_once_an_sms_and_language() -> None:
    assert list(long_messages(survey(branching()), "Shop", LINK, smart=False)) == []
    data = piped()
    text = {"en": LONG * 5, "fr": LONG * 2 + "\u2019"}
    data["questions"] = [{"key": "score", "type": "nps", "text": text}]
    data["thanks"] = {"en": "Thanks.", "fr": "Merci."}
    data["intro"] = None
    said = list(
        long_messages(survey({k: v for k, v in data.items() if v}), "Shop", LINK, smart=False)
    )
    assert [one.split("takes")[0] for one in said] == [
        "survey piped: the SMS 'score' (en) ",
        "survey piped: the SMS 'score' (fr) ",
    ]
    assert "(UCS-2 because of \u2019)" in said[1] and "UCS-2" not in said[0]


def test_exactly_two_segments_are_no_reason_to_warn() -> None:
    data = piped(languages=["en"], intro="x", sms_link=None)
    data["questions"] = [{"key": "score", "type": "text", "text": "a"}]
    data["thanks"] = "b" * 306
    plain = {key: value for key, value in data.items() if value}
    assert list(long_messages(survey(plain), "Shop", LINK, smart=False)) == []
    said = list(long_messages(survey({**plain, "thanks": "b" * 307}), "Shop", LINK, smart=False))
    assert len(said) == 1 and "'thanks'" in said[0]
