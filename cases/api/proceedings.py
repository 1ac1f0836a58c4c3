"""The proceedings as they are declared: steps, who may do what, periods, documents; enough to draw their diagram."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import proceedings
from cases.proceedings.declare import Document, Period, Proceeding, Step, When


class DeclaredStep(serializers.Serializer[Step]):
    """A step: who may do what in it, and where each event leads."""

    name = serializers.CharField()
    title = serializers.CharField()
    plain = serializers.CharField()
    law = serializers.CharField()
    turn = serializers.CharField()
    may = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), help_text="By role, the actions.")
    then = serializers.DictField(child=serializers.CharField(), help_text="By event, the step it leads to.")
    on_the_way = serializers.BooleanField()
    ends = serializers.BooleanField()


class DeclaredPeriod(serializers.Serializer[Period]):
    name = serializers.CharField()
    title = serializers.CharField()
    law = serializers.CharField()
    since = serializers.CharField()
    days = serializers.IntegerField()
    months = serializers.IntegerField()
    who = serializers.ListField(child=serializers.CharField())
    backward = serializers.BooleanField()
    named = serializers.BooleanField(help_text="Whether its last day is named by whoever asks, each time, rather than counted.")
    suspended_by = serializers.CharField(help_text="The recourse during which it stands still.")


class DeclaredCondition(serializers.Serializer[When]):
    """What must hold, and what is said where it does not."""

    law = serializers.CharField()
    why = serializers.CharField()
    mend = serializers.CharField()


class DeclaredDocument(serializers.Serializer[Document]):
    kind = serializers.CharField()
    title = serializers.CharField()
    law = serializers.CharField()
    otherwise = serializers.ChoiceField(["blocker", "warning"])


class ProceedingOut(serializers.Serializer[Proceeding]):
    """A kind of proceeding, in one version."""

    kind = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    plain = serializers.CharField()
    law = serializers.CharField()
    steps = DeclaredStep(many=True)
    throughout = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    provided = serializers.DictField(child=DeclaredCondition(many=True), help_text="By action, what it asks of the facts beside the step.")
    periods = DeclaredPeriod(many=True)
    requires = DeclaredDocument(many=True)


class Proceedings(APIView):
    """The proceedings."""

    @extend_schema(operation_id="proceeding.list", responses=ProceedingOut(many=True))
    def get(self, request: Call) -> Response:
        """Every proceeding that is declared, in each of its versions."""
        found: Any = list(proceedings.all_versions().values())
        return Response(ProceedingOut(found, many=True).data)
