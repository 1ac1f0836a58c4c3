"""Invitations: sent by those in the case, answered by whoever holds the link."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.parsing import parsed
from backend.api.people import LanguageField
from backend.api.requests import Call
from backend.api.schema import Plain
from backend.errors import NotFound
from backend.people import accounts, tokens
from cases import access, actions, links
from cases.api.acting import Body, acting, example, listed
from cases.models import Case, Invitation


class InvitationOut(serializers.Serializer[Invitation]):
    """An invitation. `email` is null where the person's contact is concealed from the reader (CPC 1136-5)."""

    id = serializers.UUIDField()
    spouse = serializers.UUIDField(source="spouse_id", allow_null=True)
    counsel = serializers.UUIDField(source="counsel_id", allow_null=True)
    email = serializers.SerializerMethodField()
    state = serializers.ChoiceField(Invitation.State.choices)
    sent_at = serializers.DateTimeField()
    answer_by = serializers.DateField()
    reminded_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField()

    def get_email(self, invitation: Invitation) -> str | None:
        spouse = next((spouse for spouse in self.context["case"].spouses.all() if spouse.pk == invitation.spouse_id), None)
        seen = spouse is None or access.sees_contact(self.context["actor"], self.context["case"], spouse)
        return invitation.email if seen else None


class LinkOut(serializers.Serializer[Invitation]):
    """What the holder of a link is told before they answer."""

    case = serializers.UUIDField(source="case_id")
    title = serializers.CharField(source="case.title")
    proceeding = serializers.CharField(source="case.proceeding.title")
    invited = serializers.SerializerMethodField()
    state = serializers.ChoiceField(Invitation.State.choices)
    answer_by = serializers.DateField()

    def get_invited(self, invitation: Invitation) -> str:
        return str(invitation.spouse or invitation.counsel)


@example(spouse="0199b7a0-0000-7000-8000-000000000001", email="thibault.desmarets@example.fr")
class InvitationIn(Body):
    spouse = serializers.UUIDField(required=False)
    counsel = serializers.UUIDField(required=False)
    email = serializers.EmailField()


@example(email="thibault@example.fr")
class ResendingIn(Body):
    email = serializers.EmailField(required=False)


@example(consent=True)
class AcceptanceIn(Body):
    consent = serializers.BooleanField(help_text="To electronic exchange (CPC 748-2).")


@example(comment="Mon nom de naissance s'écrit avec un « t ».")
class ChangesIn(Body):
    comment = serializers.CharField(max_length=5000)


@example(first_names="Thibault", last_name="Desmarets", password="une phrase assez longue")  # noqa: S106 - shown, opens nothing
class InvitedIn(Body):
    first_names = serializers.CharField(max_length=150)
    last_name = serializers.CharField(max_length=150)
    password = serializers.CharField(trim_whitespace=False, max_length=200, help_text="At least twelve characters.")
    language = LanguageField(required=False)


class OpenedOut(serializers.Serializer[Any]):
    """An account just opened."""

    email = serializers.EmailField(help_text="The address the link was sent to: what one signs in with.")
    token = serializers.CharField(help_text="Shown this once, good for a day: to answer the invitation.")


def by_link(actor: Any, named: dict[str, Any]) -> Case:
    """The case that a link leads to, for the action to judge the link. Raises NotFound."""
    case = links.case_of(named["token"])
    if case is None:
        raise NotFound
    return case


class Invitations(APIView):
    """The invitations of a case, and sending one."""

    post = acting(actions.invitation.send, takes=InvitationIn, gives=InvitationOut, status=201)

    @extend_schema(operation_id="invitation.list", responses=InvitationOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Who was invited, and what they answered."""
        case = access.case(request.actor, case_id)
        return listed(request, case, InvitationOut, access.invitations(request.actor, case))


class InvitationById(APIView):
    """An invitation that is open."""

    delete = acting(actions.invitation.cancel, gives=InvitationOut)


class Resending(APIView):
    """Sending an invitation again, to a corrected address if one is given."""

    post = acting(actions.invitation.resend, takes=ResendingIn, gives=InvitationOut, status=201)


class Link(APIView):
    """What a link opens: its holder reads it, and joins the case."""

    post = acting(actions.invitation.accept, takes=AcceptanceIn, gives=LinkOut, find=by_link)

    @extend_schema(operation_id="invitation.read", responses=LinkOut)
    def get(self, request: Call, token: str) -> Response:
        """To which case one is invited, as whom, until when."""
        found = links.invitation(token)
        if found is None:
            raise NotFound
        return Response(LinkOut(found).data)


class InvitedAccount(APIView):
    """The account of whoever was invited and has none."""

    schema = Plain()
    authentication_classes = []
    permission_classes = []

    @extend_schema(operation_id="invitation.open_account", request=InvitedIn, responses={201: OpenedOut})
    def post(self, request: Request, token: str) -> Response:
        """Open an account with the address the link was sent to, which proves it; the invitation itself is answered afterwards."""
        found = links.invitation(token)
        if found is None:
            raise NotFound
        user = accounts.create_invited(found.email, **parsed(InvitedIn, request))
        opened = {"email": user.email, "token": tokens.issue(user, str(_("Invitation")), 1)}
        return Response(OpenedOut(opened).data, status=201)


class Changes(APIView):
    """Asking for changes before one joins."""

    post = acting(actions.invitation.ask_for_changes, takes=ChangesIn, gives=LinkOut, find=by_link)
