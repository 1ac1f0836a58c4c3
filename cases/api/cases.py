"""Cases: the caseload, opening one, and one as its reader sees it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.etag import is_fresh
from backend.api.idempotency import key_of
from backend.api.parsing import asked, parsed
from backend.api.requests import Call
from backend.register.models import Entry
from cases import access, actions, queues
from cases.api.acting import Body, context_of, example, paged, shown, version_of
from cases.api.fields import ChildField, IdentityField
from cases.api.ordering import Caseload
from cases.api.outlook import OutlookOut
from cases.api.shapes import CaseOut
from cases.models import Case
from cases.outlook import outlook
from cases.proceedings import all_versions
from cases.told import told

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The version already at hand: 304 where it still stands."
)
ENTRIES_AT_ONCE = 200


class CaseloadQuery(serializers.Serializer[Any]):
    step = serializers.CharField(required=False)
    waits_for = serializers.CharField(required=False)
    court = serializers.UUIDField(required=False)
    kind = serializers.CharField(required=False)
    rg_number = serializers.CharField(required=False)
    due_before = serializers.DateField(required=False)
    q = serializers.CharField(required=False, max_length=100, help_text="Words of the title or of the RG number.")


@example(
    kind="joint-petition",
    spouses=[{"birth_name": "Vauquelin", "first_names": "Armelle"}, {"birth_name": "Desmarets", "first_names": "Thibault"}],
    children=[{"first_names": "Zélie", "name": "Desmarets", "born": "2012-11-03"}],
    acts_for=[1, 2],
)
class OpeningIn(Body):
    kind = serializers.ChoiceField(sorted({kind for kind, _version in all_versions()}))
    spouses = serializers.ListField(child=IdentityField(), min_length=2, max_length=2, help_text="Side 1 first.")
    children = serializers.ListField(child=ChildField(), required=False, max_length=30)
    acts_for = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2), required=False, max_length=2)


class EntriesQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62, default=0)


class AboutOut(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.UUIDField()


class EntryOut(serializers.Serializer[Any]):
    """An entry of the register, as one may see it."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField(allow_null=True)
    on_behalf_of = serializers.CharField(allow_null=True, source="for")
    where = serializers.CharField(allow_null=True)
    about = AboutOut(allow_null=True)
    facts = serializers.DictField()
    digests = serializers.DictField(child=serializers.CharField())
    hash = serializers.CharField()


class EntriesOut(serializers.Serializer[Any]):
    """Entries in order; `next` is where the following ones are, null where there are none yet."""

    results = EntryOut(many=True)
    next = serializers.CharField(allow_null=True)


class Cases(APIView):
    """The caseload, and opening a case."""

    pagination_class = Caseload

    @extend_schema(operation_id="case.list", parameters=[CaseloadQuery], responses=CaseOut(many=True))
    def get(self, request: Call) -> Response:
        """The cases one may see, newest first unless `ordering` says otherwise."""
        return paged(request, self, CaseOut, queues.caseload(request.actor, **asked(CaseloadQuery, request)))

    @extend_schema(operation_id="opening.open", request=OpeningIn, responses={201: CaseOut})
    def post(self, request: Call) -> Response:
        """A lawyer opens a case for one spouse, or for both who chose the same lawyer (CC 250)."""
        case = actions.opening.open(request.actor, **parsed(OpeningIn, request), key=key_of(request) or "")
        response = shown(request, case, CaseOut(case).data, 201)
        response["Location"] = reverse("api-case", args=[case.pk])
        return response


class CaseById(APIView):
    """One case, as its reader sees it."""

    @extend_schema(operation_id="case.read", parameters=[IF_NONE_MATCH], responses={200: OutlookOut, 304: None})
    def get(self, request: Call, case_id: UUID) -> Response:
        """Where it stands, what one may do now and how, what is missing, who must act by when."""
        case = access.case(request.actor, case_id)
        if is_fresh(request, version_of(case)):
            return shown(request, case, None, 304)
        return shown(request, case, OutlookOut(outlook(request.actor, case), context=context_of(request, case)).data)


class Entries(APIView):
    """The register of a case."""

    @extend_schema(operation_id="case.entries", parameters=[EntriesQuery], responses=EntriesOut)
    def get(self, request: Call, case_id: UUID) -> Response:
        """The entries one may see after a sequence, in order: nothing is skipped or seen twice while others come in."""
        case = access.case(request.actor, case_id)
        return some(request, case, access.entries(request.actor, case, **asked(EntriesQuery, request)))


class Openings(APIView):
    """Who opened what: the reading book of a case."""

    @extend_schema(operation_id="reading.list", parameters=[EntriesQuery], responses=EntriesOut)
    def get(self, request: Call, case_id: UUID) -> Response:
        """Who opened (`document.opened`) or downloaded (`document.downloaded`) the documents of one's side, once a day for each version, in order.

        What one brought and opens oneself is not noted. `about` is the exhibit or the instrument, `digests` tell the version.
        """
        case = access.case(request.actor, case_id)
        return some(request, case, access.openings(request.actor, case, **asked(EntriesQuery, request)))


def some(request: Call, case: Case, entries: QuerySet[Entry]) -> Response:
    """The first of these entries, and where the following ones are."""
    found = told(entries[: ENTRIES_AT_ONCE + 1])
    page = found[:ENTRIES_AT_ONCE]
    following = f"{request.path}?after={page[-1]['seq']}" if len(found) > len(page) else None
    return shown(request, case, EntriesOut({"results": page, "next": following}).data)
