"""A case as one person sees it, on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.schema import FindingOut
from cases.actions.base import ACTIONS
from cases.api.endpoints import endpoints
from cases.api.people import ChildOut, CounselOut, SpouseOut
from cases.api.shapes import CaseOut
from cases.outlook import Outlook
from cases.proceedings.interpret import required
from cases.timing import Due


class StepOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    plain = serializers.CharField(help_text="What happens here, in plain words.")
    law = serializers.CharField()


class StageOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField(source="step.name")
    title = serializers.CharField(source="step.title")
    state = serializers.ChoiceField(["done", "current", "ahead"])


class MayOut(serializers.Serializer[Any]):
    """What one may do now: where, and with which body."""

    name = serializers.CharField()
    method = serializers.CharField()
    href = serializers.CharField(help_text="What stays in braces names a thing of the case.")
    strong = serializers.BooleanField(help_text="Whether one confirms oneself first.")
    schema = serializers.DictField(allow_null=True, help_text="The JSON Schema of the body.")


class DueOut(serializers.Serializer[Due]):
    """A deadline: who, by when, and by which article."""

    name = serializers.CharField(source="period.name")
    title = serializers.CharField(source="period.title")
    law = serializers.CharField(source="period.law")
    who = serializers.ListField(child=serializers.CharField(), source="period.who")
    on = serializers.DateField(help_text="The last day.")
    proposed = serializers.DateField(help_text="The day on which it is wise to have done it.")
    until = serializers.DateTimeField()
    done_on = serializers.DateField(allow_null=True)
    suspended = serializers.BooleanField()
    about = serializers.UUIDField(allow_null=True, help_text="The question, or the person invited, where somebody named the day.")


class RequiredOut(serializers.Serializer[Any]):
    """A document the proceeding asks for."""

    kind = serializers.CharField()
    title = serializers.CharField()
    law = serializers.CharField()
    about = serializers.UUIDField(allow_null=True)
    of = serializers.CharField()


class OutlookOut(serializers.Serializer[Outlook]):
    """Where a case stands, what one may do now and how, what is missing, who must act by when."""

    case = CaseOut()
    sequence = serializers.IntegerField(source="case.chain.seq", help_text="Of the register: where a socket resumes.")
    roles = serializers.SerializerMethodField()
    sides = serializers.SerializerMethodField()
    my_turn = serializers.BooleanField()
    step = StepOut()
    stages = StageOut(many=True)
    may = serializers.SerializerMethodField()
    required = serializers.SerializerMethodField()  # type: ignore[assignment]
    findings = FindingOut(many=True)
    deadlines = DueOut(many=True, source="dues")
    spouses = SpouseOut(many=True, source="case.spouses")
    children = ChildOut(many=True, source="case.children")
    counsels = CounselOut(many=True, source="case.counsels")

    def get_roles(self, seen: Outlook) -> list[str]:
        return sorted(seen.standing.roles)

    def get_sides(self, seen: Outlook) -> list[int]:
        return sorted(seen.standing.sides)

    @extend_schema_field(MayOut(many=True))
    def get_may(self, seen: Outlook) -> list[dict[str, Any]]:
        found = [endpoints()[name] for name in seen.may if name in endpoints()]
        return [
            {"name": at.action, "method": at.method, "href": at.of(seen.case), "strong": ACTIONS[at.action].strong, "schema": at.schema}
            for at in found
        ]

    @extend_schema_field(RequiredOut(many=True))
    def get_required(self, seen: Outlook) -> list[dict[str, Any]]:
        return [
            {"kind": asked.kind, "title": str(asked.title), "law": asked.law, "about": about, "of": name}
            for asked, about, name in required(seen.proceeding, seen.facts)
        ]
