"""Local ports for the programs that a run starts by itself."""

from __future__ import annotations

import contextlib
import random
import socket

# Below what Linux (32768 on) and macOS (49152 on) hand to outgoing connections
# and to whoever asks for port 0: nobody is given such a port by chance between
# our look and the start of the program it is for.
PORTS = range(15_000, 30_000)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    chance = random.SystemRandom()  # two processes with one seed choose differently
    while True:
        port = chance.choice(PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
