"""No amount is calculated by a rule that has no words."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import billing
from billing.wording import SENTENCES
from subscriptions.rules.changes import DIRECTION

ROOT = Path(billing.__file__).parent
# It says what counts as up or down, in sentences of its own, and is no amount.
NO_AMOUNT = {DIRECTION}


def rules_of(source: Path) -> set[str]:
    """The rules that the file's derivations name: each by a constant, except where an earlier one is passed on."""
    module = importlib.import_module(".".join((ROOT.name, *source.relative_to(ROOT).with_suffix("").parts)))
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)]
    named = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Derivation"]
    return {getattr(module, name.id) for name in named if isinstance(name, ast.Name)}


def test_every_rule_that_makes_an_amount_has_a_sentence() -> None:
    found = {rule for source in ROOT.rglob("rules/**/*.py") for rule in rules_of(source)}
    assert len(found) > 8
    assert found - NO_AMOUNT <= set(SENTENCES)
