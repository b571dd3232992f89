"""What must be true of the compose file, whoever edits it."""

from typing import Any

import pytest
import yaml
from django.apps import apps

from partnerpanel.embedded.environment import EXAMPLE
from partnerpanel.embedded.state import ROOT
from partnerpanel.embedded.supervisor import WORKERS
from partnerpanel.queues.registry import all_queues

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
RUNNING = [name for name in SERVICES if name != "migrate"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root(name: str) -> None:
    assert str(SERVICES[name]["user"]).partition(":")[0] not in ("", "0", "root")
    assert SERVICES[name]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", RUNNING)
def test_everything_that_stays_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_web_is_published_and_on_loopback_alone(name: str) -> None:
    ports = SERVICES[name].get("ports", [])
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert bool(ports) == (name == "web")


def test_the_broker_never_evicts() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert SERVICES["web"]["environment"]["REDIS_URL"] == "redis://redis:6379/0"
    assert "redis:6379" not in SERVICES["web"]["environment"]["CACHE_URL"].replace("cache:6379", "")


def test_the_owner_is_known_to_the_migration_alone() -> None:
    for name, service in SERVICES.items():
        known = {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"} & set(service.get("environment", {}))
        assert bool(known) == (name == "migrate")


def test_every_queue_has_workers_here_and_in_the_demo() -> None:
    assert apps.ready
    used = {queue.workers for queue in all_queues()} | {"default"}
    assert used <= _consumed()
    assert {queue for queues in WORKERS.values() for queue in queues} == _consumed()


def test_every_variable_is_explained() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    names = {part.partition(":")[0].partition("}")[0] for part in text.split("${")[1:]}
    assert {name for name in names if f"\n{name}=" not in EXAMPLE.read_text()} == set()


def _consumed() -> set[str]:
    commands = [service["command"] for name, service in SERVICES.items() if name.startswith("worker-")]
    return {queue for command in commands for queue in command[command.index("--queues") + 1].split(",")}
