"""Instruments: the petition and the agreement, what the court makes, and their signature."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, actions, ceremonies
from cases.api.acting import Body, acting, example, listed
from cases.api.shapes import CaseOut, DocumentOut
from cases.models import Instrument
from signatures.models import Ceremony


class InstrumentOut(serializers.Serializer[Instrument]):
    """An instrument; its document is null while it is being made."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    revision = serializers.IntegerField()
    about = serializers.UUIDField(allow_null=True)
    code = serializers.CharField(help_text="The short code printed on it.")
    document = DocumentOut(allow_null=True)
    at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class SignerOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.CharField()
    state = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class FoundOut(serializers.Serializer[Any]):
    """What distinguishes a scan from the text, on which page of each; 0: none of it."""

    doubt = serializers.CharField()
    page = serializers.IntegerField(help_text="Of the text.")
    scanned = serializers.IntegerField(help_text="Of the scan.")
    alike = serializers.IntegerField(help_text="In hundredths.")
    lacking = serializers.CharField(help_text="The numbers of the text that the scan does not show.")


class ToSignOut(serializers.Serializer[Instrument]):
    """An instrument that is being signed: what to read, byte for byte, and who has signed."""

    instrument = serializers.UUIDField(source="id")
    kind = serializers.CharField()
    state = serializers.CharField(source="session.state")
    sha256 = serializers.CharField(source="session.base.sha256", help_text="Of what is read, and of what is signed.")
    pages = serializers.IntegerField(source="session.base.pages", allow_null=True)
    sheet = serializers.BooleanField(source="session.sheet", help_text="Whether one more sheet, after these pages, bears the signatures.")
    unread = serializers.SerializerMethodField(help_text="The pages one was not shown yet, of what awaits one's signature.")
    scan_sha256 = serializers.CharField(source="session.scan.sha256", default="", help_text="Of the scan of what was signed on paper.")
    compared_at = serializers.DateTimeField(
        source="session.compared_at", allow_null=True, help_text="When that was compared with the text."
    )
    differences = FoundOut(many=True, source="session.differences")
    waits_for_me = serializers.SerializerMethodField()
    signers = SignerOut(many=True, source="session.signers")

    def get_waits_for_me(self, instrument: Instrument) -> bool:
        session = instrument.session
        if session is None or session.state != "open":
            return False
        return self.context["actor"].user_id in [signer.person for signer in session.signers.all() if signer.state == "waiting"]

    def get_unread(self, instrument: Instrument) -> list[int]:
        return ceremonies.unread(self.context["actor"], instrument) if self.get_waits_for_me(instrument) else []


@example(document="0199b7a0-0000-7000-8000-000000000001")
class AgreementIn(Body):
    document = serializers.UUIDField(help_text="A file sent before, and checked.")


@example(
    way="together",
    place="Cabinet Houël, 12 rue de la Toise, Rouen",
    opens_at="2126-11-27T14:00:00+01:00",
    closes_at="2126-11-27T16:00:00+01:00",
)
class SignatureOpeningIn(Body):
    """How everyone signs; all may be left out: each where they are, from now on."""

    way = serializers.ChoiceField(Ceremony.Way.choices, required=False)
    ordered = serializers.BooleanField(required=False, help_text="One after the other: the spouses first, then the lawyers.")
    place = serializers.CharField(required=False, allow_blank=True, max_length=300, help_text="Where all come together.")
    opens_at = serializers.DateTimeField(required=False, help_text="Nobody signs before.")
    closes_at = serializers.DateTimeField(required=False, help_text="What is not finished then signs nothing.")


@example(
    shown={"0199b7a0-0000-7000-8000-000000000001": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    statement="I, Armelle Vauquelin, épouse, have read every page of what follows: Agreement (4 pages). I consent to it freely, and I sign it.",
)
class SignatureIn(Body):
    shown = serializers.DictField(child=serializers.RegexField(r"^[0-9a-f]{64}$"), help_text="By instrument, the SHA-256 of what was read.")
    statement = serializers.CharField(max_length=2000, help_text="One's consent, in the words that `ceremony.read` gives.")


@example(reason="L'article 4 ne dit pas ce qui a été convenu.")
class RefusalIn(Body):
    reason = serializers.CharField(max_length=5000)


class Instruments(APIView):
    """The instruments one may see."""

    @extend_schema(operation_id="instrument.list", responses=InstrumentOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Petition, agreement, receipts, summonses, decisions, certificates: those one may see."""
        case = access.case(request.actor, case_id)
        return listed(request, case, InstrumentOut, access.instruments(request.actor, case))


class Petition(APIView):
    """The joint petition."""

    post = acting(actions.petition.prepare, gives=InstrumentOut, status=201)


class Agreement(APIView):
    """The agreement."""

    post = acting(actions.agreement.upload, takes=AgreementIn, gives=InstrumentOut, status=201)


class Reopening(APIView):
    """Going back to preparing."""

    post = acting(actions.agreement.reopen, gives=CaseOut)


class Signature(APIView):
    """Signing the petition and the agreement."""

    post = acting(actions.signing.sign, takes=SignatureIn, gives=CaseOut)

    @extend_schema(operation_id="signing.read", responses=ToSignOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """What is being signed, by whom, and what waits for oneself."""
        case = access.case(request.actor, case_id)
        rows = access.instruments(request.actor, case).current().filter(session__isnull=False)
        return listed(request, case, ToSignOut, rows.select_related("session__base", "session__scan").prefetch_related("session__signers"))


class SignatureOpening(APIView):
    """Opening the signature to all."""

    post = acting(actions.signing.open, takes=SignatureOpeningIn, gives=CaseOut)


class SignatureRefusal(APIView):
    """Refusing to sign."""

    post = acting(actions.signing.refuse, takes=RefusalIn, gives=CaseOut)


class SignatureCancellation(APIView):
    """Ending the signature before all have signed."""

    post = acting(actions.signing.cancel, gives=CaseOut)
