"""Which worker runs which tests: each test goes to whoever is free, but those of some files stay with one."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# Each makes its rows once for all of its tests. The marks that pytest-xdist has for this come to nothing with
# pytest 9.2, which no longer takes another id for a test.
TOGETHER = (
    "tests/embedded/test_demo.py",
    "tests/services/test_demo_data.py",
    "tests/services/test_operator_rows.py",
)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The largest files of TOGETHER begin first, since they take longest."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid
