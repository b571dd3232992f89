"""Lists and single objects of every resource, made from what its app registered."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from partnerpanel.api.operations import Operation, one_of_them, query
from partnerpanel.api.views import ApiView
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.tenancy.scope import tenant
from partnerpanel.wire.expanding import expand
from partnerpanel.wire.filters import InvalidFilter
from partnerpanel.wire.lists import MOST, page_of, read_limit
from partnerpanel.wire.resources import Resource, Shown, resource, shown_one


class OfResource(ApiView):
    """A view of one resource, by its name."""

    resource_name: ClassVar[str]

    @property
    def resource(self) -> Resource:
        return resource(self.resource_name)

    def expands(self) -> list[str]:
        """What is asked for by `expand`, however often it stands."""
        return self.request.query_params.getlist("expand")

    def columns_of(self, id_: UUID, *columns: str) -> tuple[Any, ...]:
        """Of an object's row, in the open scope. Raises NotFound for an id that the partner has no object of."""
        rows = self.resource.rows(self.caller.partner.pk).filter(pk=id_)
        found: tuple[Any, ...] | None = rows.values_list(*columns).first()
        if found is None:
            raise NotFound(f"There is no such {self.resource.kind.replace('_', ' ')}.", field="id")
        return found

    def refuse_nobodys(self, id_: UUID) -> None:
        """Raises NotFound for an id that the partner has no object of."""
        with tenant(self.caller.partner.pk):
            self.columns_of(id_, "pk")

    def one(self, id_: UUID) -> Shown:
        """An object as it is now, in a scope of its own. Raises NotFound, InvalidExpand."""
        with tenant(self.caller.partner.pk):
            found = shown_one(self.resource, id_, showing=self.showing)
            expand(self.resource, [found], self.expands(), showing=self.showing)
            return found


class Listing(OfResource):
    """`GET /api/v1/<resource>`."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        one = resource(cls.resource_name)
        paging = (
            query("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, "Rows on a page; 20 unless said."),
            query("cursor", {"type": "string"}, "`next` or `previous` of another page."),
            *_expanding(one),
        )
        return Operation(
            id=f"list_{one.name}",
            summary=f"List {_words(one.name)}",
            tag=one.name,
            gives=one.shape,
            is_list=True,
            parameters=(*(query(name, f.schema, f.help_text) for name, f in one.filters.items()), *paging),
            scope=cls.scopes[method],
        )

    def get(self, request: Request) -> Response:
        asked = self._asked(request)
        limit, cursor = read_limit(asked.pop("limit", None)), asked.pop("cursor", None)
        with tenant(self.caller.partner.pk):
            page = page_of(self.resource, asked, limit=limit, cursor=cursor, showing=self.showing)
            expand(self.resource, page["data"], self.expands(), showing=self.showing)  # type: ignore[arg-type]
        return Response(page)

    def _asked(self, request: Request) -> dict[str, str]:
        """The parameters but `expand`, each once. Raises InvalidFilter."""
        found = {name: request.query_params.getlist(name) for name in request.query_params if name != "expand"}
        for name, texts in found.items():
            if len(texts) > 1:
                raise InvalidFilter(f"`{name[:60]}` stands twice.", field=name[:60])
        return {name: str(text) for name, [text] in found.items()}


class Detail(OfResource):
    """`GET /api/v1/<resource>/<id>`."""

    @classmethod
    def operation(cls, method: str) -> Operation:
        one = resource(cls.resource_name)
        return Operation(
            id=f"retrieve_{one.kind}",
            summary=f"Read {one_of_them(one.kind)}",
            tag=one.name,
            gives=one.shape,
            parameters=_expanding(one),
            scope=cls.scopes[method],
        )

    def get(self, _request: Request, public_id: str) -> Response:
        return Response(self.one(parse(self.resource.prefix, public_id)))


def _expanding(one: Resource) -> tuple[dict[str, Any], ...]:
    if not one.refs:
        return ()
    known = ", ".join(sorted(one.refs))
    text = f"Fields to be replaced by what they stand for, comma separated: {known}. Dots go deeper."
    return (query("expand", {"type": "string"}, text),)


def _words(name: str) -> str:
    return name.replace("_", " ").replace("addons", "add-ons")
