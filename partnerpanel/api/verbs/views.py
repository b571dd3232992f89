"""Confirming and previewing a verb on one object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from customers.queries.detail import customer
from partnerpanel.actions import door
from partnerpanel.actions.verb import Target, Verb
from partnerpanel.api.objects import OfResource
from partnerpanel.api.operations import Operation
from partnerpanel.api.quotes import QuoteShape, shown_quote
from partnerpanel.api.verbs.spec import VerbSpec
from partnerpanel.api.views import WritingView
from partnerpanel.idempotency.services import Acted
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.resources import resource
from subscriptions.queries.facts import customers_of
from subscriptions.queries.wire import running_of

# Where the rows of documents say whose they are.
OWNERS = {
    "invoices": ("customer_id", "subscription_id"),
    "payments": ("customer_id", "invoice__subscription_id"),
}


class OfNoSubscription(DomainError):
    """A document that was made for no subscription."""

    code = "of_no_subscription"


class OnObject(OfResource):
    """What previews and confirmations of one object share."""

    spec: ClassVar[VerbSpec]

    def targets(self, id_: UUID) -> tuple[Target, ...]:
        """Raises NotFound for a subscription of nobody; a customer of nobody is found out by the verb."""
        partner_id = self.caller.partner.pk
        if self.resource_name == "customers" and not self.spec.each:
            return (Target(id_),)
        with tenant(partner_id):
            if self.resource_name in OWNERS:
                return (self._of_document(id_, *OWNERS[self.resource_name]),)
            if self.resource_name == "customers":
                customer(partner_id, id_)
                return tuple(Target(id_, one) for one in running_of(partner_id, id_)) or (Target(id_),)
            owners = customers_of(partner_id, [id_])
        if id_ not in owners:
            raise NotFound("There is no such subscription.", field="id")
        return (Target(owners[id_], id_),)

    def _of_document(self, id_: UUID, customer: str, subscription: str) -> Target:
        """The subscription that a document is of. Raises NotFound; OfNoSubscription for one that is of none."""
        customer_id, subscription_id = self.columns_of(id_, customer, subscription)
        if subscription_id is None:
            raise OfNoSubscription("This document is of no subscription; it cannot be changed here.", field="id")
        return Target(customer_id, subscription_id)

    def verb(self, id_: UUID, wanted: Mapping[str, Any]) -> Verb:
        return self.spec.make(self.targets(id_), {**wanted, "id": id_})


class Previewing(OnObject):
    """`POST …/<verb>/preview`: a quote; writes nothing."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        one = resource(cls.resource_name)
        return Operation(
            id=f"preview_{one.kind}_{cls.spec.path}",
            summary=f"Preview: {cls.spec.summary[0].lower()}{cls.spec.summary[1:]}",
            tag=one.name,
            takes=cls.spec.shape,
            gives=QuoteShape,
            scope=cls.scopes[method],
        )

    def post(self, _request: Request, public_id: str) -> Response:
        wanted = self.cleaned(self.spec.shape)
        wanted.pop("quote", None)
        verb = self.verb(parse(self.resource.prefix, public_id), wanted)
        return Response(shown_quote(door.preview(verb, actor=self.caller.actor, now=self.caller.now)))


class Confirming(WritingView, OnObject):
    """`POST …/<verb>`: does it, and answers with the object as it is then."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        one = resource(cls.resource_name)
        return Operation(
            id=f"{one.kind}_{cls.spec.path}",
            summary=cls.spec.summary,
            tag=one.name,
            takes=cls.spec.shape,
            gives=one.shape,
            scope=cls.scopes[method],
            once=True,
            needs_key=cls.needs_key,
        )

    def post(self, _request: Request, public_id: str) -> Response:
        id_ = parse(self.resource.prefix, public_id)
        return self.once(lambda: self._act(id_), lambda _acted: Response(self.one(id_)))

    def _act(self, id_: UUID) -> Response:
        wanted = self.cleaned(self.spec.shape)
        quote = wanted.pop("quote", None)
        door.commit(self.verb(id_, wanted), quote=quote, actor=self.caller.actor, now=self.caller.now)
        return Response(self.one(id_))


def created_in(acted: Acted, kind: str, entries: Any) -> UUID:
    """The object of that kind that an action made. Raises NotFound where it made none."""
    if acted.object_type == kind:
        return acted.object_id
    for entry in entries:
        if entry.object_type == kind:
            found: UUID = entry.object_id
            return found
    raise NotFound("What this request made is not there any more.")
