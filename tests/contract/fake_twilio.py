"""A Twilio of our own: stateful, over real HTTP, and as moody as a test wants it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 32
TOKEN = "f" * 32
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
Form = dict[str, list[str]]


def error_body(status: int, code: int) -> dict[str, Any]:
    """An error as Twilio words one."""
    info = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": "no", "more_info": info, "status": status}


@dataclass
class FakeTwilio:
    """The account's state. `moods` says how the next requests to send are met."""

    moods: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    sent_forms: list[Form] = field(default_factory=list)
    queries: list[Form] = field(default_factory=list)
    authorization: list[str] = field(default_factory=list)
    list_down: bool = False
    base: str = ""

    def phone(self, number: str) -> list[str]:
        """What a phone got."""
        return [message["body"] for message in self.messages if message["to"] == number]

    def create(self, form: Form) -> dict[str, Any]:
        """Accept a message."""
        made = format_datetime(datetime.now(UTC))
        service = form.get("MessagingServiceSid", [None])[0]
        sid = f"SM{len(self.messages) + 1:032x}"
        message = {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": form["Body"][0],
            "date_created": made,
            "date_sent": None,
            "date_updated": made,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": form.get("From", [None])[0],
            "messaging_service_sid": service,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": sid,
            "status": "accepted" if service else "queued",
            "subresource_uris": {},
            "tags": None,
            "to": form["To"][0],
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
        }
        self.messages.append(message)
        return message

    def listed(self, query: Form) -> dict[str, Any]:
        """One page of the messages, newest first."""
        found = [
            message
            for message in reversed(self.messages)
            if message["to"] == query.get("To", [message["to"]])[0]
            and message["from"] == query.get("From", [message["from"]])[0]
        ]
        size, page = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
        more = len(found) > size * (page + 1)
        to = query.get("To", [""])[0].replace("+", "%2B")
        following = f"{ROOT}?To={to}&PageSize={size}&Page={page + 1}&PageToken=x"
        return {
            "messages": found[size * page : size * (page + 1)],
            "next_page_uri": following if more else None,
            "page": page,
            "page_size": size,
        }


def _handler(twilio: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            return

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = parse_qs(body, keep_blank_values=True)
            twilio.sent_forms.append(form)
            twilio.authorization.append(self.headers.get("Authorization", ""))
            mood = twilio.moods.pop(0) if twilio.moods else "well"
            MOODS[mood](self, twilio, form)

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            twilio.queries.append(query)
            if twilio.list_down:
                self.answer(500, error_body(500, 20500))
            else:
                self.answer(200, twilio.listed(query))

        def answer(self, status: int, body: dict[str, Any] | str, **headers: str) -> None:
            text = body if isinstance(body, str) else json.dumps(body)
            kind = "text/html" if isinstance(body, str) else "application/json"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(text.encode())

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.close()

    return Handler


def _accept_and_hang_up(handler: Any, twilio: FakeTwilio, form: Form) -> None:
    twilio.create(form)
    handler.hang_up()


def _accept_and_break(handler: Any, twilio: FakeTwilio, form: Form) -> None:
    twilio.create(form)
    handler.answer(502, "<h1>Bad gateway</h1>")


MOODS: dict[str, Callable[[Any, FakeTwilio, Form], None]] = {
    "well": lambda handler, twilio, form: handler.answer(201, twilio.create(form)),
    "opted out": lambda handler, *rest: handler.answer(400, error_body(400, 21610)),
    "no number": lambda handler, *rest: handler.answer(400, error_body(400, 21211)),
    "busy": lambda handler, *rest: handler.answer(429, error_body(429, 20429)),
    "broken": lambda handler, *rest: handler.answer(500, error_body(500, 20500)),
    "cut before": lambda handler, *rest: handler.hang_up(),
    "cut after": _accept_and_hang_up,
    "proxy after": _accept_and_break,
    "nonsense": lambda handler, *rest: handler.answer(201, "<h1>Welcome</h1>"),
}


@contextmanager
def running() -> Iterator[FakeTwilio]:
    """The fake at work on a free local port."""
    twilio = FakeTwilio()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(twilio))
    server.daemon_threads = True
    twilio.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield twilio
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
