"""The proof of a case, to be checked without us."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, proving


class ProvenEntryOut(serializers.Serializer[Any]):
    """An entry: its canonical bytes as text where one may see it, their SHA-256 always, and its hash in the chain."""

    payload = serializers.CharField(allow_null=True)
    digest = serializers.CharField()
    hash = serializers.CharField()


class SealOut(serializers.Serializer[Any]):
    """What the timestamp is over, in its canonical form."""

    number = serializers.IntegerField()
    at = serializers.CharField()
    size = serializers.IntegerField(help_text="Heads of chains in the tree.")
    root = serializers.CharField()  # type: ignore[assignment]
    previous = serializers.CharField()
    whole = serializers.BooleanField()


class ProofOut(serializers.Serializer[Any]):
    """The proof, as `manage.py check_proof` and the program that goes with it read it."""

    format = serializers.CharField()
    chain = serializers.UUIDField()
    entries = ProvenEntryOut(many=True)
    position = serializers.IntegerField(help_text="Of the chain's head in the tree.")
    path = serializers.ListField(child=serializers.CharField(), help_text="From that head to the root (RFC 9162, 2.1.3).")
    seal = SealOut()
    token = serializers.CharField(help_text="The timestamp (RFC 3161, DER) in base64.")
    authority = serializers.CharField(help_text="The certificate at the root of who gave it, PEM.")


class CaseProof(APIView):
    """The proof of a case."""

    @extend_schema(operation_id="case.proof", responses=ProofOut)
    def get(self, request: Call, case_id: UUID) -> Response:
        """What the register of the case held when it was last sealed: entries one may see in full, of others a digest. 404 before the first seal."""
        return Response(proving.proof(request.actor, access.case(request.actor, case_id)))
