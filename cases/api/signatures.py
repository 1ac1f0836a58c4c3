"""What the electronic signatures of a document are worth: who, when, what is covered, who vouches, what was changed since."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, papers, signed
from cases.papers import Paper
from signatures.report import Trust
from signatures.validation import Problem, Revocation, Verdict


class ListedOut(serializers.Serializer[Any]):
    """What an EU trusted list said, at the time of the signature, of who issued its certificate."""

    service = serializers.CharField()
    qualified = serializers.BooleanField(help_text="Whether the certificate is a qualified one (eIDAS).")
    kind = serializers.ChoiceField(["signature", "seal", "website", ""], help_text="What it is for.")
    on_device = serializers.BooleanField(help_text="Whether the key is in a qualified device.")


class SignatureOut(serializers.Serializer[Any]):
    """One signature, seal or timestamp of the document, in the order in which they were made."""

    field = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(["signature", "timestamp"])
    verdict = serializers.ChoiceField([one.value for one in Verdict])
    problems = serializers.ListField(child=serializers.ChoiceField([one.value for one in Problem]))
    reasons = serializers.ListField(child=serializers.CharField(), help_text="The problems in words.")
    signer = serializers.CharField(allow_blank=True)
    capacity = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    time_attested = serializers.BooleanField(help_text="By a timestamp that is trusted; else the signer alone says it.")
    time_by = serializers.CharField(allow_blank=True)
    time_qualified = serializers.BooleanField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    level = serializers.ChoiceField(["", "B-B", "B-T", "B-LT", "B-LTA"], help_text="PAdES (EN 319 142-1).")
    revision = serializers.IntegerField(help_text="The one that it covers, from 1.")
    covers_whole = serializers.BooleanField()
    changes_after = serializers.CharField(help_text="none, lta_updates, form_filling (later signatures), annotations, other or unknown.")
    intact = serializers.BooleanField()
    trust = serializers.ChoiceField(
        [one.value for one in Trust], help_text="`here`: by configuration; `list`: by an EU trusted list; empty: by nobody."
    )
    listed = ListedOut(allow_null=True)
    revocation = serializers.ChoiceField([one.value for one in Revocation])
    revoked_at = serializers.DateTimeField(allow_null=True)
    issuer = serializers.CharField(allow_blank=True)
    serial = serializers.CharField(allow_blank=True)
    not_before = serializers.DateTimeField(allow_null=True)
    not_after = serializers.DateTimeField(allow_null=True)
    mechanism = serializers.CharField(allow_blank=True)
    indication = serializers.CharField(allow_blank=True, help_text="EN 319 102-1, where it is not trusted.")


class ReportOut(serializers.Serializer[Any]):
    """The validation of a document's signatures. A machine tells; a person decides."""

    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    checked_at = serializers.DateTimeField()
    verdict = serializers.ChoiceField(["none", *(one.value for one in Verdict)], help_text="That of the worst signature.")
    meaning = serializers.CharField()
    advice = serializers.CharField()
    signatures = SignatureOut(many=True)


class FileReportOut(ReportOut):
    """The same of a file that somebody holds."""

    made_here = serializers.BooleanField(help_text="Whether this very file was sealed or signed on this platform.")


class ExhibitSignatures(APIView):
    """The signatures of an exhibit."""

    @extend_schema(operation_id="exhibit.signatures", responses=ReportOut)
    def get(self, request: Call, case_id: UUID, exhibit_id: UUID) -> Response:
        """Who signed the exhibit as one gets it, when, and whether that can be relied on."""
        case = access.case(request.actor, case_id)
        return told(papers.exhibit(request.actor, case, exhibit_id))


class InstrumentSignatures(APIView):
    """The signatures of an instrument."""

    @extend_schema(operation_id="instrument.signatures", responses=ReportOut)
    def get(self, request: Call, case_id: UUID, instrument_id: UUID) -> Response:
        """Who signed or sealed the instrument, when, and whether that can be relied on."""
        case = access.case(request.actor, case_id)
        return told(papers.instrument(request.actor, case, instrument_id))


def told(paper: Paper) -> Response:
    """The report, in the reader's language."""
    return Response(ReportOut(signed.told(signed.of_paper(paper))).data)
