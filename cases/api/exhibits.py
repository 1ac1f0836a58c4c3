"""Exhibits: brought by a side, private until communicated."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from cases import access, actions
from cases.api.acting import Body, acting, context_of, example, listed, shown
from cases.api.shapes import CaseOut, DocumentOut
from cases.models import Exhibit


class ExhibitOut(serializers.Serializer[Exhibit]):
    """An exhibit. Side 0 is both sides together."""

    id = serializers.UUIDField()
    side = serializers.IntegerField()
    kind = serializers.CharField()
    about = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    form = serializers.CharField()
    dated = serializers.DateField(allow_null=True)
    number = serializers.IntegerField(allow_null=True)
    place = serializers.IntegerField()
    to_follow = serializers.BooleanField()
    document = serializers.SerializerMethodField()
    is_marked_copy = serializers.SerializerMethodField(help_text="Whether that is the marked copy of an identity paper, not its original.")
    same_as = serializers.SerializerMethodField(help_text="The exhibits that one sees here whose file is the same, to the byte.")
    is_stamped = serializers.SerializerMethodField()
    added_at = serializers.DateTimeField()
    communicated_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(DocumentOut(allow_null=True, help_text="The file as this reader gets it."))
    def get_document(self, exhibit: Exhibit) -> Any:
        file = access.file_of(self.context["standing"], exhibit)
        return DocumentOut(file, context=self.context).data if file else None

    def get_is_marked_copy(self, exhibit: Exhibit) -> bool:
        return exhibit.is_identity and access.file_of(self.context["standing"], exhibit) == exhibit.marked

    def get_same_as(self, exhibit: Exhibit) -> list[UUID]:
        return [other.pk for other in self.context["twins"].get(exhibit.pk, ())]

    def get_is_stamped(self, exhibit: Exhibit) -> bool:
        return exhibit.stamped_id is not None


class ExhibitChange(Body):
    kind = serializers.SlugField(max_length=40, required=False)
    title = serializers.CharField(max_length=200, required=False)
    form = serializers.ChoiceField(["private", "notarial"], required=False)
    dated = serializers.DateField(required=False, allow_null=True)
    document = serializers.UUIDField(required=False, allow_null=True, help_text="A file sent before.")


@example(kind="birth-certificate", side=0, title="Acte de naissance de Zélie", dated="2026-10-01")
class ExhibitIn(ExhibitChange):
    kind = serializers.SlugField(max_length=40)
    side = serializers.IntegerField(min_value=0, max_value=2, help_text="0: both sides.")
    about = serializers.UUIDField(required=False, allow_null=True)


@example(title="Acte de naissance de Zélie, copie intégrale")
class ExhibitPatch(ExhibitChange):
    pass


@example(exhibits=["0199b7a0-0000-7000-8000-000000000001"])
class ExhibitsIn(Body):
    exhibits = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class Exhibits(APIView):
    """The exhibits one may see, and adding one."""

    post = acting(actions.exhibit.add, takes=ExhibitIn, gives=ExhibitOut, status=201)

    @extend_schema(operation_id="exhibit.list", responses=ExhibitOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """One's own side's exhibits, and those that were communicated."""
        case = access.case(request.actor, case_id)
        return listed(request, case, ExhibitOut, access.exhibits(request.actor, case))


class ExhibitById(APIView):
    """One exhibit."""

    patch = acting(actions.exhibit.describe, takes=ExhibitPatch, gives=ExhibitOut, edits=True)
    delete = acting(actions.exhibit.remove, status=204)

    @extend_schema(operation_id="exhibit.read", responses=ExhibitOut)
    def get(self, request: Call, case_id: UUID, exhibit: UUID) -> Response:
        """The exhibit, if one may see it."""
        case = access.case(request.actor, case_id)
        found: Any = access.exhibit(request.actor, case, exhibit)
        return shown(request, case, ExhibitOut(found, context=context_of(request, case)).data)


class Order(APIView):
    """The order of one's exhibits before they are numbered."""

    post = acting(actions.exhibit.renumber, takes=ExhibitsIn, gives=CaseOut)


class Communication(APIView):
    """Communicating exhibits to the other side."""

    post = acting(actions.exhibit.communicate, takes=ExhibitsIn, gives=CaseOut)
