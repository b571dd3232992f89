"""Codes of refusals: the catalogue that programs read is complete, each code has one status, and none is lost again."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerpanel.actions.refusal_codes import catalogue
from partnerpanel.kernel.errors import DomainError
from partnerpanel.panel.change_words import REASONS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("partnerpanel", "customers", "subscriptions", "billing", "notifications")
NO_CODE_OF_OURS = (".migrations", ".management", ".settings", "__main__", "gunicorn", "wsgi")
# What programs may have read by now. A code that is renamed or dropped breaks them.
KNOWN = frozenset(
    """
    address_moved already_archived already_decided balance_too_small being_charged broken_text cannot_change
    catalogue_moved charge_declined charging_stopped clock_busy clock_moving conflict credentials_moved
    credentials_unreadable currency_mismatch facts_moved forbidden gateway_down gateway_key_reused
    gateway_refused interval_held invalid_address invalid_advance invalid_cancellation invalid_cursor
    invalid_customer invalid_enrolment invalid_extension invalid_gateway_request invalid_interval
    invalid_invoice_verb invalid_job invalid_limit invalid_mapping invalid_money invalid_outcome invalid_partner
    invalid_pause
    invalid_payment invalid_plan invalid_policy invalid_price_notice invalid_proration invalid_reactivation
    invalid_reason invalid_refund invalid_reset invalid_skip invalid_stop invalid_subscription
    invalid_suspension invalid_tags invalid_tax invalid_waiver link_unusable more_than_charged name_taken
    no_login no_payment_method nobody_holds not_archived not_billed not_found not_given_up not_in_test_mode
    not_waivable nothing_chosen nothing_to_do nothing_to_pay over_refund overlapping_targets owed_moved
    partner_frozen platform_exists policy_moved quote_expired reauthentication_required recorded_already
    tax_moved unknown_charge unknown_gateway unknown_payment_method unknown_variable unusable_file
    which_subscription wrong_job_state
    """.split()  # noqa: SIM905 a list of a hundred words reads better so
)


@pytest.fixture(scope="module", autouse=True)
def everything_is_loaded() -> None:
    """A refusal defined anywhere is known."""
    for app in APPS:
        for module in pkgutil.walk_packages(importlib.import_module(app).__path__, f"{app}."):
            if not any(part in module.name for part in NO_CODE_OF_OURS):
                importlib.import_module(module.name)


def kinds(above: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for kind in above.__subclasses__():
        if kind.__module__.split(".")[0] in APPS:
            yield kind
            yield from kinds(kind)


def test_no_refusal_leaves_without_a_code_in_the_catalogue() -> None:
    codes = {one.code for one in catalogue()}
    assert {kind.code for kind in kinds()} <= codes
    assert DomainError.code not in codes, "a refusal without a code of its own"


def test_a_code_is_a_word_for_programs_with_one_status_and_a_meaning() -> None:
    for one in catalogue():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one.code)
        assert one.meaning
        assert 400 <= one.status < 600
    for kind in kinds():
        [status] = [one.status for one in catalogue() if one.code == kind.code]
        assert kind.status == status, f"{kind.__name__} answers otherwise than others with its code"


def test_what_programs_rely_on_is_still_there() -> None:
    assert {one.code for one in catalogue()} >= KNOWN


def reasons() -> Iterator[tuple[str, str]]:
    """Every reason that a rule gives, with its file."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("CannotChange", "Refusal"):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, path.name


def test_every_reason_is_said_in_words_that_people_read() -> None:
    missing = {(reason, where) for reason, where in reasons() if reason not in REASONS}
    assert not missing
    assert all(str(words) for words in REASONS.values())
