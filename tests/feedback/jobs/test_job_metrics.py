"""Prometheus hears of every kind, and what the dashboard and the rules ask for is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback.jobs import due, tasks, totals, workers
from feedback.jobs.clock import Clock
from feedback.metrics import exposition
from models.workspace import Workspace

Values = dict[tuple[str, tuple[str, ...]], float]


def told(session: Session, now: datetime) -> Values:
    """Every sample, by its name and the values of its labels."""
    text = b"".join(exposition(session, now)).decode()
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_was_done_is_counted_by_kind_with_its_lateness(
    session: Session, workspace: Workspace, now: datetime
) -> None:
    for late, rows in ((0.05, 3), (1.5, 40), (1e5, 7)):
        totals.add(session, "send", late, rows, failed=late > 10)
    session.commit()
    values = told(session, now)
    assert values["waymark_jobs_rows_total", ("send",)] == 50
    assert values["waymark_jobs_tasks_total", ("send",)] == 3
    assert values["waymark_jobs_failures_total", ("send",)] == 1
    bucket = "waymark_jobs_lateness_seconds_bucket"
    found = [values[bucket, ("send", bound)] for bound in ("0.1", "1.0", "2.0", "3600.0", "+Inf")]
    assert found == [1, 1, 2, 2, 3]
    assert values["waymark_jobs_lateness_seconds_count", ("send",)] == 3
    assert values["waymark_jobs_lateness_seconds_sum", ("send",)] == pytest.approx(100_001.55)


def test_levels_say_what_waits_runs_and_is_stuck(
    engine: Engine, session: Session, workspace: Workspace, now: datetime
) -> None:
    clock = Clock(engine, lambda: now)
    clock.tick()
    tasks.hand_out(session, "send", now, now)
    tasks.hand_out(session, "read", now, now)
    session.commit()
    tasks.claim(session, ("read",), "w", now)
    workers.seen(session, "w", workers.DATABASE, now, now)
    session.commit()
    values = told(session, now + timedelta(seconds=15))
    assert values["waymark_clock_active", ()] == 1 and values["waymark_workers", ()] == 1
    assert values["waymark_jobs_tasks", ("send", "ready")] == 1
    assert values["waymark_jobs_tasks", ("read", "running")] == 1
    assert values["waymark_jobs_tasks", ("fire", "ready")] == 0
    assert values["waymark_jobs_stuck", ("read",)] == 0
    assert values["waymark_jobs_oldest_due_seconds", ("fire",)] == 0
    assert {kind for name, (kind, *_) in _labelled(values) if name == OLDEST} == set(due.KINDS)
    later = told(session, now + timedelta(hours=1))
    assert later["waymark_jobs_stuck", ("read",)] == 1 and later["waymark_workers", ()] == 0
    clock.stop()


OLDEST = "waymark_jobs_oldest_due_seconds"


def _labelled(values: Values) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, labels) for name, labels in values if labels]


def _asked_for(root: Path) -> set[str]:
    """The names that the rules and the dashboard ask for."""
    rules = yaml.safe_load((root / "ops/prometheus/alerts.yml").read_text())
    dashboard = json.loads((root / "ops/grafana/waymark.json").read_text())
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    expressions += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return {name for one in expressions for name in re.findall(r"waymark_\w+", one)}


def test_what_the_rules_and_the_dashboard_ask_for_is_told(
    sqlite_session: Session, repository_root: Path, now: datetime
) -> None:
    totals.add(sqlite_session, "send", 1.0, 1, failed=False)
    sqlite_session.commit()
    text = b"".join(exposition(sqlite_session, now)).decode()
    families = {
        name
        for family in text_string_to_metric_families(text)
        for name in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }
    asked = _asked_for(repository_root)
    assert len(asked) > 8 and asked <= families, asked - families


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian: prometheus)")
def test_prometheus_accepts_the_rules(repository_root: Path) -> None:
    command = ["promtool", "check", "rules", str(repository_root / "ops/prometheus/alerts.yml")]
    subprocess.run(command, check=True)
