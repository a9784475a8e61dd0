"""How an answer goes wrong on the wire."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping

from flask import Response, request

from surveys.simulator.problems import Problem
from surveys.simulator.service import Simulator

Mood = Callable[[Simulator, Response], Response]


def before(mood: str, simulator: Simulator) -> Response | None:
    """The answer where nothing is accepted; None where the message is to be taken."""
    if mood == "drop":
        return hang_up()
    if mood == "silent":
        simulator.stopping.wait(simulator.late_seconds)
        return hang_up()
    if mood in _CODES:
        raise Problem(_CODES[mood])
    return None


def after(mood: str, simulator: Simulator, answer: Response) -> Response:
    """What becomes of the answer to a message that was accepted."""
    change = _AFTER.get(mood)
    return change(simulator, answer) if change else answer


def hang_up(how: int = socket.SHUT_RDWR) -> Response:
    """Close the connection under the request; nobody reads the answer that this returns."""
    _connection().shutdown(how)
    return Response(status=204)


def _connection() -> socket.socket:
    connection: socket.socket = request.environ["werkzeug.socket"]
    return connection


def _hang_up(simulator: Simulator, answer: Response) -> Response:
    return hang_up()


def _late(simulator: Simulator, answer: Response) -> Response:
    simulator.stopping.wait(simulator.late_seconds)
    return answer


def _proxy(simulator: Simulator, answer: Response) -> Response:
    return Response("<h1>502 Bad Gateway</h1>", 502, content_type="text/html")


def _nonsense(simulator: Simulator, answer: Response) -> Response:
    return Response("<h1>Welcome</h1>", 201, content_type="text/html")


def _twice(simulator: Simulator, answer: Response) -> Response:
    """Write it two times in one go, and close, so that what is read is no matter of luck."""
    answer.headers["Connection"] = "close"
    head = f"HTTP/1.1 {answer.status}\r\n{answer.headers}".encode("latin-1")
    _connection().sendall((head + answer.get_data()) * 2)
    return hang_up(socket.SHUT_WR)


_CODES: Mapping[str, int] = {"broken": 20500, "unavailable": 20503, "busy": 20429}
_AFTER: Mapping[str, Mood] = {
    "hangup": _hang_up,
    "late": _late,
    "gateway": _proxy,
    "nonsense": _nonsense,
    "twice": _twice,
}
