"""The operations page's words: what each kind of work is, since when it waits, who is at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.jobs import due
from feedback.jobs.stuck import expected
from feedback.operations import KindState, State, WorkspaceState
from feedback.work_queues import KINDS, MOST, Waiting
from models.job import Task
from surveys.pauses import EVERY

KIND_WORDS: Mapping[str, str] = {
    due.FIRE: "Asking",
    due.SEND: "Sending messages",
    due.MAIL: "Sending e-mails",
    due.APPOINT: "Making appointments",
    due.RECONCILE: "Looking for lost messages",
    due.LISTEN: "Scoring answers",
    due.READ: "Reading comments",
    due.EXPIRE: "Ending what nobody answered",
    due.REMIND: "Reminding",
    due.LEARN: "Learning own themes",
    due.EXPLAIN: "Explaining readings",
    due.TOPICS: "Finding topics",
    due.PLAN_TOPICS: "Planning topics",
    due.ADAPT: "Learning from corrections",
    due.WATCH: "Watching figures",
    due.TELL: "Sending alerts",
    due.COUNT: "Counting statistics",
    due.TIDY: "Tidying the search",
    due.MEANING: "Searching by meaning",
    due.PACK: "Packing meanings",
    due.FILES: "Reading files of events",
}
WAITING_WORDS: Mapping[str, str] = {
    "fire": "to be asked",
    "send": "messages",
    "listen": "answers",
    "read": "comments",
}


def words_of(kind: str) -> str:
    """A kind of work in words; its name where nobody has words for it."""
    return KIND_WORDS.get(kind, kind.replace("_", " ").capitalize())


def lasting(span: timedelta) -> str:
    """How long, in the one unit that tells: 40 s, 5 min, 3 h, 2 days."""
    seconds = max(int(span.total_seconds()), 0)
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


@dataclass(frozen=True)
class Held:
    """A task that takes longer than it should, or that failed."""

    kind: str
    words: str
    since: datetime | None
    worker: str
    reason: str


@dataclass(frozen=True)
class KindRow:
    """A line of the table of kinds; `mark` is the class of its tag."""

    kind: str
    words: str
    mark: str
    state: str
    waits: str
    running: str
    rows: int
    resting: bool


@dataclass(frozen=True)
class WorkspaceRow:
    """A line of the table of workspaces: what waits there, each kind in words."""

    id: int
    name: str
    waits: Sequence[tuple[str, str]]
    resting: Sequence[str]
    rests: bool


def kind_rows(state: State) -> list[KindRow]:
    """The kinds that have something to tell first, then those that rest or have nothing to do."""
    rows = [_kind_row(one, state) for one in state.kinds]
    order = {"bad": 0, "good": 1, "waiting": 2, "": 3}
    return sorted(rows, key=lambda row: order[row.mark])


def _kind_row(one: KindState, state: State) -> KindRow:
    mark, words = _mark(one, state)
    return KindRow(
        kind=one.kind,
        words=words_of(one.kind),
        mark=mark,
        state=words,
        waits=lasting(state.at - one.since) if one.since else "",
        running=f"{len(one.running)}" if one.running else "",
        rows=one.rows,
        resting=one.rests_since is not None,
    )


def _mark(one: KindState, state: State) -> tuple[str, str]:
    """A class and words, the worst first."""
    cases = (
        (one.rests_since is not None, "waiting", "Paused"),
        (bool(one.stuck), "bad", "Stuck"),
        (bool(one.failing), "bad", "Failing"),
        (one.late(state.at), "bad", "Late"),
        (bool(one.running), "good", "Running"),
        (one.since is not None, "good", "Due"),
        (bool(one.rows), "good", "Done"),
    )
    return next(((mark, words) for true, mark, words in cases if true), ("", "Nothing to do"))


def stuck_tasks(state: State) -> list[Held]:
    """The tasks that take too long, each with its worker and since when."""
    return [_held(task, _overrun(task)) for one in state.kinds for task in one.stuck]


def failing_tasks(state: State) -> list[Held]:
    """The tasks that failed and wait to be tried again."""
    return [_held(task, task.error or "") for one in state.kinds for task in one.failing]


def _overrun(task: Task) -> str:
    return f"should take {lasting(expected(task.kind))} at most"


def _held(task: Task, reason: str) -> Held:
    return Held(
        task.kind, words_of(task.kind), task.started_at, task.claimed_by or "nobody", reason
    )


def workspace_rows(state: State) -> list[WorkspaceRow]:
    """Each workspace, the one with most waiting first."""
    rows = [_workspace_row(one, state.at) for one in state.workspaces]
    return sorted(rows, key=lambda row: (-len(row.waits), row.name))


def _workspace_row(one: WorkspaceState, now: datetime) -> WorkspaceRow:
    waits = [
        (WAITING_WORDS[kind], _amount(one.waiting[kind], now))
        for kind in KINDS
        if kind in one.waiting
    ]
    resting = [words_of(kind) for kind in sorted(one.resting) if kind != EVERY]
    return WorkspaceRow(one.id, one.name, waits, resting, EVERY in one.resting)


def _amount(found: Waiting, now: datetime) -> str:
    many = f"more than {MOST:,}" if found.rows > MOST else f"{found.rows:,}"
    return f"{many}, the first for {lasting(now - found.since)}"


def headline(state: State) -> tuple[str, str]:
    """The page's one sentence, and the class of its mark."""
    if state.everything_rests_since is not None:
        return "All work is paused.", "bad"
    if state.clock is None:
        return "No clock is active, so nothing is handed out: start one with waymark clock.", "bad"
    if not state.workers:
        return "No worker is running, so nothing is done: start one with waymark worker.", "bad"
    if late := state.late:
        names = ", ".join(words_of(one.kind).lower() for one in late[:3])
        return f"Late: {names}.", "bad"
    troubles = [(len(stuck_tasks(state)), "stuck"), (len(failing_tasks(state)), "failing")]
    if told := [f"{many} {what}" for many, what in troubles if many]:
        return f"Nothing is late, but some tasks make trouble: {', '.join(told)}.", "bad"
    return "Nothing is late.", "good"
