"""The pages of a document, for whoever reads it here: their pictures, made by us, where their text is, and the words found in them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.parsing import asked
from backend.api.requests import Call
from backend.errors import NotFound, NotNow
from cases import access, papers
from cases.api import giving
from cases.api.acting import shown
from cases.api.downloads import SAFE
from cases.models import Case
from cases.papers import Paper
from documents import previews, reading
from documents.models import Version

READING, THUMBNAIL = "reading", "thumbnail"
PICTURE = {(200, "image/webp"): OpenApiTypes.BINARY}


class SizeQuery(serializers.Serializer[Any]):
    size = serializers.ChoiceField(
        [READING, THUMBNAIL], required=False, help_text="At most 1,200 pixels wide, to be read, or 240, to be told apart."
    )


class WordsQuery(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, default="", max_length=100, help_text="The words, whatever their accents and capitals.")


class RunOut(serializers.Serializer[Any]):
    """Some text on one line, and its box, in ten-thousandths of the page's width and height as it is seen."""

    text = serializers.CharField()
    left = serializers.IntegerField()
    top = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class LayoutOut(serializers.Serializer[Any]):
    """Where the text of a page is; its size in points."""

    width = serializers.FloatField()
    height = serializers.FloatField()
    runs = RunOut(many=True)


class HitOut(serializers.Serializer[Any]):
    """A page on which the words are: how often, and the first time with what stands around."""

    page = serializers.IntegerField()
    count = serializers.IntegerField()
    before = serializers.CharField()
    found = serializers.CharField()
    after = serializers.CharField()
    by_eye = serializers.BooleanField(help_text="As recognised in a picture: may be wrong by a letter.")


class ExhibitPage(APIView):
    """A page of an exhibit, as a picture."""

    @extend_schema(operation_id="exhibit.page", parameters=[SizeQuery], responses=PICTURE)
    def get(self, request: Call, case_id: UUID, exhibit_id: UUID, number: int) -> HttpResponseBase:
        """One page; what is read here is noted, once a day, for those who brought it. A thumbnail is not."""
        case = access.case(request.actor, case_id)
        return picture(request, case, papers.exhibit(request.actor, case, exhibit_id), number)


class ExhibitText(APIView):
    """Where the text of a page of an exhibit is, to be selected."""

    @extend_schema(operation_id="exhibit.page_text", responses=LayoutOut)
    def get(self, request: Call, case_id: UUID, exhibit_id: UUID, number: int) -> Response:
        case = access.case(request.actor, case_id)
        return text(request, case, papers.exhibit(request.actor, case, exhibit_id), number)


class ExhibitSearch(APIView):
    """Words in an exhibit."""

    @extend_schema(operation_id="exhibit.search", parameters=[WordsQuery], responses=HitOut(many=True))
    def get(self, request: Call, case_id: UUID, exhibit_id: UUID) -> Response:
        """The pages that have them, in order. While its text is still being read: 409."""
        case = access.case(request.actor, case_id)
        return search(request, case, papers.exhibit(request.actor, case, exhibit_id))


class InstrumentPage(APIView):
    """A page of an instrument, as a picture."""

    @extend_schema(operation_id="instrument.page", parameters=[SizeQuery], responses=PICTURE)
    def get(self, request: Call, case_id: UUID, instrument_id: UUID, number: int) -> HttpResponseBase:
        """One page; what is read here of the petition and of the agreement is noted, once a day, for the parties. A thumbnail is not."""
        case = access.case(request.actor, case_id)
        return picture(request, case, papers.instrument(request.actor, case, instrument_id), number)


class InstrumentScanPage(APIView):
    """A page of the scan of what was signed on paper, as a picture."""

    @extend_schema(operation_id="instrument.scan_page", responses=PICTURE)
    def get(self, request: Call, case_id: UUID, instrument_id: UUID, number: int) -> HttpResponseBase:
        """One page of the scan that was brought, to be held against the text before it is confirmed; noted as the instrument's own pages are."""
        case = access.case(request.actor, case_id)
        return page_response(request, giving.opened(request, case, papers.scan(request.actor, case, instrument_id)), number)


class InstrumentText(APIView):
    """Where the text of a page of an instrument is, to be selected."""

    @extend_schema(operation_id="instrument.page_text", responses=LayoutOut)
    def get(self, request: Call, case_id: UUID, instrument_id: UUID, number: int) -> Response:
        case = access.case(request.actor, case_id)
        return text(request, case, papers.instrument(request.actor, case, instrument_id), number)


class InstrumentSearch(APIView):
    """Words in an instrument."""

    @extend_schema(operation_id="instrument.search", parameters=[WordsQuery], responses=HitOut(many=True))
    def get(self, request: Call, case_id: UUID, instrument_id: UUID) -> Response:
        """The pages that have them, in order. While its text is still being read: 409."""
        case = access.case(request.actor, case_id)
        return search(request, case, papers.instrument(request.actor, case, instrument_id))


def picture(request: Call, case: Case, paper: Paper, number: int) -> HttpResponse:
    """A page's picture: a thumbnail tells documents apart, and is not reading them."""
    small = asked(SizeQuery, request).get("size") == THUMBNAIL
    version = paper.version if small else giving.opened(request, case, paper)
    drawn = drawing(version, number, small=small)
    if not small and giving.page_shown(request, paper, number):
        return drawn  # kept by nobody: asked for again, it is noted again
    return kept(request, drawn, f"{version.pk}-{number}{'-small' if small else ''}")


def text(request: Call, case: Case, paper: Paper, number: int) -> Response:
    """Where a page's text is. Raises NotFound where there is no such page."""
    layout = reading.layout(giving.opened(request, case, paper), number)
    if layout is None:
        raise NotFound
    return shown(request, case, LayoutOut(layout).data)


def search(request: Call, case: Case, paper: Paper) -> Response:
    """The pages on which the words asked for are."""
    words = asked(WordsQuery, request)["q"]
    giving.opened(request, case, paper)
    return shown(request, case, HitOut(papers.find(paper, words), many=True).data)


def page_response(request: Call, version: Version, number: int) -> HttpResponse:
    """One page's picture, to read. Raises as `drawing`."""
    return kept(request, drawing(version, number), f"{version.pk}-{number}")


def kept(request: Call, drawn: HttpResponse, tag: str) -> HttpResponse:
    """A picture that its reader's machine keeps, and asks each time whether it may still be seen (RFC 9111, 5.2.2.4)."""
    drawn["Cache-Control"], drawn["ETag"] = "private, no-cache", f'"{tag}"'
    known = get_conditional_response(request._request, etag=drawn["ETag"], response=drawn)
    return known if isinstance(known, HttpResponse) else drawn


def drawing(version: Version, number: int, *, small: bool = False) -> HttpResponse:
    """One page's picture, kept by nobody. Raises NotFound where there is no such page, NotNow while it is being drawn."""
    if not 1 <= number <= (version.pages or 0):
        raise NotFound
    drawn = previews.page(version, number, small=small)
    if drawn is None:
        raise NotNow
    return HttpResponse(drawn, content_type="image/webp", headers=SAFE)
