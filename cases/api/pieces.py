"""The pages of a bound copy, for whoever reads it here: their pictures, where their text is, and the words found in them."""

from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.parsing import asked
from backend.api.requests import Call
from backend.errors import NotFound
from cases import access, pieces
from cases.api import giving
from cases.api.acting import shown
from cases.api.pages import PICTURE, THUMBNAIL, HitOut, LayoutOut, SizeQuery, WordsQuery, drawing, kept


class PiecePage(APIView):
    """A page of a bound copy, as a picture."""

    @extend_schema(operation_id="bundle.page", parameters=[SizeQuery], responses=PICTURE)
    def get(self, request: Call, case_id: UUID, bundle_id: UUID, number: int, page: int) -> HttpResponseBase:
        """One page; that the document it is of is read here is noted, once a day, for those who brought it. A thumbnail is not."""
        case = access.case(request.actor, case_id)
        piece = pieces.piece(request.actor, case, bundle_id, number)
        small = asked(SizeQuery, request).get("size") == THUMBNAIL
        if not small:
            giving.opened_together(request, case, piece.papers([page]))
        return kept(request, drawing(piece.version, page, small=small), f"{piece.version.pk}-{page}{'-small' if small else ''}")


class PieceText(APIView):
    """Where the text of a page of a bound copy is, to be selected."""

    @extend_schema(operation_id="bundle.page_text", responses=LayoutOut)
    def get(self, request: Call, case_id: UUID, bundle_id: UUID, number: int, page: int) -> Response:
        case = access.case(request.actor, case_id)
        piece = pieces.piece(request.actor, case, bundle_id, number)
        giving.opened_together(request, case, piece.papers([page]))
        layout = pieces.layout(piece, page)
        if layout is None:
            raise NotFound
        return shown(request, case, LayoutOut(layout).data)


class PieceSearch(APIView):
    """Words in a bound copy."""

    @extend_schema(operation_id="bundle.search", parameters=[WordsQuery], responses=HitOut(many=True))
    def get(self, request: Call, case_id: UUID, bundle_id: UUID, number: int) -> Response:
        """The pages that have them, in order. While some of its text is still being read: 409."""
        case = access.case(request.actor, case_id)
        piece = pieces.piece(request.actor, case, bundle_id, number)
        found = pieces.find(piece, asked(WordsQuery, request)["q"])
        giving.opened_together(request, case, piece.papers([hit.page for hit in found]))
        return shown(request, case, HitOut(found, many=True).data)
