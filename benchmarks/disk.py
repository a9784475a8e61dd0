"""How long the disk takes to keep a few bytes, while something else is measured on it.

    python -m benchmarks.disk FOLDER

Appends 8 KB to a file of FOLDER fifty times a second and waits until the disk has them
(fdatasync), as a database does at each commit. At the end of its standard input it prints
the middle, the 99th hundredth and the longest, in milliseconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAUSE = 0.02


def main() -> None:
    """Write until nobody wants to know any more."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    took = []
    with tempfile.NamedTemporaryFile(dir=sys.argv[1], buffering=0) as file:
        while not over.wait(PAUSE):
            begun = time.perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            took.append(1000 * (time.perf_counter() - begun))
    hundredths = statistics.quantiles(took, n=100)
    print(f"{hundredths[49]:.1f} | {hundredths[98]:.0f} | {max(took):.0f}")


@contextmanager
def watched() -> Iterator[Callable[[], str]]:
    """Watch the disk of temporary files; ends, and gives its figures, when asked."""
    command = [sys.executable, "-m", "benchmarks.disk", tempfile.gettempdir()]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield lambda: process.communicate()[0].strip()


if __name__ == "__main__":
    main()
