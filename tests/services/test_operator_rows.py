"""Rows of tenants in the operator's site: those of the chosen partner alone, and nothing of them to be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.models import Membership, Partner
from partnerpanel.tenancy.operator.rows import COUNT_CAP, ReadOnlyRows
from partnerpanel.tenancy.rows import TenantModel
from partnerpanel.tenancy.scope import tenant
from tests.kept import kept, two_full_worlds
from tests.services.test_operator import TENANT_MODELS, address, choose, signed_in_operator
from tests.world import World

Worlds = tuple[World, World]


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Worlds]:
    """Two partners that have everything."""
    with kept(django_db_blocker):
        yield two_full_worlds()


@pytest.fixture
def world(both: Worlds) -> World:
    return both[0]


@pytest.fixture
def other_world(both: Worlds) -> World:
    return both[1]


@pytest.fixture
def inside(world: World, db: None) -> Client:
    """An operator who has chosen the first of them."""
    client = signed_in_operator()
    choose(client, world.partner)
    return client


def first_id(world: World, model: type[TenantModel]) -> object:
    """Of the newest row, which stands on the first page of lists that begin with what happened last."""
    with tenant(world.id):
        return model.objects.order_by("-pk")[0].pk


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_rows_of_the_chosen_partner_alone_are_shown_and_cannot_be_changed(
    inside: Client, world: World, other_world: World, model: type[TenantModel]
) -> None:
    own, foreign = first_id(world, model), first_id(other_world, model)
    listed = inside.get(address(model, "changelist"))
    assert listed.status_code == 200
    assert str(own) in listed.content.decode()
    assert str(foreign) not in listed.content.decode()
    shown = inside.get(address(model, "change", own))
    assert shown.status_code == 200
    # Another partner's row is as unknown as one that never was.
    answers = [inside.get(address(model, "change", id_), follow=True) for id_ in (foreign, uuid7())]
    assert {answer.redirect_chain[0] for answer in answers} == {("/operator/", 302)}
    assert len({_message(answer) for answer in answers}) == 1
    for path in (address(model, "add"), address(model, "change", own), address(model, "delete", own)):
        assert inside.post(path, {"post": "yes"}).status_code == 403
    assert inside.get(address(model, "add")).status_code == 403
    choose(inside, other_world.partner)
    assert str(own) not in inside.get(address(model, "changelist")).content.decode()


def _message(answer: Any) -> str:
    """What the page says, without the id that was asked for."""
    (found,) = [str(message) for message in answer.context["messages"]]
    return re.sub(r"“[0-9a-f-]{36}”", "", found)


def test_no_secret_is_ever_a_column_or_a_field(inside: Client) -> None:
    for model in TENANT_MODELS:
        model_admin = admin.site.get_model_admin(model)
        assert isinstance(model_admin, ReadOnlyRows)
        shown = {*model_admin.get_fields(None), *model_admin.list_display}  # type: ignore[arg-type]
        for field in model._meta.local_fields:
            if isinstance(field, models.BinaryField) or re.search("password|secret|sealed|hash", field.name):
                assert field.name not in shown, field


def test_a_list_costs_few_queries_and_counts_no_large_table(inside: Client, world: World) -> None:
    world.subscriptions(world.customers(30))
    for model in TENANT_MODELS:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert inside.get(address(model, "changelist")).status_code == 200
        # Session, person, partner; savepoint and scope; one count that is capped, one page.
        assert len(queries) <= 14, (model, [query["sql"][:100] for query in queries])
        for query in queries:
            if "COUNT(" in query["sql"]:
                assert f"LIMIT {COUNT_CAP}" in query["sql"], query["sql"]


def test_pages_need_nothing_inline(inside: Client, world: World) -> None:
    """The content security policy allows neither inline scripts nor inline styles."""
    paths = ["/operator/", "/operator/partner/", address(Partner, "add"), address(Membership, "add")]
    for model in TENANT_MODELS:
        paths += [address(model, "changelist"), address(model, "change", first_id(world, model))]
    for path in paths:
        page = inside.get(path)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", html), path
        assert not re.search(r"<style\b|\sstyle=\"|\son[a-z]+=\"|javascript:", html), path
