"""Servers and databases of the tests. Every test that touches the database does so as the application's role."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer

from partnerpanel.embedded.connection import Servers
from partnerpanel.embedded.keep import COPY, shared_servers
from partnerpanel.kernel import ids
from tests.databases import clear_away, copy_of_template, place_of, servers_state, use
from tests.flush import Flush, make_as_new
from tests.together import Together, longest_first

pytest_plugins = ["tests.browser", "tests.people", "tests.world"]

# What a machine under load takes long for breaks no property: time is measured by benchmarks.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
RUN = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """One id for the whole run, which xdist hands to its workers."""
    handed: str | None = getattr(config, "workerinput", {}).get("testrunuid")
    run = handed or getattr(config.option, "testrunuid", None) or uuid4().hex
    config.stash[RUN] = run
    if hasattr(config.option, "testrunuid"):
        config.option.testrunuid = run


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)


def pytest_collection_finish() -> None:
    """What is loaded by now stays for the run; looking through it for garbage takes a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash and not hasattr(config, "workerinput"):
        clear_away(config.stash[RUN])


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    worker_id: str,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """A database of this worker's own, and both aliases pointed at it."""
    run = request.config.stash[RUN]
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        place = stack.enter_context(place_of(run))
        prefix = place.template.removesuffix("_template") if place.passing else f"{COPY}{run[:12]}"
        with copy_of_template(place, f"{prefix}_{worker_id}") as copy:
            use(copy)
            flush = stack.enter_context(closing(Flush.remembering(copy.owner_url)))
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty(flush))
            patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _: False)
            yield


def empty(flush: Flush) -> None:
    """After a test that commits; Django would close its connections as well."""
    make_as_new(connections["default"])
    connections["owner"].close()
    flush()


@pytest.fixture(autouse=True)
def ids_of_their_time() -> Iterator[None]:
    """Ids never go back, so a clock that one test set ahead would stay in the ids of all later ones."""
    before = ids._Newest.stamp
    yield
    ids._Newest.stamp = before


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Addresses of the embedded servers, for a test of the servers themselves."""
    with shared_servers(servers_state()) as found:
        yield found


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest) -> str:
    """The address of a real broker: the one that REDIS_URL names, else the embedded one."""
    return os.environ.get("REDIS_URL") or str(request.getfixturevalue("servers").redis_url)
