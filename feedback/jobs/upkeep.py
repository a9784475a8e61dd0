"""What a worker does beside asking and reading: files taken in, indexes kept, the old forgotten."""

from __future__ import annotations

from feedback.files import inbox
from feedback.hooks.waiting import give_up_next
from feedback.jobs.bench import Bench
from feedback.retention.forget import forget_next
from feedback.search import blocks
from feedback.search.tidy import tidy as merge_out


def files(bench: Bench) -> int:
    """Files of events that wait in watched folders."""
    return inbox.take_in(bench.session, bench.intake_folder, bench.services.now)


def tidy(bench: Bench) -> int:
    """Erased words, merged out of the search index."""
    with bench.session() as session:
        return merge_out(session, bench.services.now())


def pack(bench: Bench) -> int:
    """What comments mean, in blocks that are searched."""
    with bench.session() as session:
        return blocks.pack_next(session, lambda: bench.reader)


def retain(bench: Bench) -> int:
    """What is older than a workspace wants to keep, and what waited for another event in vain."""
    with bench.session() as session:
        now = bench.services.now()
        return give_up_next(session, now) + forget_next(session, now)
