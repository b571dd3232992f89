"""The steps of a renewal, found by watching it: whatever changes the world outside of the worker's memory.

That is a statement that writes, a commit, a word to the gateway and a wake-up. Each has a name made of the queue and
of what is done, so that a step which nobody knew shows itself by a new name.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.sql import Composable

from billing.gateway.registry import GATEWAYS
from partnerpanel.queues import wake

WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
VERBS = {"insert into": "insert", "update": "update", "delete from": "delete"}
ASKED = ("charge_many", "look_up")


@dataclass
class Steps:
    """Notes each step by its name, in the order in which they were first taken; the process dies at `dies_at`."""

    dies_at: str = ""
    queue: str = ""
    taken: list[str] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)
    _at_the_gateway: bool = False

    def reach(self, what: str) -> None:
        name = f"{self.queue}: {what}"
        if name not in self.taken:
            self.taken.append(name)
        if name == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def watched(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(self._statement))
            stack.enter_context(patch.object(BaseDatabaseWrapper, "commit", self._commit(BaseDatabaseWrapper.commit)))
            stack.enter_context(patch.object(wake, "publish", self._wake(wake.publish)))
            for gateway in {type(one) for one in GATEWAYS.values()}:
                for name in ASKED:
                    asks = self._ask(name, getattr(gateway, name))
                    stack.enter_context(patch.object(gateway, name, asks))
            yield

    def _statement(
        self, execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        text = statement.as_string(connection.connection) if isinstance(statement, Composable) else statement
        found = WRITES.match(text)
        # What a gateway writes is its own affair.
        if found and not self._at_the_gateway:
            what = f"{VERBS[found[1].lower()]} {found[2].partition('_')[2]}"
            self._written.append(what)
            self.reach(what)
        return execute(statement, params, many, context)

    def _commit(self, commit: Callable[..., None]) -> Callable[..., None]:
        def committed(database: BaseDatabaseWrapper) -> None:
            if not self._written:
                return commit(database)
            what = self._written[0]
            self._written.clear()
            self.reach(f"commit after {what}")
            commit(database)
            return self.reach(f"committed after {what}")

        return committed

    def _wake(self, publish: Callable[..., None]) -> Callable[..., None]:
        def woken(queue: str, partner_id: object) -> None:
            self.reach(f"wake {queue}")
            publish(queue, partner_id)

        return woken

    def _ask(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any) -> Any:
            self.reach(f"before {name}")
            self._at_the_gateway = True
            answers = ask(*args)
            self._at_the_gateway = False
            self.reach(f"after {name}")
            return answers

        return asked
