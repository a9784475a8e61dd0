"""The embedded run's Twilio: the simulator, served by the process that keeps the others alive.

There it outlives every process that texts by it, and is gone when all of them are.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from feedback.settings import Settings
from surveys.simulator import setup
from surveys.simulator.account import Account, OptOut
from surveys.simulator.app import create_app
from surveys.simulator.course import DELIVERED, QUEUED, SENDING, SENT
from surveys.simulator.server import listen, serve
from surveys.simulator.service import Simulator

HOST = "127.0.0.1"
SWIFT: Mapping[str, float] = {QUEUED: 0.0, SENDING: 0.05, SENT: 0.1, DELIVERED: 0.3}
REMEMBERED = 20_000


def token(settings: Settings) -> str:
    """What signs the simulator's webhooks: every process knows it, nobody outside does."""
    return hmac.digest(settings.secret_key.encode(), b"simulator", hashlib.sha256).hex()[:32]


def account(settings: Settings) -> Account:
    """An account that any number belongs to.

    It leaves STOP to Waymark, whose words are in the customer's language. Webhooks are signed
    for the public address and reach the program where it listens.
    """
    return Account(
        token=token(settings),
        inbound_url=f"{settings.public_url}{setup.INBOUND}",
        opt_out=OptOut.OFF,
        any_number=True,
        reached=(settings.public_url, f"http://{HOST}:{settings.port}"),
    )


@contextmanager
def standing_in(settings: Settings) -> Iterator[str]:
    """The simulator at work on a free local port; its address."""
    simulator = Simulator(account(settings), delays=SWIFT, remembered=REMEMBERED)
    server = listen(create_app(simulator), HOST, 0)
    thread = threading.Thread(target=serve, args=(simulator, server), name="simulator")
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
