"""What the judge decides, what follows, the recourses, and how a case ends."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, actions
from cases.api.acting import Body, acting, example, listed
from cases.api.hearings import DayIn
from cases.api.shapes import CaseOut
from cases.models import Decision, Recourse


class RecourseOut(serializers.Serializer[Recourse]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Recourse.Kind.choices)
    spouse = serializers.UUIDField(source="spouse_id")
    at = serializers.DateTimeField()
    ended_on = serializers.DateField(allow_null=True)


class DecisionOut(serializers.Serializer[Decision]):
    """A decision: a draft is the judge's own."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Decision.Kind.choices)
    state = serializers.ChoiceField(Decision.State.choices)
    on = serializers.DateField()
    body = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    provisional_measures = serializers.ListField(child=serializers.CharField())
    refusal = serializers.BooleanField()
    instrument = serializers.UUIDField(source="instrument_id", allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    served_on = serializers.DateField(allow_null=True)
    certified_at = serializers.DateTimeField(allow_null=True)
    mentioned_on = serializers.DateField(allow_null=True)
    maintenance_sent_on = serializers.DateField(allow_null=True)
    title_sent_on = serializers.DateField(allow_null=True)
    recourses = RecourseOut(many=True)


def lines() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=2000), required=False, max_length=100)


@example(kind="adjournment", conditions=["Une contribution qui couvre l'internat."], provisional_measures=["Le domicile à Armelle."])
class DecisionIn(Body):
    kind = serializers.ChoiceField(Decision.Kind.choices)
    body = serializers.CharField(required=False, allow_blank=True, max_length=100_000, help_text="Empty: the text the platform proposes.")
    on = serializers.DateField(required=False, allow_null=True)
    conditions = lines()
    provisional_measures = lines()


@example(shown="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
class DecisionSignatureIn(Body):
    shown = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="The SHA-256 of the draft that was read.")


@example(on="2026-11-20", title=False)
class TransmissionIn(DayIn):
    title = serializers.BooleanField(required=False, help_text="The title itself, rather than the maintenance data.")


@example(side=1)
class RecourseIn(Body):
    side = serializers.IntegerField(required=False, min_value=1, max_value=2, help_text="For which spouse, where one acts for both.")


@example(reason="")
class WithdrawalIn(Body):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class Decisions(APIView):
    """The decisions one may read, and drafting one."""

    post = acting(actions.decision.draft, takes=DecisionIn, gives=DecisionOut)

    @extend_schema(operation_id="decision.list", responses=DecisionOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """What was delivered; to the judge, the draft too."""
        case = access.case(request.actor, case_id)
        return listed(request, case, DecisionOut, access.decisions(request.actor, case))


class Draft(APIView):
    """The draft of a decision."""

    delete = acting(actions.decision.discard, status=204)


class DecisionSignature(APIView):
    """Pronouncing and signing the draft."""

    post = acting(actions.decision.sign, takes=DecisionSignatureIn, gives=DecisionOut)


class DecisionService(APIView):
    """The decision was served by registered letter."""

    post = acting(actions.decision.record_service, takes=DayIn, gives=DecisionOut)


class Transmission(APIView):
    """What went to the family-benefits body."""

    post = acting(actions.decision.record_transmission, takes=TransmissionIn, gives=DecisionOut)


class Mention(APIView):
    """The mention on the civil-status records."""

    post = acting(actions.decision.record_mention, takes=DayIn, gives=DecisionOut)


class Appeals(APIView):
    """Appeals."""

    post = acting(actions.recourse.appeal, takes=RecourseIn, gives=RecourseOut, status=201)


class Cassations(APIView):
    """Petitions for cassation."""

    post = acting(actions.recourse.petition_for_cassation, takes=RecourseIn, gives=RecourseOut, status=201)


class RecourseEnd(APIView):
    """The end of a recourse."""

    post = acting(actions.recourse.end, takes=DayIn, gives=RecourseOut)


class Certificate(APIView):
    """The certificate that no recourse is open."""

    post = acting(actions.certificate.issue, gives=DecisionOut)


class Closing(APIView):
    """Closing the case."""

    post = acting(actions.closing.close, gives=CaseOut)


class Withdrawal(APIView):
    """Withdrawing."""

    post = acting(actions.withdrawal.withdraw, takes=WithdrawalIn, gives=CaseOut)
