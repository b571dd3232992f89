"""Refusals of the API itself, and every refusal as a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from structlog.contextvars import get_contextvars

from partnerpanel.actions.door import FactsMoved
from partnerpanel.kernel.errors import DomainError, NotFound

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"
# So many fields a sentence names.
NAMED = 5


class InvalidKey(DomainError):
    """No key, one that is unknown, revoked or expired; the answer is the same for each."""

    code = "invalid_key"
    status = 401


class AddressNotAllowed(DomainError):
    """The key does not work from this address."""

    code = "address_not_allowed"
    status = 403


class MissingScope(DomainError):
    """The key has not got the scope that this endpoint asks for."""

    code = "missing_scope"
    status = 403


class RateLimited(DomainError):
    """More requests in a minute than a key or a partner has."""

    code = "rate_limited"
    status = 429


class InvalidRequest(DomainError):
    """Fields that are missing, unknown or not what they must be; `errors` names each."""

    code = "invalid_request"


class MalformedBody(DomainError):
    """The body is no JSON object in UTF-8."""

    code = "malformed_body"
    status = 400


class BodyTooLarge(DomainError):
    """More bytes than a body may have."""

    code = "body_too_large"
    status = 413


class MethodNotAllowed(DomainError):
    """This address does not know the method."""

    code = "method_not_allowed"
    status = 405


class UnsupportedMediaType(DomainError):
    """A body that is not JSON."""

    code = "unsupported_media_type"
    status = 415


class NotAcceptable(DomainError):
    """Only JSON is answered."""

    code = "not_acceptable"
    status = 406


class KeyRequired(DomainError):
    """A request that moves money has no `Idempotency-Key`."""

    code = "idempotency_key_required"
    status = 400


class UnknownVersion(DomainError):
    """A version of the API that there is none of."""

    code = "unknown_version"
    status = 400


class InternalError(DomainError):
    """Something of ours failed; it was written down under the request's id."""

    code = "internal_error"
    status = 500


def problem(error: Exception, context: Mapping[str, Any]) -> Response:
    """What Django REST framework calls with whatever a view raised."""
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.detail))
        return _document(InvalidRequest(_named(errors)), errors)
    return _document(_as_refusal(error, context))


def _as_refusal(error: Exception, context: Mapping[str, Any]) -> DomainError:
    if isinstance(error, DomainError):
        return error
    match error:
        case Http404():
            return NotFound("There is no such thing.")
        case exceptions.MethodNotAllowed():
            return MethodNotAllowed(f"{context['request'].method} is not possible here.")
        case exceptions.UnsupportedMediaType():
            return UnsupportedMediaType("Send JSON: Content-Type: application/json.")
        case exceptions.NotAcceptable():
            return NotAcceptable("Only application/json is answered.")
        case RequestDataTooBig():
            return BodyTooLarge("The body is too large.")
        case exceptions.ParseError():
            return MalformedBody("The body is no JSON object.")
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return InvalidKey("Send a valid API key: Authorization: Bearer pp_live_….")
        case exceptions.PermissionDenied() | PermissionDenied():
            return MissingScope("The key does not allow this.")
    log.error("api_failed", exc_info=error)
    return InternalError("Something went wrong on our side. Quote the request id when you ask about it.")


def _document(error: DomainError, errors: list[dict[str, str]] | None = None) -> Response:
    if errors is None:
        errors = [{"field": error.field, "code": error.code, "message": error.message}] if error.field else []
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "errors": errors,
        "request_id": get_contextvars().get("request_id", ""),
    }
    if reason := error.details.get("reason"):
        body["reason"] = str(reason)
    if isinstance(error, FactsMoved):
        body["differences"] = [{"fact": one.label, "shown": one.shown, "now": one.now} for one in error.differences]
    headers = {}
    if (wait := error.details.get("retry_after")) is not None:
        headers["Retry-After"] = str(wait)
    if error.status == InvalidKey.status:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status=error.status, headers=headers, content_type=PROBLEM)


def _named(errors: Sequence[Mapping[str, str]]) -> str:
    """A sentence with the fields; those of a long request are in `errors` alone."""
    fields = list(dict.fromkeys(one["field"] for one in errors if one["field"]))
    if not fields:
        return errors[0]["message"] if errors else "The request is not right."
    more = f" and {len(fields) - NAMED} more" if len(fields) > NAMED else ""
    return f"Not right: {', '.join(fields[:NAMED])}{more}. See errors for what each must be."


def _field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Each with the place of its field, as `price.currency` or `addons.0.quantity`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            at = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _field_errors(inner, at)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            at = path if isinstance(inner, exceptions.ErrorDetail) else f"{path}.{index}" if path else str(index)
            yield from _field_errors(inner, at)
    elif detail:
        yield {"field": path, "code": str(getattr(detail, "code", "invalid")), "message": str(detail)}
