"""A mail server and a webhook's receiver on loopback, which answer as a test wants them to."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Post:
    """What a server took, and how it answers: SMTP lines by command, or an HTTP status."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    location: str = ""
    hang_up_on: str = ""


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split(" ")[0].upper()
            if command == post.hang_up_on:
                return
            if command == "DATA" and "DATA" not in post.answers:
                if not self._data(post):
                    return
                continue
            if command == "RCPT" and "RCPT" not in post.answers:
                post.to.append(line.partition("<")[2].rstrip(">"))
            default = "221 bye" if command == "QUIT" else "250 ok"
            self._say(post.answers.get(command, default))

    def _data(self, post: Post) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        post.mails.append(mail)
        if post.hang_up_on == "END":
            return False
        self._say(post.answers.get("END", "250 taken"))
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        post.bodies.append(json.loads(body))
        post.headers.append(dict(self.headers.items()))
        if post.hang_up_on == "POST":
            self.close_connection = True
            return
        self.send_response(post.status)
        if post.location:
            self.send_header("Location", post.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Threaded(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def _running(server: Any) -> Iterator[Post]:
    post = Post(server.server_address[1])
    server.post = post
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server(port: int = 0) -> Iterator[Post]:
    """A mail server for as long as the block lasts."""
    with _running(_Threaded(("127.0.0.1", port), _Smtp)) as post:
        yield post


@contextmanager
def hook_server(port: int = 0) -> Iterator[Post]:
    """A receiver of webhooks for as long as the block lasts."""
    with _running(ThreadingHTTPServer(("127.0.0.1", port), _Hook)) as post:
        yield post
