"""Where the demo finds its servers: what is named wins, what runs comes second, and silence is an error."""

import os
from pathlib import Path

import pytest

from partnerpanel.embedded.connection import NothingRunning, Servers, connection
from partnerpanel.embedded.servers import publish
from partnerpanel.embedded.state import State

STARTED = Servers("postgres://u@h/started", "postgres://o@h/started", "postgres://a@h/a", "redis://r/0", "redis://r/1")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("PARTNERPANEL_STATE", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
    return State.named("demo")


def test_nothing_running_and_nothing_named_says_what_to_do(state: State) -> None:
    with pytest.raises(NothingRunning, match="start `make demo`, or set DATABASE_URL"):
        connection()


def test_running_servers_are_found(state: State) -> None:
    publish(state, STARTED, smtp_port="2525")
    found = connection()
    assert (found.database_url, found.redis_url, found.smtp_port) == (STARTED.database_url, STARTED.redis_url, 2525)


def test_servers_of_a_dead_demo_are_not_taken_for_running(state: State) -> None:
    publish(state, STARTED)
    written = state.read("connection.json")
    state.write("connection.json", {**written, "keeper": f"{os.getpid()} 1 another-boot"})
    with pytest.raises(NothingRunning):
        connection()


def test_named_servers_win(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(state, STARTED)
    monkeypatch.setenv("DATABASE_URL", "postgres://app_user@real/one")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://app_owner@real/one")
    found = connection()
    assert (found.database_url, found.redis_url) == ("postgres://app_user@real/one", STARTED.redis_url)


def test_one_role_alone_is_not_enough(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app_user@real/one")
    with pytest.raises(NothingRunning, match="both DATABASE_URL and DATABASE_OWNER_URL"):
        connection()


def test_secrets_are_made_once_and_are_the_owners_alone(state: State) -> None:
    publish(state, STARTED)
    first, second = connection(), connection()
    assert first.secret_ring == second.secret_ring
    assert first.secret_key == second.secret_key
    for name in ("secrets.json", "connection.json"):
        assert (state.path / name).stat().st_mode & 0o077 == 0
