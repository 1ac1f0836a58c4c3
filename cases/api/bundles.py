"""Bundles: the file of a case, a filing or an exhibit as one PDF, or as several of a size."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from backend.api.schema import FindingOut
from cases import access, actions, bundles, papers
from cases.api import giving
from cases.api.acting import Body, acting, context_of, example, listed, shown
from cases.api.downloads import file_response
from cases.bundles import LARGEST, SMALLEST
from cases.models import Bundle


class PieceOut(serializers.Serializer[Any]):
    """One of the PDFs a bundle is made of; its pages are those of the whole."""

    number = serializers.IntegerField()
    first_page = serializers.IntegerField()
    last_page = serializers.IntegerField()
    size = serializers.IntegerField(help_text="bytes")
    href = serializers.CharField()


class BundleOut(serializers.Serializer[Bundle]):
    """A bundle: how far it is, then its pieces."""

    id = serializers.UUIDField()
    what = serializers.ChoiceField(Bundle.What.choices)
    about = serializers.UUIDField(allow_null=True, help_text="The filing or the exhibit.")
    limit = serializers.IntegerField(help_text="bytes of a piece at most; 0: one piece")
    state = serializers.ChoiceField(Bundle.State.choices)
    doing = serializers.ChoiceField(Bundle.Doing.choices)
    percent = serializers.IntegerField()
    pages = serializers.IntegerField()
    archival = serializers.BooleanField(allow_null=True, help_text="Whether it is PDF/A-3b; null before it is made.")
    problem = serializers.SerializerMethodField()
    pieces = serializers.SerializerMethodField()
    asked_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(FindingOut(allow_null=True))
    def get_problem(self, bundle: Bundle) -> Any:
        found = bundles.problem(bundle)
        return FindingOut(found).data if found else None

    @extend_schema_field(PieceOut(many=True))
    def get_pieces(self, bundle: Bundle) -> list[dict[str, Any]]:
        return [piece_of(bundle, number) for number in range(1, len(bundle.pieces) + 1)]


@example(what="exhibit", about="0199b7a0-0000-7000-8000-000000000001", limit=10_000_000)
class BundleIn(Body):
    what = serializers.ChoiceField(Bundle.What.choices, required=False)
    about = serializers.UUIDField(required=False, allow_null=True, help_text="The filing or the exhibit.")
    limit = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST, help_text=f"bytes of a piece at most, from {SMALLEST}; 0: one piece"
    )


class Bundles(APIView):
    """The bundles one may read, and asking for one."""

    post = acting(actions.bundle.ask, takes=BundleIn, gives=BundleOut, status=202)

    @extend_schema(operation_id="bundle.list", responses=BundleOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Those made for eyes that see no more than one's own, newest first."""
        case = access.case(request.actor, case_id)
        return listed(request, case, BundleOut, access.bundles(request.actor, case))


class BundleById(APIView):
    """One bundle."""

    @extend_schema(operation_id="bundle.read", responses=BundleOut)
    def get(self, request: Call, case_id: UUID, bundle_id: UUID) -> Response:
        """How far it is; the case's socket tells the same as it goes."""
        case = access.case(request.actor, case_id)
        found = access.bundle(request.actor, case, bundle_id)
        return shown(request, case, BundleOut(found, context=context_of(request, case)).data)


class BundlePiece(APIView):
    """One of the PDFs of a bundle."""

    @extend_schema(operation_id="bundle.piece", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Call, case_id: UUID, bundle_id: UUID, number: int) -> HttpResponseBase:
        case = access.case(request.actor, case_id)
        bundle = access.bundle(request.actor, case, bundle_id)
        version = bundles.piece(bundle, number)
        giving.downloaded_together(request, case, papers.bound(bundle))
        return file_response(request, version, bundles.name_of_piece(bundle, number))


def piece_of(bundle: Bundle, number: int) -> dict[str, Any]:
    """A piece as it is told."""
    piece = bundle.pieces[number - 1]
    href = reverse("api-bundle-piece", args=[bundle.case_id, bundle.pk, number])
    return {"number": number, "first_page": piece["first"], "last_page": piece["last"], "size": piece["size"], "href": href}
