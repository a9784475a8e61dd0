"""The clock and the workers of a run, killed at random moments and started again."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.fleet import Wanted, cpu_seconds, start, told
from benchmarks.serving import resident_mb


@dataclass
class Crew:
    """The clock and the workers, killed and started again."""

    env: dict[str, str]
    names: Sequence[str]
    seed: int
    spent: float = 0.0
    kills: int = 0

    def __post_init__(self) -> None:
        self._stop, self._dice = threading.Event(), random.Random(self.seed)
        self._lock = threading.Lock()
        self._at = [start(name, self.env) for name in self.names]

    def cpu(self) -> float:
        """Seconds of all workers so far, the dead ones' too."""
        with self._lock:
            alive = [one for name, one in zip(self.names, self._at, strict=True) if name != "clock"]
            return self.spent + sum(map(cpu_seconds, alive))

    def memory(self) -> float:
        """MB of the largest worker."""
        with self._lock:
            pairs = zip(self.names, self._at, strict=True)
            return max(resident_mb(one.pid) for name, one in pairs if name != "clock")

    def kill_every(self, seconds: float) -> threading.Thread:
        """Kill one at random every so often, until stopped."""
        thread = threading.Thread(target=self._kill, args=(seconds,), daemon=True)
        thread.start()
        return thread

    def _kill(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            place = self._dice.randrange(len(self.names))
            with self._lock:
                one = self._at[place]
                if self.names[place] != "clock":
                    self.spent += cpu_seconds(one)
                one.kill()
                one.wait()
                self._at[place] = start(self.names[place], self.env)
                self.kills += 1

    def no_more(self) -> None:
        """Kill nobody from now on."""
        self._stop.set()

    def end(self) -> None:
        """End them all."""
        self.no_more()
        with self._lock:
            for one in self._at:
                one.kill()
                one.wait()


@contextmanager
def crew(url: str, wanted: Wanted, workers: int, seed: int) -> Iterator[Crew]:
    """A clock and so many workers."""
    with told(url, wanted) as env:
        made = Crew(env, ["clock", *["worker"] * workers], seed)
        try:
            yield made
        finally:
            made.end()
