"""The ceremony in which the papers of a case are signed: its hours and its place, who is there; and what is done in it beside signing."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from backend.errors import NotFound
from cases import access, actions, ceremonies
from cases.api.acting import Body, acting, example, shown
from cases.api.instruments import InstrumentOut
from cases.api.shapes import CaseOut
from cases.ceremonies import Attended
from signatures.models import Ceremony


class AttendedOut(serializers.Serializer[Attended]):
    """A signer, and whether they tried beforehand, and are there."""

    name = serializers.CharField()
    capacity = serializers.CharField()
    spouse = serializers.UUIDField(allow_null=True, help_text="Of a spouse: whose presence is attested.")
    rehearsed_at = serializers.DateTimeField(allow_null=True)
    present_since = serializers.DateTimeField(allow_null=True)
    attested_by = serializers.CharField(allow_blank=True)


class CeremonyOut(serializers.Serializer[Any]):
    """In which way, where, from when and until when all sign."""

    id = serializers.UUIDField()
    way = serializers.ChoiceField(Ceremony.Way.choices)
    place = serializers.CharField(allow_blank=True)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    paused_at = serializers.DateTimeField(allow_null=True)
    statement = serializers.CharField(allow_blank=True, help_text="The words of one's consent; empty where one's signature is not awaited.")
    signers = AttendedOut(many=True)


@example(spouse="0199b7a0-0000-7000-8000-000000000001")
class PresenceIn(Body):
    spouse = serializers.UUIDField()


@example(closes_at="2126-11-27T18:00:00+01:00")
class ResumptionIn(Body):
    closes_at = serializers.DateTimeField(required=False, help_text="A later closing, where more time is needed.")


@example(signer="0199b7a0-0000-7000-8000-000000000001", reason="La connexion s'est coupée.")
class RedoingIn(Body):
    signer = serializers.UUIDField(help_text="Of `signing.read`: any of the signatures of the person concerned.")
    reason = serializers.CharField(max_length=2000)


@example(instrument="0199b7a0-0000-7000-8000-000000000001", document="0199b7a0-0000-7000-8000-000000000002")
class ScanIn(Body):
    instrument = serializers.UUIDField()
    document = serializers.UUIDField(help_text="A PDF sent before, and checked.")


@example(instrument="0199b7a0-0000-7000-8000-000000000001", looked="Page 3 : le cachet couvre une ligne, le texte est le même.")
class ConfirmationIn(Body):
    instrument = serializers.UUIDField()
    looked = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="What one saw with one's own eyes where something was found."
    )


class CeremonyOfCase(APIView):
    """The ceremony that is open."""

    @extend_schema(operation_id="ceremony.read", responses=CeremonyOut)
    def get(self, request: Call, case_id: UUID) -> Response:
        """In which way, where and when all sign, who is there, and the words in which one consents. Not found where no signature is open."""
        case = access.case(request.actor, case_id)
        found = ceremonies.seen_by(request.actor, case)
        if found is None:
            raise NotFound
        said = ceremonies.statement(request.actor, ceremonies.waiting_for(request.actor, case))
        attended = ceremonies.attended(case, found)
        fields = {name: getattr(found, name) for name in ("id", "way", "place", "opens_at", "closes_at", "paused_at")}
        return shown(request, case, CeremonyOut({**fields, "statement": said, "signers": attended}).data)


class Rehearsals(APIView):
    """Trying beforehand."""

    post = acting(actions.ceremony.rehearse, gives=CaseOut)


class Presences(APIView):
    """Who is there."""

    post = acting(actions.ceremony.attest, takes=PresenceIn, gives=CaseOut)


class Pause(APIView):
    """Stopping for a while."""

    post = acting(actions.ceremony.pause, gives=CaseOut)


class Resumption(APIView):
    """Going on."""

    post = acting(actions.ceremony.resume, takes=ResumptionIn, gives=CaseOut)


class Redoing(APIView):
    """One signature given again, in its place."""

    post = acting(actions.ceremony.redo, takes=RedoingIn, gives=CaseOut)


class Scans(APIView):
    """What was signed on paper."""

    post = acting(actions.paper.bring, takes=ScanIn, gives=InstrumentOut, status=201)


class ScanConfirmation(APIView):
    """Confirming a scan."""

    post = acting(actions.paper.confirm, takes=ConfirmationIn, gives=InstrumentOut)
