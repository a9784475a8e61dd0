"""Our program on a port of its own, its gateway the real one, its clock a world's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from asking_world import SENDER, World
from simulated_twilio import ACCOUNT, TOKEN, Twilio
from werkzeug.serving import WSGIRequestHandler, make_server

from feedback import settings
from feedback.app import create_app, make_services
from feedback.settings import Settings

NOTED = "/sms/twilio/inbound"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def ours_at_work(
    world: World, twilio: Twilio, url: str, public: str, port: int, **more: str
) -> Iterator[None]:
    """Our program on a port of its own, its gateway the real one."""
    environment = {
        "DATABASE_URL": url,
        "PUBLIC_URL": public,
        "SECRET_KEY": "s" * 40,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": SENDER,
        "TWILIO_WHATSAPP_FROM": SENDER,
        "TWILIO_API_BASE": twilio.base,
        **more,
    }
    with served(world, settings.load(environment), port):
        yield


@contextmanager
def served(world: World, told: Settings, port: int) -> Iterator[None]:
    """Our program as these settings have it; the world texts by its gateway."""
    services = replace(make_services(told), now=lambda: world.now)
    world.gateway = services.gateway  # type: ignore[assignment]  # the real one
    world.whatsapp_sender = services.whatsapp_sender or ""
    server = make_server(
        "127.0.0.1", port, create_app(told, services), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
