"""What one would write with Django REST framework alone: a view that lists fifty rows of one partner, for anybody."""

from __future__ import annotations

from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.models import Customer
from partnerpanel.tenancy.database import OWNER

FIELDS = (
    "id",
    "name",
    "email",
    "country",
    "region",
    "locale",
    "timezone",
    "tax_id",
    "tax_exempt_for",
    "external_id",
    "registered_at",
    "version",
)


class BareCustomer(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = FIELDS


class BareList(APIView):
    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        rows = Customer.objects.using(OWNER).filter(partner=UUID(request.query_params["partner"])).order_by("-id")[:50]
        return Response({"data": BareCustomer(rows, many=True).data})


urlpatterns = [path("bare/customers", BareList.as_view())]
