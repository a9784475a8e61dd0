"""The image, the compose file and the manifests speak of the program as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml
from flask import Flask

from feedback.cli import group
from feedback.settings import Settings, load

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
FOLDER = ROOT / "deploy" / "kubernetes"
MANIFESTS = [
    document
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for document in yaml.safe_load_all(path.read_text())
]
READ_ELSEWHERE = {"WEB_CONCURRENCY", "PROMETHEUS_MULTIPROC_DIR", "FORWARDED_ALLOW_IPS"}
"""Variables that no setting of ours holds: the program or a library reads them by name."""
OF_IMAGE = {"PATH", "PYTHONUNBUFFERED"}


def _of_kind(kind: str) -> list[dict[str, Any]]:
    return [one for one in MANIFESTS if one["kind"] == kind]


def _pods() -> list[dict[str, Any]]:
    return [one["spec"]["template"] for one in (*_of_kind("Deployment"), *_of_kind("Job"))]


def _containers() -> list[dict[str, Any]]:
    return [one for pod in _pods() for one in pod["spec"]["containers"]]


def _ours() -> dict[str, Any]:
    """The services of the compose file that run our image."""
    return {name: one for name, one in COMPOSE["services"].items() if "build" in one}


def _named() -> Iterator[str]:
    """Every variable that is set for our processes anywhere."""
    for service in _ours().values():
        yield from service["environment"]
    for config in _of_kind("ConfigMap"):
        yield from config["data"]
    for secret in _of_kind("Secret"):
        yield from secret["stringData"]
    for container in _containers():
        yield from (one["name"] for one in container.get("env", ()))
    (environment,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    yield from re.findall(r"(\w+)=", environment)


def test_every_variable_is_one_the_program_reads() -> None:
    known = {name.upper() for name in Settings.model_fields} | READ_ELSEWHERE | OF_IMAGE
    assert set(_named()) - known == set()


@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"])
def test_variables_that_are_no_settings_are_read_by_name(name: str) -> None:
    sources = (path.read_text() for path in (ROOT / "feedback").rglob("*.py"))
    assert any(f'"{name}"' in source for source in sources)


def test_the_examples_are_settings_that_the_program_takes(tmp_path: Path) -> None:
    (config,), (secret,) = _of_kind("ConfigMap"), _of_kind("Secret")
    values = {**config["data"], **secret["stringData"], "WAYMARK_HOME": str(tmp_path)}
    assert not load(values).embedded


def _command(arguments: list[str]) -> click.Command:
    found: click.Command = group
    for argument in arguments:
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), argument)
        assert inner is not None, argument
        found = inner
    return found


def test_every_command_is_one_of_ours() -> None:
    (standing,) = re.findall(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    said = [one["command"] for one in _ours().values()]
    said += [one["args"] for one in _containers()]
    said += [re.findall(r'"(\w+)"', standing)]
    for line in (ROOT / "Procfile").read_text().splitlines():
        said.append(line.split(": waymark ", 1)[1].split())
    for arguments in said:
        assert not isinstance(_command(arguments), click.Group), arguments


def test_every_process_of_the_procfile_is_everywhere() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    wanted = {line.split(": waymark ", 1)[1] for line in lines}
    assert {" ".join(one["command"]) for one in _ours().values()} == wanted
    assert {" ".join(one["args"]) for one in _containers()} == wanted


def test_one_image_one_user_one_port() -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert {one["image"].split(":")[0] for one in (*_containers(), *_ours().values())} == {
        "waymark"
    }
    contexts = [pod["spec"]["securityContext"] for pod in _pods()]
    assert {(one["runAsUser"], one["runAsNonRoot"]) for one in contexts} == {(int(user), True)}
    ports = [one for container in _containers() for one in container.get("ports", ())]
    assert [one["containerPort"] for one in ports] == [int(port)]
    assert int(port) == Settings.model_fields["port"].default
    (service,) = _of_kind("Service")
    assert service["spec"]["ports"][0]["targetPort"] == ports[0]["name"]
    assert COMPOSE["services"]["web"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_probes_ask_for_what_there_is(app: Flask) -> None:
    probes = [
        container[name]["httpGet"]
        for container in _containers()
        for name in ("startupProbe", "livenessProbe", "readinessProbe")
        if name in container
    ]
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {probe["path"].split("?")[0] for probe in probes} == {"/healthz", "/readyz"} <= rules
    assert {probe["port"] for probe in probes} == {"http"}


def test_budgets_and_services_choose_pods_that_there_are() -> None:
    labels = [pod["metadata"]["labels"] for pod in _pods()]
    (service,) = _of_kind("Service")
    selectors = [one["spec"]["selector"]["matchLabels"] for one in _of_kind("PodDisruptionBudget")]
    for selector in (*selectors, service["spec"]["selector"]):
        assert selector in labels
    assert len(selectors) == len(_of_kind("Deployment"))


def test_all_is_listed_for_kustomize() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert set(listed) == files - {"kustomization.yaml", "secret.example.yaml"}


@pytest.mark.parametrize(
    "manifest", MANIFESTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}"
)
def test_kubernetes_would_take_it(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, "1.32", strict=True)


def test_the_linters_have_nothing_to_say() -> None:
    folder = Path(sys.executable).parent
    yamllint = [sys.executable, "-m", "yamllint", "-s", "compose.yaml", "deploy"]
    hadolint = [shutil.which("hadolint", path=str(folder)) or "hadolint", "Dockerfile"]
    for command in (yamllint, hadolint):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_gets_only_what_it_installs() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    wanted = {name for line in copied for name in line.split()}
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    assert wanted == let_in
    assert all((ROOT / name).exists() for name in wanted)
