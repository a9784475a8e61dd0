"""Serves the simulator: one process, a thread for each connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from surveys.simulator.service import Simulator


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: what came is kept and can be asked for."""


def listen(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that listens and waits to be told to serve; port 0 takes a free one."""
    return make_server(host, port, app, threaded=True, request_handler=_Quiet)


def serve(simulator: Simulator, server: BaseWSGIServer) -> None:
    """Answer requests and do what is due, until the server is shut down."""
    simulator.agenda.start()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        simulator.stopping.set()
        server.server_close()
        simulator.agenda.stop()


@contextmanager
def running(simulator: Simulator, app: Flask) -> Iterator[str]:
    """The server at work on a free local port; its address.

    What is due is not done by itself here: `simulator.settle()` does it.
    """
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        simulator.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
