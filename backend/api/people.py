"""Oneself: who I am, how strongly signed in, my tokens."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.parsing import parsed
from backend.api.requests import Call
from backend.api.schema import Plain, example
from backend.errors import Invalid, TooWeak
from backend.people import accounts, professional, strength, tokens
from backend.people.actor import Actor
from backend.people.models import Enrolment, Kind, Level, Membership, Method, Role


class MembershipOut(serializers.Serializer[Membership]):
    organisation = serializers.UUIDField(source="organisation_id")
    name = serializers.CharField(source="organisation.name")
    kind = serializers.ChoiceField(Kind.choices, source="organisation.kind")
    role = serializers.ChoiceField(Role.choices)
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class EnrolmentOut(serializers.Serializer[Enrolment]):
    """A lawyer's enrolment at a bar."""

    bar = serializers.CharField()
    number = serializers.CharField()
    stated_at = serializers.DateTimeField()
    verified_at = serializers.DateTimeField(allow_null=True)
    verified_by = serializers.CharField(
        source="verifier", help_text="The administrator of the platform, or the identity provider that claims it."
    )


class MeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    first_names = serializers.CharField()
    last_name = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    consent_electronic_at = serializers.DateTimeField(allow_null=True, help_text="CPC 748-2")
    is_administrator = serializers.BooleanField(source="is_staff")
    memberships = MembershipOut(many=True, source="current_memberships")
    enrolment = EnrolmentOut(allow_null=True, source="known_enrolment", help_text="Of a lawyer, at a bar.")


class LanguageField(serializers.RegexField):
    """One of the platform's languages."""

    def __init__(self, **kwargs: Any) -> None:
        codes = "|".join(code for code, _name in settings.LANGUAGES)
        super().__init__(f"^({codes})$", help_text="Of the pages and of the messages.", **kwargs)


@example(phone="02 35 00 00 00", language="fr")
class MeIn(serializers.Serializer[Any]):
    first_names = serializers.CharField(max_length=150, required=False)
    last_name = serializers.CharField(max_length=150, required=False)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, help_text="For this site only.")
    language = LanguageField(required=False)


@example(consent=True)
class ConsentIn(serializers.Serializer[Any]):
    consent = serializers.BooleanField(help_text="To receive acts and notices electronically (CPC 748-2). True: it is not taken back here.")

    def validate_consent(self, consent: bool) -> bool:
        if not consent:
            raise serializers.ValidationError(_("Tick the box to consent."), code="consent")
        return consent


@example(bar="Rouen", number="1234")
class EnrolmentIn(serializers.Serializer[Any]):
    bar = serializers.CharField(max_length=100)
    number = serializers.CharField(max_length=100)


class StrengthOut(serializers.Serializer[Any]):
    strong = serializers.BooleanField(help_text="Whether binding acts are open now.")
    until = serializers.DateTimeField(allow_null=True)
    by = serializers.ChoiceField(Method.choices, allow_blank=True, help_text="What one confirmed oneself by.")
    needs = serializers.ChoiceField(
        Level.choices,
        help_text="What binding acts need where one works: 2 is the password and a code by mail, 3 an authenticator app, 4 a passkey.",
    )


@example(password="une phrase assez longue")  # noqa: S106 - shown, opens nothing
class PasswordIn(serializers.Serializer[Any]):
    password = serializers.CharField(trim_whitespace=False, max_length=200)


@example(password="une phrase assez longue", code="042137")  # noqa: S106 - shown, opens nothing
class ProofIn(serializers.Serializer[Any]):
    password = serializers.CharField(
        trim_whitespace=False, max_length=200, required=False, default="", help_text="Of the account, unless it has none."
    )
    code = serializers.RegexField(
        r"^\s*\d{6}\s*$", help_text="Of the mail; of the authenticator app, for whoever has a passkey or an app: nothing is sent to them."
    )


class TokenOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


@example(name="logiciel du cabinet", days=90)
class TokenIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    days = serializers.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS, default=90)


