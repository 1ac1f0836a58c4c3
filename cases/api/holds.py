"""Legal holds on a case, and how long its documents are kept."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, actions
from cases.api.acting import Body, acting, example, listed
from cases.api.shapes import NamedOut
from cases.models import Hold


class HoldOut(serializers.Serializer[Hold]):
    """A hold: while one stands, nothing of the case is erased."""

    id = serializers.UUIDField()
    reason = serializers.CharField()
    by = NamedOut(allow_null=True, help_text="Nobody: the operator of the platform.")
    at = serializers.DateTimeField()
    released_by = NamedOut(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


@example(reason="Instruction en cours, réquisition du 3 mars.")
class HoldIn(Body):
    reason = serializers.CharField(max_length=2000)


class Holds(APIView):
    """The holds on a case, for the court, and adding one."""

    post = acting(actions.keeping.hold, takes=HoldIn, gives=HoldOut, status=201)

    @extend_schema(operation_id="keeping.holds", responses=HoldOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Those that stand and those released, to the court; nothing to others."""
        case = access.case(request.actor, case_id)
        found: Any = access.holds(request.actor, case)
        return listed(request, case, HoldOut, found)


class HoldRelease(APIView):
    """Releasing a hold."""

    post = acting(actions.keeping.release, gives=HoldOut)
