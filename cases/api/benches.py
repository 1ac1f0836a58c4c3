"""The desk of a court beyond its filings: every queue with the cases that wait in it, and the figures of the chamber."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.parsing import asked
from backend.api.requests import Call
from backend.errors import NotFound
from cases import benches, figures
from cases.api.acting import paged
from cases.api.ordering import ByDate
from cases.api.shapes import CaseOut, NamedOut
from cases.models import Case, Decision
from cases.reasons import REASONS


class QueueOut(serializers.Serializer[Any]):
    """A queue of the desk. `mine`: whether it is one's own work, or only to be looked at."""

    name = serializers.ChoiceField(list(benches.QUEUES))
    title = serializers.CharField()
    mine = serializers.BooleanField()
    cases = serializers.IntegerField(help_text="How many wait in it.")


class WaitingQuery(serializers.Serializer[Any]):
    queue = serializers.ChoiceField(list(benches.QUEUES))
    q = serializers.CharField(required=False, max_length=100, help_text="Words of the title or of the RG number.")


class WaitingOut(serializers.Serializer[Case]):
    """A case that waits at the registry or at the judge's, with what its row on the desk shows."""

    case = CaseOut(source="*")
    claimed_by = serializers.SerializerMethodField()
    unanswered = serializers.SerializerMethodField()
    hearing_at = serializers.SerializerMethodField()
    to_post = serializers.SerializerMethodField()
    decision = serializers.SerializerMethodField()

    @extend_schema_field(NamedOut(allow_null=True, help_text="Who has taken the filing."))
    def get_claimed_by(self, case: Any) -> Any:
        taken = case.received[0].claimed_by if case.received else None
        return NamedOut(taken).data if taken else None

    @extend_schema_field(serializers.IntegerField(help_text="Questions without an answer yet."))
    def get_unanswered(self, case: Any) -> int:
        return len(case.unanswered)

    @extend_schema_field(serializers.DateTimeField(allow_null=True, help_text="The hearing to come, or held and without a decision."))
    def get_hearing_at(self, case: Any) -> str | None:
        return serializers.DateTimeField().to_representation(case.scheduled[0].at) if case.scheduled else None

    @extend_schema_field(serializers.IntegerField(help_text="Summonses that were not sent yet."))
    def get_to_post(self, case: Any) -> int:
        return sum(one.sent_on is None for hearing in case.scheduled for one in hearing.summonses.all())

    @extend_schema_field(serializers.ChoiceField(Decision.Kind.choices, allow_null=True, help_text="The last, drafted or delivered."))
    def get_decision(self, case: Any) -> str | None:
        return case.decided[-1].kind if case.decided else None


class VolumesOut(serializers.Serializer[figures.Volumes]):
    """One month."""

    month = serializers.DateField(help_text="Its first day.")
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    decided = serializers.IntegerField()


class StretchOut(serializers.Serializer[figures.Stretch]):
    """How long one part of the way takes."""

    name = serializers.ChoiceField(figures.STRETCHES)
    days = serializers.FloatField(allow_null=True, help_text="The median.")
    cases = serializers.IntegerField(help_text="Over how many cases.")


class ReturnedOut(serializers.Serializer[Any]):
    """How often filings were returned for one reason."""

    code = serializers.CharField()
    title = serializers.CharField()
    filings = serializers.IntegerField()


class FiguresOut(serializers.Serializer[Any]):
    """The last twelve months of the benches where one works."""

    volumes = VolumesOut(many=True)
    stretches = StretchOut(many=True)
    returns = ReturnedOut(many=True)


class Queues(APIView):
    """The queues of the desk."""

    @extend_schema(operation_id="desk.queues", responses=QueueOut(many=True))
    def get(self, request: Call) -> Response:
        """Every queue with how many cases wait in it, one's own work first; none for who works at no court."""
        mine, counted = benches.roles_of(request.actor), benches.tally(request.actor)
        rows = [
            {"name": name, "title": queue.title, "mine": not mine.isdisjoint(queue.roles), "cases": counted[name]}
            for name in benches.queues_of(request.actor)
            for queue in [benches.QUEUES[name]]
        ]
        return Response(QueueOut(rows, many=True).data)


class Waiting(APIView):
    """The cases of one queue."""

    pagination_class = ByDate

    @extend_schema(operation_id="desk.cases", parameters=[WaitingQuery], responses=WaitingOut(many=True))
    def get(self, request: Call) -> Response:
        """The cases that wait in a queue where one works, the nearest date first, then the oldest."""
        return paged(request, self, WaitingOut, benches.waiting(request.actor, **asked(WaitingQuery, request)))


class BenchFigures(APIView):
    """The figures of the chamber."""

    @extend_schema(operation_id="figures.read", responses=FiguresOut)
    def get(self, request: Call) -> Response:
        """What came in and went out by month, how long each stretch takes, why filings are returned; for those who work at a court."""
        if not benches.roles_of(request.actor):
            raise NotFound
        found = figures.figures(request.actor)
        returns = [{"code": code, "title": REASONS[code].title, "filings": number} for code, number in found.returns]
        return Response(FiguresOut({"volumes": found.volumes, "stretches": found.stretches, "returns": returns}).data)
