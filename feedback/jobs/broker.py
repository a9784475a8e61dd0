"""Celery on Redis or RabbitMQ: a message says that there is work of a kind, and no more.

What is owed, since when, and who does it stands in the database: a message that is lost, comes
twice or comes late changes nothing but the moment at which a worker looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from celery import Celery
from kombu import Exchange, Queue

from feedback.jobs.work import LANES

TASK = "waymark.work"
PATIENCE_SECONDS = 2
"""How long a broker may take to answer."""
HANDS = len(LANES) + 1
"""Threads of a worker: one a lane, and one to turn away messages for a lane that is busy."""
LANE_OF: Mapping[str, str] = {kind: lane for lane, kinds in LANES.items() for kind in kinds}

_SETTINGS: Mapping[str, Any] = {
    # nothing executable travels, and nothing personal: the name of a kind
    "task_serializer": "json",
    "accept_content": ["json"],
    # nobody waits for an answer; what came of a task stands in its row
    "task_ignore_result": True,
    # a message is done with when the work is: a worker that dies gives it back
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    # no worker keeps messages that another one could work on
    "worker_prefetch_multiplier": 1,
    # a message that is lost with the broker is written again a moment later
    "task_default_delivery_mode": "transient",
    # a broker that is away is waited for, at the start and for ever; tasks go on meanwhile
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": PATIENCE_SECONDS,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    # our own table says who lives, and /metrics what is done
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
}
# Redis gives a message to another worker when it was not done with for so long: longer than any
# task may take, or a long one would be said again and again
_REDIS = {"visibility_timeout": 3600, "socket_connect_timeout": PATIENCE_SECONDS}
_REDIS_ASKING = {"socket_timeout": PATIENCE_SECONDS, "max_retries": 0, **_REDIS}
_RABBIT_ASKING = {"read_timeout": PATIENCE_SECONDS, "write_timeout": PATIENCE_SECONDS}


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and how our queues there begin."""

    url: str
    prefix: str = "waymark"

    def queue(self, lane: str) -> Queue:
        """The queue of a lane: no lane's messages wait behind another's."""
        name = f"{self.prefix}.{lane}"
        return Queue(name, Exchange(self.prefix, type="direct"), routing_key=name)

    def app(self, asking: bool = False) -> Celery:
        """Celery with our settings; `asking`: for the clock, which never waits long."""
        app = Celery(self.prefix, broker=self.url, set_as_current=False)
        redis = self.url.startswith("redis")
        app.conf.update(_SETTINGS)
        app.conf.task_queues = [self.queue(lane) for lane in LANES]
        if asking:
            app.conf.broker_transport_options = _REDIS_ASKING if redis else _RABBIT_ASKING
        elif redis:
            app.conf.broker_transport_options = _REDIS
        return app

    def unreachable(self) -> str | None:
        """Why the broker does not answer, None where it does."""
        app = self.app(asking=True)
        try:
            with app.connection_for_write(connect_timeout=PATIENCE_SECONDS) as connection:
                connection.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
        except Exception as error:  # each broker's client has its own
            return type(error).__name__
        return None

    def worker(self, turn: Callable[[str], int]) -> Any:
        """A Celery worker, to be started: each message has `turn` do what its lane owes."""
        app = self.app()

        def work(kind: str) -> None:
            lane = LANE_OF.get(kind)
            if lane:  # a newer clock may know kinds that we don't
                turn(lane)

        app.task(work, name=TASK, shared=False)
        return app.Worker(
            pool="threads",
            concurrency=HANDS,
            loglevel="WARNING",
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
