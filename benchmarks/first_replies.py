"""The first replies after the web process has started: how long the first customers wait.

`waymark serve` is started anew on a database with open conversations, and replies are posted at
a pace from the moment it answers at all, each at its appointed time (a late one counts from when
it was due). Nothing warms it.

    python -m benchmarks.first_replies --postgres URL [--starts 8] [--rate 280] [--paced 8]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from time import sleep

from benchmarks.inbound import sent
from benchmarks.inbound_world import ACCOUNT, PUBLIC_URL, SENDER, TOKEN, prepare, signed_posts
from benchmarks.ports import free_port
from benchmarks.serving import Place, database

CLIENTS = 16
WAITS = 500
HEAD = ("start", "median ms", "p99 ms", "longest ms", "longest of the first 100")


@contextmanager
def started(url: str, home: str) -> Iterator[str]:
    """The web process as an operator starts it; its address as soon as it answers at all."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "WAYMARK_HOME": home,
        "PORT": str(port),
        "SECRET_KEY": "k" * 40,
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": SENDER,
    }
    server = subprocess.Popen([sys.executable, "-m", "feedback", "serve"], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(address)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _answers(address: str) -> None:
    for _ in range(WAITS):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            sleep(0.02)
    raise SystemExit("the server did not start")


def main() -> None:
    """Print a line a start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=os.environ.get("WAYMARK_TEST_POSTGRES"))
    parser.add_argument("--starts", type=int, default=8)
    parser.add_argument("--rate", type=float, default=280)
    parser.add_argument("--paced", type=int, default=8)
    given = parser.parse_args()
    if not given.postgres:
        raise SystemExit("name a PostgreSQL server: --postgres URL")
    each = int(given.rate * given.paced)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    with (
        database(Place("PostgreSQL", given.postgres)) as url,
        tempfile.TemporaryDirectory() as home,
    ):
        prepare(url, each * given.starts)
        posts = signed_posts(each * given.starts)
        for start in range(1, given.starts + 1):
            with started(url, home) as address:
                took = sent(address, list(islice(posts, each)), CLIENTS, given.rate)
            hundredths = statistics.quantiles(took, n=100)
            told = (hundredths[49], hundredths[98], max(took), max(took[:100]))
            print(f"| {start} | {' | '.join(f'{one:.0f}' for one in told)} |", flush=True)


if __name__ == "__main__":
    main()
