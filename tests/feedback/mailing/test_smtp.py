"""Letters over real SMTP: what arrives, and what each answer of a server means."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from feedback.alerts.ways import Server, Ways
from feedback.mailing import SmtpGateway
from surveys.channels.gateway import (
    Accepted,
    GatewayUnavailable,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Unknown,
)
from surveys.letters.letter import Answer, Letter

sys.path.insert(0, str(Path(__file__).parents[1] / "alerts"))
from fake_servers import Post, mail_server

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LINK = "https://ask.example.com/s/aB3dE5gH7"
LETTER = Letter(
    company="Müller & Söhne\r\nBcc: x@y.example",
    language="de",
    accent="#1f4e79",
    intro="Guten Tag <b>Ada</b>",
    question="Würden Sie uns weiterempfehlen?",
    answers=tuple(Answer(str(n), "", f"{LINK}?at=score&value={n}") for n in range(11)),
    scale=True,
    low="gar nicht",
    high="sicher",
    link=LINK,
)
OUT = Outgoing(7, "email", "ada@shop.example", "text", letter=LETTER.to_json())


def gateway(port: int) -> SmtpGateway:
    ways = Ways(sender="ask@shop.example", server=Server("127.0.0.1", port, tls=False))
    return SmtpGateway(ways, lambda: NOW)


class Box:
    """What a real SMTP server took."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_a_letter_arrives_whole(box: tuple[Box, int]) -> None:
    taken, port = box
    outcome = gateway(port).send(OUT)
    (envelope,) = taken.taken
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.mail_from == "ask@shop.example" and envelope.rcpt_tos == ["ada@shop.example"]
    assert mail["From"].addresses[0].display_name == "Müller & Söhne Bcc: x@y.example"
    assert mail["Bcc"] is None
    assert mail["List-Unsubscribe"] == f"<{LINK}?stop=email>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert isinstance(outcome, Accepted) and outcome.status == "sent"
    assert mail["Message-ID"] == f"<{outcome.provider_id}@shop.example>"
    assert "aB3dE5gH7" not in mail["Message-ID"], "the link's secret is in no head"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert "9: https://ask.example.com/s/aB3dE5gH7?at=score&value=9" in plain.get_content()
    page = html.get_content()
    assert 'lang="de"' in page and "&lt;b&gt;Ada" in page
    assert f'href="{LINK}?at=score&amp;value=10"' in page
    assert "<img" not in page and "<script" not in page


def test_the_same_message_has_the_same_id_at_every_try(box: tuple[Box, int]) -> None:
    taken, port = box
    for _ in range(2):
        gateway(port).send(OUT)
    ids = {message_from_bytes(one.content)["Message-ID"] for one in taken.taken}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, Refused("mail_refused")),
        ({"RCPT": "550 5.7.1 blocked by our list"}, Refused("mail_policy")),
        ({"RCPT": "450 4.2.0 greylisted"}, RetryLater("mail_not_now")),
        ({"MAIL": "553 5.1.8 sender unknown"}, Refused("mail_sender")),
        ({"MAIL": "451 4.3.0 later"}, RetryLater("mail_busy")),
        ({"END": "554 5.6.0 refused words"}, Refused("mail_content")),
        ({"END": "452 4.3.1 full"}, RetryLater("mail_busy")),
    ],
)
def test_what_a_server_answers_says_what_is_wrong(
    answers: dict[str, str], outcome: Outcome
) -> None:
    with mail_server() as post:
        post.answers.update(answers)
        assert gateway(post.port).send(OUT) == outcome


def hung_up(on: str) -> tuple[Post, Outcome]:
    with mail_server() as post:
        post.hang_up_on = on
        return post, gateway(post.port).send(OUT)


def test_a_connection_that_breaks_before_the_words_has_sent_nothing() -> None:
    assert hung_up("RCPT")[1] == RetryLater("mail_unreachable")


def test_one_that_breaks_after_them_leaves_it_unknown() -> None:
    post, outcome = hung_up("END")
    assert outcome == Unknown("mail_broken_off") and len(post.mails) == 1


def test_no_server_set_or_there_keeps_it_waiting() -> None:
    assert SmtpGateway(Ways(), lambda: NOW).send(OUT) == Refused("mail_no_server")
    with mail_server() as post:
        port = post.port
    assert gateway(port).send(OUT) == RetryLater("mail_unreachable")


def test_a_mail_server_has_no_list_to_look_into() -> None:
    with pytest.raises(GatewayUnavailable):
        gateway(1).find(OUT, NOW)
