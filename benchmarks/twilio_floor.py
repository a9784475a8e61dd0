"""A local server that takes every message at once, as Twilio words it: the floor of sending.

It remembers what each phone got: its list of messages is Twilio's, and GET /counted tells how many
phones got any, and how many got more than one.

python -m benchmarks.twilio_floor PORT [SECONDS]    (so long it takes to answer; 0)
"""

from __future__ import annotations

import asyncio
import json
import sys
from email.utils import formatdate
from typing import ClassVar
from urllib.parse import SplitResult, parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "0" * 32, "f" * 32


class Floor(asyncio.Protocol):
    """Answers each POST with 201 and a message; keeps connections open."""

    made = 0
    seconds = 0.0
    phones: ClassVar[dict[str, list[dict[str, object]]]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._came = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, rest = self._came.partition(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length")
                ),
                0,
            )
            if len(rest) < length:
                return
            self._came = rest[length:]
            if head.startswith(b"GET "):
                self._tell(urlsplit(head.split(b" ", 2)[1].decode()))
            else:
                self._take(parse_qs(rest[:length].decode()))

    def _take(self, form: dict[str, list[str]]) -> None:
        Floor.made += 1
        message = _message(f"SM{Floor.made:032x}", form)
        Floor.phones.setdefault(form["To"][0], []).append(message)
        self._answer("201 Created", message)

    def _tell(self, asked: SplitResult) -> None:
        """The messages to a phone, newest first; or how many phones got how many."""
        if asked.path == "/counted":
            twice = sum(1 for got in Floor.phones.values() if len(got) > 1)
            self._answer("200 OK", {"phones": len(Floor.phones), "twice": twice})
            return
        to = parse_qs(asked.query).get("To", [""])[0]
        listed = {"messages": Floor.phones.get(to, [])[::-1], "next_page_uri": None, "page": 0}
        self._answer("200 OK", listed)

    def _answer(self, status: str, told: dict[str, object]) -> None:
        body = json.dumps(told).encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        answer = head.encode() + b"\r\n\r\n" + body
        if Floor.seconds:
            asyncio.get_running_loop().call_later(Floor.seconds, self._transport.write, answer)
        else:
            self._transport.write(answer)


def _message(sid: str, form: dict[str, list[str]]) -> dict[str, object]:
    made = formatdate(usegmt=True)
    return {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": form["Body"][0],
        "date_created": made,
        "date_sent": None,
        "date_updated": made,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form["From"][0],
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "queued",
        "subresource_uris": {},
        "to": form["To"][0],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
    }


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Floor, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    Floor.seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    asyncio.run(_serve(int(sys.argv[1])))
