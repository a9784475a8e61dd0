"""What a worker does for each kind of task; every function is idempotent and may be killed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from feedback import explaining, listening, reading
from feedback.adapting import rows as adapting
from feedback.alerts import deliver, looking
from feedback.cells import work as counting
from feedback.jobs import asking_work, due, outgoing, upkeep
from feedback.jobs.bench import Bench
from feedback.search import asked
from feedback.themes import learning
from feedback.themes.rows import learned
from feedback.topics import plan, runs
from nlp.why import Explainers
from surveys import conversations, delivery, takeover
from surveys.expiry import expire_unanswered

Job = Callable[[Bench], int]


def _fire(bench: Bench) -> int:
    with bench.session() as session:
        return delivery.fire_due(session, bench.services, bench.services.now())


def _listen(bench: Bench) -> int:
    with bench.session() as session:
        return listening.listen(session, bench.services.now())


def _read(bench: Bench) -> int:
    with bench.session() as session:
        now = bench.services.now
        return reading.read_waiting(
            session, bench.reader, now, beside=bench.beside, promoted=bench.over
        )


def _learn(bench: Bench) -> int:
    with bench.session() as session:
        return learning.learn(session, lambda: bench.reader, bench.services.now)


def _explain(bench: Bench) -> int:
    with bench.session() as session:

        def explainer(workspace_id: int) -> Explainers:
            versions = learned(session, {workspace_id}).get(workspace_id)
            reader = bench.beside(session, versions) if versions else bench.reader
            reader = bench.over(session, {workspace_id}, {workspace_id: reader}).get(
                workspace_id, reader
            )
            return reader.explainer()

        return explaining.explain_next(session, explainer, bench.services.now)


def _expire(bench: Bench) -> int:
    with bench.session() as session:
        now = bench.services.now()
        done = takeover.lapse(session, now) + conversations.expire_silent(session, now)
        return done + expire_unanswered(session, now)


def _topics(bench: Bench) -> int:
    with bench.session() as session:
        now = bench.services.now
        if runs.owed(session, now()) is None:
            return 0
        # loaded by the first run: scikit-learn takes a second and 100 MB
        compute = importlib.import_module("feedback.topics.compute")
        done: int = compute.compute_waiting(session, lambda: bench.reader, now)
        return done


def _plan_topics(bench: Bench) -> int:
    with bench.session() as session:
        return plan.plan(session, bench.services.now())


def _adapt(bench: Bench) -> int:
    with bench.session() as session:
        now = bench.services.now
        if adapting.owed(session, now()) is None:
            return 0
        # loaded when there is something to learn: scipy's optimiser takes half a second
        job = importlib.import_module("feedback.adapting.learning")
        done: int = job.learn_next(session, lambda: bench.reader, now)
        return done


def _watch(bench: Bench) -> int:
    with bench.session() as session:
        return looking.look_everywhere(session, bench.services.now())


def _tell(bench: Bench) -> int:
    with bench.session() as session:
        return deliver.send_next(session, bench.sender, bench.services.now)


def _count(bench: Bench) -> int:
    with bench.session() as session:
        return counting.count_next(session, bench.services.now)


def _meaning(bench: Bench) -> int:
    with bench.session() as session:
        return asked.answer_next(session, lambda: bench.reader.meaning, bench.services.now)


JOBS: Mapping[str, Job] = {
    due.FIRE: _fire,
    due.SEND: outgoing.send,
    due.MAIL: outgoing.mail,
    due.APPOINT: outgoing.appoint,
    due.RECONCILE: asking_work.reconcile_job,
    due.FOLLOW_UP: asking_work.follow_up_job,
    due.LISTEN: _listen,
    due.READ: _read,
    due.EXPIRE: _expire,
    due.REMIND: asking_work.remind_job,
    due.LEARN: _learn,
    due.EXPLAIN: _explain,
    due.TOPICS: _topics,
    due.PLAN_TOPICS: _plan_topics,
    due.ADAPT: _adapt,
    due.WATCH: _watch,
    due.TELL: _tell,
    due.COUNT: _count,
    due.TIDY: upkeep.tidy,
    due.MEANING: _meaning,
    due.PACK: upkeep.pack,
    due.FILES: upkeep.files,
    due.RETAIN: upkeep.retain,
}

# sending must never wait for asking, nor asking for reading, nor a new theme or a "why?" for
# history: each lane has its own thread
LANES: Mapping[str, tuple[str, ...]] = {
    "asking": (due.FIRE, due.APPOINT, due.LISTEN, due.EXPIRE, due.REMIND),
    "sending": (due.SEND,),
    "mailing": (due.MAIL,),
    "reconciling": (due.RECONCILE, due.FOLLOW_UP),
    "reading": (due.READ,),
    "learning": (due.LEARN,),
    "explaining": (due.EXPLAIN,),
    "searching": (due.MEANING,),
    "topics": (due.PLAN_TOPICS, due.TOPICS, due.ADAPT, due.TIDY, due.PACK, due.RETAIN),
    "watching": (due.WATCH,),
    "telling": (due.TELL,),
    "counting": (due.COUNT,),
    "taking in": (due.FILES,),
}


def run_to_the_end(bench: Bench, job: Job, until: Callable[[], bool]) -> int:
    """Do batches of a job until nothing is left or `until` says stop; the rows done."""
    total = 0
    while not until():
        done = job(bench)
        total += done
        if not done:
            break
    return total