class TokenIssued(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once.")


class Me(APIView):
    """Who I am, and where I work."""

    schema = Plain()

    @extend_schema(operation_id="me.read", responses=MeOut)
    def get(self, request: Call) -> Response:
        return Response(MeOut(request.user).data)

    @extend_schema(operation_id="me.change", request=MeIn, responses=MeOut)
    def patch(self, request: Call) -> Response:
        """Change my names, my telephone or my language; what is not given stays. The address and the password change on the pages."""
        known: dict[str, Any] = {name: getattr(request.user, name) for name in ("first_names", "last_name", "phone", "language")}
        accounts.change(request.user, request, **(known | parsed(MeIn, request)))
        return Response(MeOut(request.user).data)


class Consent(APIView):
    """My consent to electronic exchange."""

    schema = Plain()

    @extend_schema(operation_id="me.consent", request=ConsentIn, responses=MeOut)
    def put(self, request: Call) -> Response:
        """Consent to receive acts and notices electronically (CPC 748-2); the first day stands."""
        parsed(ConsentIn, request)
        accounts.consent_to_electronic(request.user)
        return Response(MeOut(request.user).data)


class OwnEnrolment(APIView):
    """My enrolment at a bar, as a lawyer."""

    schema = Plain()

    @extend_schema(operation_id="me.enrolment", request=EnrolmentIn, responses=EnrolmentOut)
    def put(self, request: Call) -> Response:
        """State my bar and my number there: what was verified stands no more where they change."""
        return Response(EnrolmentOut(professional.state(request.user, **parsed(EnrolmentIn, request))).data)


class Strength(APIView):
    """Confirming oneself before a binding act."""

    schema = Plain()

    @extend_schema(operation_id="me.strength.read", responses=StrengthOut)
    def get(self, request: Call) -> Response:
        return Response(StrengthOut(told(request.actor)).data)

    @extend_schema(operation_id="me.strength.ask", request=PasswordIn, responses={202: None})
    def post(self, request: Call) -> Response:
        """Have a code sent by mail. Each is another: it takes the place of those sent before. Refused to who has a passkey or an app."""
        if not accounts.is_password(request._request, request.user, request.actor.key, **parsed(PasswordIn, request)):
            raise Invalid(field="password", code="password-wrong")
        strength.ask_code(request.user, request.actor.key)
        return Response(status=202)

    @extend_schema(operation_id="me.strength.prove", request=ProofIn, responses=StrengthOut)
    def put(self, request: Call) -> Response:
        """Give the code and the password: strong for the next few minutes."""
        accounts.confirm(request._request, request.user, request.actor.key, **parsed(ProofIn, request))
        proofs = strength.proofs(request.user, request.actor.key)
        return Response(StrengthOut(told(Actor.of(request.user, key=request.actor.key, proofs=proofs))).data)


def told(actor: Actor) -> dict[str, Any]:
    """How strong a session or token is at this moment."""
    return {"strong": actor.strong, "until": actor.strong_until, "by": actor.proved_by, "needs": actor.needs}


class Tokens(APIView):
    """My API tokens."""

    schema = Plain()

    @extend_schema(operation_id="me.tokens.list", responses=TokenOut(many=True))
    def get(self, request: Call) -> Response:
        return Response(TokenOut(tokens.of(request.user), many=True).data)

    @extend_schema(operation_id="me.tokens.issue", request=TokenIn, responses={201: TokenIssued})
    def post(self, request: Call) -> Response:
        """Issue a token, shown this once, so that it is never given again: one whose answer was lost is revoked. Asks to confirm oneself first."""
        if not request.actor.strong:
            raise TooWeak
        return Response(TokenIssued({"token": tokens.issue(request.user, **parsed(TokenIn, request), request=request)}).data, status=201)


class TokenById(APIView):
    """One of my tokens."""

    @extend_schema(operation_id="me.tokens.revoke", responses={204: None})
    def delete(self, request: Call, token_id: UUID) -> Response:
        tokens.revoke(request.user, token_id)
        return Response(status=204)
