"""Doors that refuse in every way there is, to see how it goes on the wire."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import etag
from backend.api.pagination import Cursor
from backend.api.parsing import parsed
from backend.errors import (
    Busy,
    Conflict,
    Finding,
    Incomplete,
    Invalid,
    NotAllowed,
    NotFound,
    NotNow,
    Outdated,
    TooLarge,
    TooWeak,
    Unavailable,
)

FINDING = Finding("missing", "blocker", "agreement", "The agreement is missing.", "Add it.", law="CPC 1091")
REFUSALS: dict[str, Callable[[], Exception]] = {
    "not-found": NotFound,
    "http-404": Http404,
    "not-allowed": NotAllowed,
    "http-403": PermissionDenied,
    "too-weak": TooWeak,
    "not-now": lambda: NotNow(law="CPC 1092", mend="Wait for the hearing."),
    "conflict": Conflict,
    "key-reused": lambda: Conflict(code="key-reused"),
    "outdated": Outdated,
    "invalid": lambda: Invalid(field="email"),
    "too-large": TooLarge,
    "incomplete": lambda: Incomplete([FINDING]),
    "busy": Busy,
    "unavailable": Unavailable,
    "fault": lambda: ZeroDivisionError("secret of the house"),
}


class Child(serializers.Serializer[Any]):
    born = serializers.DateField()


class Family(serializers.Serializer[Any]):
    email = serializers.EmailField()
    children = Child(many=True)

    def validate(self, family: dict[str, Any]) -> dict[str, Any]:
        if any(child["born"] > date(2026, 1, 1) for child in family["children"]):
            raise serializers.ValidationError("Not born yet.", code="not_born")
        return family


class Refuse(APIView):
    def get(self, request: Request, how: str) -> Response:
        raise REFUSALS[how]()


class Parse(APIView):
    def post(self, request: Request) -> Response:
        return Response(parsed(Family, request))


class Edit(APIView):
    def put(self, request: Request) -> Response:
        etag.check(etag.if_match(request, required=True), etag.etag("case", 7))
        return Response()


class Row(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class List(APIView):
    def get(self, request: Request) -> Response:
        pages = Cursor()
        rows = pages.paginate_queryset(get_user_model().objects.all(), request, self)
        return pages.get_paginated_response(Row(rows, many=True).data)


class Thing(APIView):
    def get(self, request: Request, thing: UUID) -> Response:
        raise NotFound


urlpatterns = [
    path("refuse/<how>", Refuse.as_view()),
    path("parse", Parse.as_view()),
    path("edit", Edit.as_view()),
    path("list", List.as_view()),
    path("things/<uuid:thing>", Thing.as_view()),
    path("", include("tests.backend.urls")),
]
handler404 = "backend.api.problems.not_found"
handler500 = "backend.api.problems.failed"
