"""The people of a case: spouses, children, counsel, and the court they choose."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.views import APIView

from backend.api.people import EnrolmentOut
from cases import access, actions
from cases.api.acting import Body, acting, example
from cases.api.shapes import CaseOut
from cases.models import Child, ChildHearing, Counsel, Spouse


class ContactOut(serializers.Serializer[Spouse]):
    address = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()


class SpouseOut(serializers.Serializer[Spouse]):
    """A spouse. `contact` is null where it is concealed from the reader (CPC 1136-5)."""

    id = serializers.UUIDField()
    side = serializers.IntegerField()
    title = serializers.CharField()
    birth_name = serializers.CharField()
    used_name = serializers.CharField()
    first_names = serializers.CharField()
    person = serializers.UUIDField(source="user_id", allow_null=True, help_text="The account, once they have joined.")
    concealed = serializers.BooleanField()
    contact = serializers.SerializerMethodField()

    @extend_schema_field(ContactOut(allow_null=True))
    def get_contact(self, spouse: Spouse) -> dict[str, Any] | None:
        seen = access.sees_contact(self.context["actor"], self.context["case"], spouse)
        return ContactOut(spouse).data if seen else None


class ChildHearingOut(serializers.Serializer[ChildHearing]):
    state = serializers.ChoiceField(ChildHearing.State.choices)
    on = serializers.DateField()
    with_whom = serializers.CharField()
    report = serializers.CharField()
    reason = serializers.CharField()


class ChildOut(serializers.Serializer[Child]):
    """A child, and what became of their right to be heard (CC 388-1)."""

    id = serializers.UUIDField()
    first_names = serializers.CharField()
    name = serializers.CharField()
    born = serializers.DateField()
    birthplace = serializers.CharField()
    nationality = serializers.CharField()
    discernment = serializers.BooleanField(allow_null=True)
    informed_on = serializers.DateField(allow_null=True)
    asks_to_be_heard = serializers.BooleanField(allow_null=True)
    form_dated = serializers.DateField(allow_null=True)
    form_signed = serializers.BooleanField()
    hearing = serializers.SerializerMethodField()

    @extend_schema_field(ChildHearingOut(allow_null=True))
    def get_hearing(self, child: Child) -> dict[str, Any] | None:
        hearing = getattr(child, "hearing", None)
        return ChildHearingOut(hearing).data if hearing else None


class CounselOut(serializers.Serializer[Counsel]):
    """A lawyer of the case, for one spouse or for both (CC 250)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    bar = serializers.CharField()
    sides = serializers.ListField(child=serializers.IntegerField())
    enrolment = EnrolmentOut(allow_null=True, help_text="As the lawyer states it, and who verified it.")
    person = serializers.UUIDField(source="user_id", allow_null=True)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


@example(first_names="Marin", name="Desmarets", born="2015-05-09")
class ChildIn(Body):
    first_names = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=200)
    born = serializers.DateField()
    birthplace = serializers.CharField(max_length=200, required=False, allow_blank=True)
    nationality = serializers.CharField(max_length=200, required=False, allow_blank=True)


@example(side=2, full_name="Maître Ronan Kerdoncuff", email="ronan.kerdoncuff@example.fr", bar="Nantes")
class CounselIn(Body):
    side = serializers.IntegerField(min_value=1, max_value=2)
    full_name = serializers.CharField(max_length=200)
    email = serializers.EmailField()
    bar = serializers.CharField(max_length=100, required=False, allow_blank=True)


@example(court="0199b7a0-0000-7000-8000-000000000001")
class CourtIn(Body):
    court = serializers.UUIDField()


class Children(APIView):
    """The children of the marriage."""

    post = acting(actions.opening.add_child, takes=ChildIn, gives=ChildOut, status=201)


class ChildById(APIView):
    """A child entered by mistake."""

    delete = acting(actions.opening.remove_child, status=204)


class Counsels(APIView):
    """Who is whose lawyer."""

    post = acting(actions.counsel.name, takes=CounselIn, gives=CounselOut, status=201)


class Court(APIView):
    """The court of a case."""

    post = acting(actions.opening.choose_court, takes=CourtIn, gives=CaseOut)
