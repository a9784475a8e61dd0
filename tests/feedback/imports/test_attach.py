from __future__ import annotations

from feedback.attach import Attachment, Happened, attach


def test_the_event_decides_before_everything_else() -> None:
    assert attach(Happened(1), 2, Happened(3)) == Attachment(1, "event")


def test_an_event_without_a_place_keeps_its_words_to_itself() -> None:
    assert attach(Happened(None), 2, Happened(3)) == Attachment(None, "event_unplaced")


def test_without_an_event_the_import_then_the_latest_event_decide() -> None:
    assert attach(None, 2, Happened(3)) == Attachment(2, "import")
    assert attach(None, None, Happened(3)) == Attachment(3, "latest_event")
    assert attach(None, None, Happened(None)) == Attachment(None, "latest_event_unplaced")


def test_out_of_nowhere_is_nowhere() -> None:
    assert attach() == Attachment(None, "no_event")
