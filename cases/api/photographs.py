"""Photographs of paper: several become one document; those a page has in hand are shown as pictures."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.idempotency import key_of
from backend.api.parsing import parsed
from backend.api.requests import Call
from cases import access, photographs
from cases.api.acting import Body, example
from cases.api.pages import page_response
from cases.api.shapes import DocumentOut
from cases.photographs import AT_ONCE, Page


class PhotographIn(Body):
    document = serializers.UUIDField(help_text="A picture sent before (JPEG, PNG, HEIC, TIFF), ready.")
    turn = serializers.ChoiceField([0, 90, 180, 270], required=False, help_text="degrees, clockwise")


@example(pages=[{"document": "0199b7a0-0000-7000-8000-000000000001", "turn": 90}], name="Livret de famille")
class PhotographsIn(Body):
    pages = serializers.ListField(child=PhotographIn(), min_length=1, max_length=AT_ONCE, help_text="In order.")
    name = serializers.CharField(max_length=200)


class Photographs(APIView):
    """Making one document of several photographs."""

    @extend_schema(operation_id="photograph.gather", request=PhotographsIn, responses={201: DocumentOut})
    def post(self, request: Call) -> Response:
        """One document of photographs sent before, in this order, each turned upright; to be added as an exhibit like any other."""
        asked: dict[str, Any] = parsed(PhotographsIn, request)
        pages = [Page(**page) for page in asked["pages"]]
        made = photographs.make(request.actor, pages, asked["name"], key=key_of(request) or "")
        return Response(DocumentOut(made).data, status=201)


class PhotographPage(APIView):
    """A photograph on its way to becoming a document."""

    @extend_schema(operation_id="photograph.page", responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Call, case_id: UUID, photograph: UUID, number: int) -> HttpResponse:
        """One of its pages as a picture, as it was sent: for its sender only."""
        case = access.case(request.actor, case_id)
        return page_response(request, photographs.picture(request.actor, case, photograph), number)
