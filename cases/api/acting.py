"""From an action to its endpoint: find what it is done to by access, coerce the body, call it, show what it made."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from backend.api.etag import VERSION, etag, if_match
from backend.api.idempotency import key_of
from backend.api.parsing import parsed
from backend.api.requests import Call
from backend.api.schema import example as example
from backend.errors import Outdated
from cases import access, twins
from cases.actions.base import name_of
from cases.models import Case

Out = type[serializers.BaseSerializer[Any]]
Find = Callable[[Any, dict[str, Any]], Any]


# What an endpoint takes. A name that is not asked is refused, so that nothing is assigned by accident.
# A docstring here would describe every body that has none of its own in the OpenAPI document.
class Body(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        if unknown := set(data) - set(self.fields) if isinstance(data, dict) else ():
            raise serializers.ValidationError({name: [_("This is not asked here.")] for name in sorted(unknown)}, code="unknown")
        return super().to_internal_value(data)


def a_case(actor: Any, named: dict[str, Any]) -> Case:
    """The case that the path names, as far as this person may see it."""
    return access.case(actor, named.pop("case_id"))


def acting(
    action: Callable[..., Any],
    *,
    takes: type[Body] | None = None,
    gives: Out | None = None,
    status: int = 200,
    edits: bool = False,
    find: Find = a_case,
) -> Callable[..., Response]:
    """The method of an `APIView` that does one action, described under the action's own name.

    What the path names beside the case (an exhibit, a child …) are arguments of the action, of the same name.
    `edits`: If-Match must say which version of the case is changed. `find`: what it is done to, if not a case.
    """

    def act(view: Any, request: Call, **named: Any) -> Response:
        subject = find(request.actor, named)
        given = {**(parsed(takes, request) if takes else {}), **named}
        if edits:
            given["seq"] = expected(request, subject)
        made = action(request.actor, subject, **given, key=key_of(request) or "")
        return shown(request, subject, gives(made, context=context_of(request, subject)).data if gives else None, status)

    act.__doc__ = action.__doc__
    return extend_schema(operation_id=name_of(action), request=takes, responses={status: gives})(act)


def context_of(request: Call, subject: Any) -> dict[str, Any]:
    """What a representation needs to know of its reader."""
    known = {"request": request, "actor": request.actor, "case": subject}
    if not isinstance(subject, Case):
        return {**known, "standing": access.NOBODY, "twins": {}}
    alike = SimpleLazyObject(lambda: twins.among(list(access.exhibits(request.actor, subject))))
    return {**known, "standing": access.standing(request.actor, subject), "twins": alike}


def shown(request: Call, subject: Any, data: Any, status: int = 200) -> Response:
    """The answer, with the ETag of the case as it now is."""
    response = Response(data, status=status)
    if isinstance(subject, Case):
        response["ETag"] = version_of(subject)
    return response


def listed(request: Call, subject: Case, serializer: Out, rows: Any) -> Response:
    """Every row of a list that stays short by nature: those of one case."""
    return shown(request, subject, serializer(rows, many=True, context=context_of(request, subject)).data)


def paged(request: Call, view: Any, serializer: Out, rows: Any, subject: Any = None) -> Response:
    """One page of a list that grows."""
    pages: CursorPagination = view.pagination_class()
    page: Any = pages.paginate_queryset(rows, request, view)
    return pages.get_paginated_response(serializer(page, many=True, context=context_of(request, subject)).data)


def version_of(case: Case) -> str:
    """The strong ETag of a case: its chain's sequence."""
    return etag(f"c-{case.pk}", case.chain.seq)


def expected(request: Call, case: Case) -> int | None:
    """The sequence that If-Match names; None for any. Raises PreconditionRequired (428), Outdated (412) for an unfit tag."""
    tag = if_match(request, required=True)
    if tag == "*":
        return None
    found = re.fullmatch(rf'"c-{case.pk}-(\d{{1,18}})-v{VERSION}"', tag or "")
    if found is None:
        raise Outdated
    return int(found[1])
