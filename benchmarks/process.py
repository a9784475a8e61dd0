"""The web process: time to its first answer, memory, and the weight of a survey page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml

from benchmarks.ports import free_port
from benchmarks.serving import children, resident_mb

STARTS = 5
VISITS = 200


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return bytes(answer.read())


def _waymark(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "feedback", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _start(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], float]:
    """The started web process and the seconds until it answered."""
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "feedback", "serve", "--child"], env=environment
    )
    url = f"http://127.0.0.1:{environment['PORT']}/healthz"
    while True:
        try:
            _get(url)
            return server, time.perf_counter() - began
        except OSError:
            time.sleep(0.01)


def _prepared(home: str) -> dict[str, str]:
    """The environment of an embedded run with the example shop in it."""
    environment = {**os.environ, "WAYMARK_HOME": home, "PORT": str(free_port())}
    environment.pop("DATABASE_URL", None)
    _waymark(environment, "workspace", "create", "shop")
    _waymark(environment, "apply", "examples/shop.yaml", "--workspace", "shop")
    return environment


def _survey_link(environment: dict[str, str]) -> str:
    """The link of a survey offered to a customer who has just become known by an event."""
    key = _waymark(environment, "key", "create", "--workspace", "shop", "--name", "bench").strip()
    event = {"id": "1", "event": "seen", "customer": {"id": "c1", "phone": "+447700900001"}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{environment['PORT']}/api/v1/events",
        data=json.dumps(event).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    invite = ("invite", "--workspace", "shop", "--customer", "c1", "--channel", "web")
    survey = yaml.safe_load(Path("examples/shop.yaml").read_text())["surveys"][0]["key"]
    return _waymark(environment, *invite, "--survey", survey).split()[1]


def _weight_kb(link: str) -> float:
    """Bytes over the wire of a page and its headers, styles within, in KB."""
    with urllib.request.urlopen(link, timeout=10) as answer:
        return (len(bytes(answer.headers)) + len(answer.read())) / 1000


def main() -> None:
    """Print the table."""
    seconds, resident, weight = [], 0.0, 0.0
    with tempfile.TemporaryDirectory() as home:
        environment = _prepared(home)
        for turn in range(STARTS):
            server, took = _start(environment)
            seconds.append(took)
            if turn == 0:
                weight = _weight_kb(_survey_link(environment))
            for _ in range(VISITS):
                _get(f"http://127.0.0.1:{environment['PORT']}/sign-in")
            resident = max(resident, *map(resident_mb, children(server.pid)))
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    median = sorted(seconds)[STARTS // 2]
    print("| what | measured | goal |\n|---|---|---|")
    print(f"| start to first answer, median of {STARTS} | {median:.2f} s | 2 s |")
    print(
        f"| web process, clock inside, resident after {VISITS} pages | {resident:.0f} MB | 150 MB |"
    )
    print(f"| survey page over the wire, styles within | {weight:.1f} KB | 20 KB |")


if __name__ == "__main__":
    main()
