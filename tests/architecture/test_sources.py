"""What no linter says: migrations stand alone, and rules are told the time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerpanel.embedded.state import ROOT

APPS = ("partnerpanel", "customers", "subscriptions", "billing", "notifications")
CLOCKS = {"now", "today", "utcnow", "system_now", "time", "time_ns", "localtime", "localdate", "monotonic"}


def files(pattern: str) -> list[Path]:
    found = [file for app in APPS for file in sorted((ROOT / app).rglob(pattern)) if "node_modules" not in file.parts]
    return [file for file in found if file.name != "__init__.py"]


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


MIGRATIONS = files("migrations/*.py")


def test_there_are_migrations_to_look_at() -> None:
    assert len(MIGRATIONS) > 5


@pytest.mark.parametrize("file", MIGRATIONS, ids=name_of)
def test_a_migration_imports_nothing_of_the_application(file: Path) -> None:
    own = [module for module in imported(file) if module.split(".")[0] in APPS]
    assert not own


RULES = [*files("rules/*.py"), *files("kernel/*.py")]


@pytest.mark.parametrize("file", [file for file in RULES if file.name not in ("clock.py", "ids.py")], ids=name_of)
def test_rules_are_told_the_time_and_never_ask(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            # `facts.today(now)` is told the time: only the clock itself is asked without any.
            is_told = called == "today" and bool(node.args)
            assert is_told or called not in CLOCKS, f"{name_of(file)}:{node.lineno} reads the clock"


@pytest.mark.parametrize("file", files("*.py"), ids=name_of)
def test_no_module_reads_the_clock_or_the_database_while_it_is_imported(file: Path) -> None:
    for node in _on_import(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            assert called not in CLOCKS | {"for_partner", "cursor"}, f"{name_of(file)}:{node.lineno}"


def _on_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run when the module is imported: not the bodies of functions, but their defaults."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.decorator_list):
                yield default
                yield from ast.walk(default)
        elif not isinstance(node, ast.Lambda):
            yield node
            yield from _on_import(node)
