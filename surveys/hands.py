"""Hands: the threads that hand claims to a provider, while one session keeps the books."""

from __future__ import annotations

import threading
from collections.abc import Collection
from types import TracebackType

from surveys.channels.gateway import Gateway
from surveys.lines import Lines
from surveys.sender_rows import Wire


class Hands:
    """So many hands for the lines of one run, each a thread beside the one that keeps the books.

    The threads begin with the first claims and end with the run.
    """

    def __init__(self, many: int, lines: Lines, gateway: Gateway) -> None:
        self._many, self._lines, self._gateway = many, lines, gateway
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Hands:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        for thread in self._threads:
            thread.join()

    def call(self, claims: int) -> None:
        """There are so many claims more: as many hands help, as far as there are."""
        for _ in range(min(self._many - len(self._threads), claims)):
            name = f"sending-{len(self._threads)}"
            thread = threading.Thread(target=self._errands, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def work(self, seconds: float, wanted: Collection[Wire]) -> None:
        """Let them work for so long, or until the books are to be looked at."""
        self._lines.wait(seconds, wanted)

    def _errands(self) -> None:
        while self._errand():
            pass

    def _errand(self) -> bool:
        """Hand one claim over, once there is one; False where there never will be."""
        taken = self._lines.take()
        if taken is None:
            return False
        outcome, broken = None, None
        try:
            outcome = self._gateway.send(taken[1].outgoing)
        except BaseException as error:  # a gateway never should: whoever keeps the books raises it
            broken = error
        self._lines.done(taken, outcome, broken)
        return True
