"""Courts: their desk, their hearing lists, and the reasons to return a filing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.pagination import OldestFirst
from backend.api.parsing import asked
from backend.api.requests import Call
from backend.people.models import Organisation
from cases import access, actions, queues
from cases.api.acting import Body, acting, example, paged
from cases.api.downloads import SAFE
from cases.api.filings import ReasonOut, reason_of
from cases.api.ordering import ByDate
from cases.api.shapes import CaseOut, NamedOut
from cases.letters.base import make as typeset
from cases.models import Book, Filing, Hearing, HearingList
from cases.reasons import REASONS
from cases.writing import hearings


class CourtQuery(serializers.Serializer[Any]):
    postal_code = serializers.RegexField(r"^\d{5}$", required=False, help_text="Of where a spouse lives (CPC 1070).")


class CourtOut(serializers.Serializer[Organisation]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    zone = serializers.CharField()
    chambers = NamedOut(many=True)


class DeskOut(serializers.Serializer[Filing]):
    """A filing that waits at the registry."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    attempt = serializers.IntegerField()
    case = CaseOut()
    submitted_by = NamedOut(allow_null=True)
    submitted_at = serializers.DateTimeField()
    claimed_by = NamedOut(allow_null=True)
    claimed_at = serializers.DateTimeField(allow_null=True)
    warnings = serializers.SerializerMethodField()
    unanswered = serializers.IntegerField(help_text="Questions without an answer yet.")

    def get_warnings(self, filing: Filing) -> int:
        return len(filing.findings)


class HearingListOut(serializers.Serializer[HearingList]):
    """A hearing list of a chamber on one day."""

    id = serializers.UUIDField()
    chamber = NamedOut()
    on = serializers.DateField()
    starts = serializers.TimeField()
    room = serializers.CharField()
    judge = NamedOut(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class OnTheListOut(serializers.Serializer[Hearing]):
    at = serializers.DateTimeField()
    state = serializers.ChoiceField(Hearing.State.choices)
    case = CaseOut()


class FilledListOut(HearingListOut):
    """A hearing list with its cases."""

    hearings = OnTheListOut(many=True, source="seen")


@example(chamber="0199b7a0-0000-7000-8000-000000000001", on="2099-01-15", starts="09:30", room="Salle 3")
class HearingListIn(Body):
    chamber = serializers.UUIDField()
    on = serializers.DateField()
    starts = serializers.TimeField()
    room = serializers.CharField(max_length=100)
    judge = serializers.UUIDField(required=False, allow_null=True)


def a_book(actor: Any, named: dict[str, Any]) -> Book:
    """The book of the court that the path names, for those who work there."""
    return access.book(actor, named.pop("court"))


def book_of_list(actor: Any, named: dict[str, Any]) -> Book:
    """The book of the court whose hearing list the path names."""
    return access.book(actor, access.hearing_list(actor, named["hearing_list"]).court_id)


class Courts(APIView):
    """The courts."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="court.list", parameters=[CourtQuery], responses=CourtOut(many=True))
    def get(self, request: Call) -> Response:
        """The courts of this platform; with a postal code, those that cover it."""
        return paged(request, self, CourtOut, queues.courts(**asked(CourtQuery, request)))


class Desk(APIView):
    """The desk of the registry."""

    pagination_class = ByDate

    @extend_schema(operation_id="desk.list", responses=DeskOut(many=True))
    def get(self, request: Call) -> Response:
        """The filings that wait where one works, the most urgent then the oldest first, with who has taken each."""
        return paged(request, self, DeskOut, queues.desk(request.actor))


class ReturnReasons(APIView):
    """Why a filing may be returned."""

    @extend_schema(operation_id="filing.reasons", responses=ReasonOut(many=True))
    def get(self, request: Call) -> Response:
        """The reasons to choose from, each with the way to mend it."""
        return Response([reason_of(code) for code in REASONS])


class HearingLists(APIView):
    """The hearing lists of a court."""

    pagination_class = OldestFirst
    post = acting(actions.hearing.make_list, takes=HearingListIn, gives=HearingListOut, status=201, find=a_book)

    @extend_schema(operation_id="hearing.lists", responses=HearingListOut(many=True))
    def get(self, request: Call, court: UUID) -> Response:
        """The lists of one's court, in the order they were made."""
        book = access.book(request.actor, court)
        return paged(request, self, HearingListOut, access.hearing_lists(request.actor).filter(chamber__parent=book.organisation_id))


class HearingListById(APIView):
    """One hearing list."""

    @extend_schema(operation_id="hearing.list_read", responses=FilledListOut)
    def get(self, request: Call, hearing_list: UUID) -> Response:
        """The list with the cases on it, in the order of the hour."""
        found: Any = access.hearing_list(request.actor, hearing_list)
        found.seen = queues.on_the_list(request.actor, found)
        return Response(FilledListOut(found).data)


class HearingListFile(APIView):
    """A hearing list on paper."""

    @extend_schema(operation_id="hearing.list_print", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Call, hearing_list: UUID) -> HttpResponse:
        """The list as it stands now, typeset to be printed or kept (PDF)."""
        found = access.hearing_list(request.actor, hearing_list)
        letter = hearings.hearing_list(found, queues.on_the_list(request.actor, found))
        headers = {**SAFE, "Content-Disposition": f'attachment; filename="{letter.file_name}"'}
        return HttpResponse(typeset(letter), content_type="application/pdf", headers=headers)


class ListClosing(APIView):
    """Closing a hearing list."""

    post = acting(actions.hearing.close_list, gives=HearingListOut, find=book_of_list)
