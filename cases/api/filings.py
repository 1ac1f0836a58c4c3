"""Filing with the court, and what the registry does with it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from backend.api.schema import FindingOut
from cases import access, actions, checks
from cases.api.acting import Body, acting, context_of, example, listed, shown
from cases.api.exhibits import ExhibitOut
from cases.api.instruments import InstrumentOut
from cases.api.shapes import CaseOut, NamedOut
from cases.checks import certificates, vouched
from cases.models import Filing
from cases.reasons import REASONS


class ReasonOut(serializers.Serializer[Any]):
    """Why a filing was returned, and what to do."""

    code = serializers.CharField()
    title = serializers.CharField()
    mend = serializers.CharField()
    law = serializers.CharField()
    note = serializers.CharField()


class FilingOut(serializers.Serializer[Filing]):
    """A filing. Who has it on their desk is the court's own matter: null for the others."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    attempt = serializers.IntegerField()
    state = serializers.ChoiceField(Filing.State.choices)
    submitted_by = NamedOut(allow_null=True)
    submitted_at = serializers.DateTimeField()
    digests = serializers.DictField(child=serializers.CharField())
    findings = FindingOut(many=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    undone_because = serializers.CharField()
    reasons = serializers.SerializerMethodField()
    claimed_by = serializers.SerializerMethodField()
    released_because = serializers.SerializerMethodField(help_text="Why another put it back in the queue: the court's own matter.")

    @extend_schema_field(ReasonOut(many=True))
    def get_reasons(self, filing: Filing) -> list[dict[str, str]]:
        return [reason_of(given["code"], given["note"]) for given in filing.reasons]

    @extend_schema_field(NamedOut(allow_null=True))
    def get_claimed_by(self, filing: Filing) -> dict[str, Any] | None:
        seen = filing.claimed_by is not None and self.context["standing"].sees(access.COURT)
        return NamedOut(filing.claimed_by).data if seen else None

    def get_released_because(self, filing: Filing) -> str:
        return filing.released_because if self.context["standing"].sees(access.COURT) else ""


class RehearsalOut(serializers.Serializer[Any]):
    """The dry run of a filing: what stands in its way or makes it doubtful, and exactly what would go."""

    ready = serializers.BooleanField()
    findings = FindingOut(many=True)
    instruments = InstrumentOut(many=True)
    exhibits = ExhibitOut(many=True)


@example(clauses={"1": "Article 7"})
class NewAgreementIn(Body):
    clauses = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=500), required=False, help_text="By condition, what answers it."
    )


class ReasonIn(Body):
    code = serializers.ChoiceField(sorted(REASONS))
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


@example(reasons=[{"code": "illegible", "note": "La page 2 de l'acte de mariage est coupée."}])
class ReturnIn(Body):
    reasons = ReasonIn(many=True)


@example(reason="")
class ReleaseIn(Body):
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, help_text="Needed where another has taken it: they are told."
    )


@example(chamber="0199b7a0-0000-7000-8000-000000000001")
class AssignmentIn(Body):
    chamber = serializers.UUIDField()


@example(reason="Acceptée par erreur : la requête visait un autre dossier.")
class UndoingIn(Body):
    reason = serializers.CharField(max_length=5000)


def reason_of(code: str, note: str = "") -> dict[str, str]:
    """A reason in the reader's language, with the clerk's note."""
    reason = REASONS[code]
    return {"code": code, "title": str(reason.title), "mend": str(reason.mend), "law": reason.law, "note": note}


class Filings(APIView):
    """The filings of a case, and filing its petition."""

    post = acting(actions.filing.submit, gives=FilingOut, status=201)

    @extend_schema(operation_id="filing.list", responses=FilingOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Every filing, newest first."""
        case = access.case(request.actor, case_id)
        return listed(request, case, FilingOut, case.filings.select_related("submitted_by", "claimed_by"))


class Rehearsal(APIView):
    """The dry run of a filing."""

    @extend_schema(operation_id="filing.rehearse", responses=RehearsalOut)
    def get(self, request: Call, case_id: UUID) -> Response:
        """What would be missing or doubtful if one filed now, and exactly what would go with it."""
        case = access.case(request.actor, case_id)
        found = checks.findings(case)
        going = checks.going(request.actor, case)
        doubts = [*certificates.compared(request.actor, case).findings, *vouched.compared(request.actor, case)]
        told = {
            "ready": not checks.blocking(found),
            "findings": [*found, *doubts],
            "instruments": going.instruments,
            "exhibits": going.exhibits,
        }
        return shown(request, case, RehearsalOut(told, context=context_of(request, case)).data)


class NewAgreement(APIView):
    """Presenting the new agreement after an adjournment."""

    post = acting(actions.filing.submit_new_agreement, takes=NewAgreementIn, gives=FilingOut, status=201)


class Claim(APIView):
    """Taking the filing on one's desk."""

    post = acting(actions.filing.claim, gives=FilingOut)


class Release(APIView):
    """Putting the filing back in the queue."""

    post = acting(actions.filing.release, takes=ReleaseIn, gives=FilingOut)


class Assignment(APIView):
    """Sending the case to another chamber."""

    put = acting(actions.filing.assign, takes=AssignmentIn, gives=CaseOut, edits=True)


class Return(APIView):
    """Returning the filing for correction."""

    post = acting(actions.filing.return_for_correction, takes=ReturnIn, gives=FilingOut)


class Acceptance(APIView):
    """Accepting the filing."""

    post = acting(actions.filing.accept, gives=FilingOut)


class Undoing(APIView):
    """Undoing an acceptance made by mistake."""

    post = acting(actions.filing.undo_acceptance, takes=UndoingIn, gives=FilingOut)
