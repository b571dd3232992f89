"""Which worker runs which tests: each test goes to whoever is free, but those of some files stay with one."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

# Each makes its rows once for all of its tests. The marks that pytest-xdist has for this come to nothing with
# pytest 9.2, which no longer takes another id for a test.
TOGETHER = (
    "tests/embedded/test_demo.py",
    "tests/services/test_demo_data.py",
    "tests/services/test_operator_rows.py",
)

# Single tests of these take up to a minute: begun last, one would be waited for while the other workers have nothing.
LONG = (
    "tests/services/test_cut_over_renews.py",
    "tests/services/test_import_telco.py",
    "tests/panel/test_pages_in_a_browser.py",
    "tests/portal/test_a_customers_life_in_a_browser.py",
    "tests/architecture/test_frozen_routes.py",
    "tests/architecture/test_route_matrix.py",
    "tests/backups/",
    "tests/faults/",
)


def longest_first(items: list[pytest.Item]) -> None:
    """Otherwise in the order of their files."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The largest files of TOGETHER begin first, since they take longest."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid
