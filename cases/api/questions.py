"""The registry's questions about a filing, and the correspondence of a case."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.pagination import Cursor
from backend.api.requests import Call
from cases import access, actions
from cases.api.acting import Body, acting, example, listed, paged
from cases.api.shapes import NamedOut
from cases.models import Message, Question


class QuestionOut(serializers.Serializer[Question]):
    """A question of the registry to named people, with a date."""

    id = serializers.UUIDField()
    filing = serializers.UUIDField(source="filing_id")
    asked_by = NamedOut(allow_null=True)
    asked_at = serializers.DateTimeField()
    to = NamedOut(many=True)
    text = serializers.CharField()
    answer_by = serializers.DateField()
    answer = serializers.CharField()
    answered_by = NamedOut(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class MessageOut(serializers.Serializer[Message]):
    id = serializers.UUIDField()
    channel = serializers.ChoiceField(Message.Channel.choices)
    by = NamedOut(allow_null=True)
    at = serializers.DateTimeField()
    body = serializers.CharField()


@example(to=["0199b7a0-0000-7000-8000-000000000001"], text="Merci de préciser le régime matrimonial.", answer_by="2099-12-15")
class QuestionIn(Body):
    to = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20, help_text="Accounts of people of the case.")
    text = serializers.CharField(max_length=5000)
    answer_by = serializers.DateField()


@example(text="Le régime est la communauté réduite aux acquêts.")
class AnswerIn(Body):
    text = serializers.CharField(max_length=5000)


@example(channel="lawyers", body="Cher confrère, le projet vous convient-il ?")
class MessageIn(Body):
    channel = serializers.ChoiceField(Message.Channel.choices)
    body = serializers.CharField(max_length=20000)


class Questions(APIView):
    """The registry's questions."""

    post = acting(actions.filing.ask, takes=QuestionIn, gives=QuestionOut, status=201)

    @extend_schema(operation_id="question.list", responses=QuestionOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """What the registry asked, of whom, and the answers."""
        case = access.case(request.actor, case_id)
        return listed(request, case, QuestionOut, case.questions.select_related("asked_by", "answered_by").prefetch_related("to"))


class Answering(APIView):
    """Answering the registry."""

    post = acting(actions.filing.answer, takes=AnswerIn, gives=QuestionOut)


class Messages(APIView):
    """Correspondence, each conversation visible to just those who take part in it."""

    pagination_class = Cursor
    post = acting(actions.correspondence.write, takes=MessageIn, gives=MessageOut, status=201)

    @extend_schema(operation_id="correspondence.list", responses=MessageOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """The messages of one's own conversations, newest first."""
        case: Any = access.case(request.actor, case_id)
        return paged(request, self, MessageOut, access.messages(request.actor, case), case)
