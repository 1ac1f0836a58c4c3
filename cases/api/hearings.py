"""The child's hearing, the spouses' hearing, and their summonses."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, actions
from cases.api.acting import Body, acting, example, listed
from cases.api.people import ChildHearingOut
from cases.models import ChildHearing, Hearing, Summons


class SummonsOut(serializers.Serializer[Summons]):
    id = serializers.UUIDField()
    spouse = serializers.UUIDField(source="spouse_id")
    instrument = serializers.UUIDField(source="instrument_id", allow_null=True)
    sent_on = serializers.DateField(allow_null=True)
    by_post = serializers.BooleanField()


class HearingOut(serializers.Serializer[Hearing]):
    """A hearing of the spouses (CPC 1092, 1099)."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    room = serializers.CharField(source="list.room")
    hearing_list = serializers.UUIDField(source="list_id")
    state = serializers.ChoiceField(Hearing.State.choices)
    reason = serializers.CharField()
    summonses = SummonsOut(many=True)


@example(on="2026-11-20", with_whom="alone", report="")
class ChildHearingIn(Body):
    on = serializers.DateField()
    with_whom = serializers.ChoiceField(ChildHearing.With.choices)
    report = serializers.CharField(required=False, allow_blank=True, max_length=20000)


@example(reason="L'enfant, âgé de trois ans, n'a pas le discernement.")
class ChildRefusalIn(Body):
    reason = serializers.CharField(max_length=5000)


@example(hearing_list="0199b7a0-0000-7000-8000-000000000001", at="10:15")
class ScheduleIn(Body):
    hearing_list = serializers.UUIDField()
    at = serializers.TimeField(required=False, allow_null=True, help_text="The list's own beginning unless given.")


@example(hearing_list="0199b7a0-0000-7000-8000-000000000001", reason="Indisponibilité d'un avocat.")
class MoveIn(ScheduleIn):
    reason = serializers.CharField(max_length=5000)


@example(reason="Indisponibilité d'un avocat.")
class DropIn(Body):
    reason = serializers.CharField(max_length=5000)


@example(on="2026-11-20")
class DayIn(Body):
    on = serializers.DateField()


class ChildHearings(APIView):
    """The child is heard by the judge."""

    post = acting(actions.child.hear, takes=ChildHearingIn, gives=ChildHearingOut, status=201)


class ChildHearingRefusal(APIView):
    """The judge refuses to hear a child who lacks discernment."""

    post = acting(actions.child.refuse_hearing, takes=ChildRefusalIn, gives=ChildHearingOut, status=201)


class Hearings(APIView):
    """The hearings of a case."""

    post = acting(actions.hearing.schedule, takes=ScheduleIn, gives=HearingOut, status=201)

    @extend_schema(operation_id="hearing.list", responses=HearingOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Every hearing, with those that were moved or dropped, and why."""
        case = access.case(request.actor, case_id)
        return listed(request, case, HearingOut, case.hearings.select_related("list").prefetch_related("summonses"))


class Move(APIView):
    """Moving the hearing to another list."""

    post = acting(actions.hearing.move, takes=MoveIn, gives=HearingOut)


class Drop(APIView):
    """Taking the case off its hearing list."""

    post = acting(actions.hearing.drop, takes=DropIn, gives=HearingOut)


class Service(APIView):
    """The day on which a summons was posted."""

    post = acting(actions.hearing.serve_summons, takes=DayIn, gives=SummonsOut)
