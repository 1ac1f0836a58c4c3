"""What the proceeding asks of a case, and the answers, one topic at a time."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.idempotency import key_of
from backend.api.parsing import asked
from backend.api.requests import Call
from cases import access, actions, facts, proceedings
from cases.api.acting import expected, listed, shown
from cases.models import Answer
from cases.proceedings.interpret import is_answered, subjects_of
from cases.proceedings.questions import Topic

MODELS = {topic.model.__name__: topic.model for proceeding in proceedings.all_versions().values() for topic in proceeding.topics}
BY_NAME: Any = [model for _name, model in sorted(MODELS.items())]  # drf-spectacular takes pydantic models, its types do not say so
VALUE = PolymorphicProxySerializer("AnswerValue", BY_NAME, resource_type_field_name=None)
CONTACT = OpenApiExample(
    "contact",
    value={"address": "41 quai du Vieux-Lavoir", "postal_code": "76000", "city": "Rouen", "email": "thibault.desmarets@example.fr"},
    request_only=True,
)


class AnswerOut(serializers.Serializer[Answer]):
    """The answer to a topic, of the case or of a person."""

    topic = serializers.CharField()
    about = serializers.UUIDField(allow_null=True)
    value = serializers.SerializerMethodField()
    at = serializers.DateTimeField()

    @extend_schema_field(VALUE)
    def get_value(self, answer: Any) -> Any:
        return answer.value


class AboutQuery(serializers.Serializer[Any]):
    about = serializers.UUIDField(required=False, help_text="The spouse or child it speaks of, where it is not asked of the case.")


class SubjectOut(serializers.Serializer[Any]):
    """Of whom a topic is asked."""

    about = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    answered = serializers.BooleanField()


class TopicOut(serializers.Serializer[Topic]):
    """One thing that is asked."""

    name = serializers.CharField()
    title = serializers.CharField()
    ask = serializers.CharField()
    help = serializers.CharField()
    law = serializers.CharField()
    of = serializers.ChoiceField(["case", "spouse", "child"])
    needed = serializers.BooleanField()
    schema = serializers.DictField(help_text="The JSON Schema of the answer.")
    subjects = serializers.SerializerMethodField()

    @extend_schema_field(SubjectOut(many=True))
    def get_subjects(self, topic: Topic) -> list[dict[str, Any]]:
        known = self.context["facts"]
        return [{"about": about, "name": name, "answered": is_answered(topic, about, known)} for about, name in subjects_of(topic, known)]


class Topics(APIView):
    """What is asked."""

    @extend_schema(operation_id="answers.topics", responses=TopicOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """Each topic that is asked in this case, of whom, and whether it is answered."""
        case = access.case(request.actor, case_id)
        known = facts.of(case)
        asked_here: Any = [topic for topic in case.proceeding.topics if subjects_of(topic, known)]
        return shown(request, case, TopicOut(asked_here, many=True, context={"facts": known}).data)


class Answers(APIView):
    """The answers."""

    @extend_schema(operation_id="answers.list", responses=AnswerOut(many=True))
    def get(self, request: Call, case_id: UUID) -> Response:
        """The answers as they stand, as far as one may see them; the ETag is the version to give back in If-Match."""
        case = access.case(request.actor, case_id)
        return listed(request, case, AnswerOut, access.answers(request.actor, case))


class AnswerByTopic(APIView):
    """The answer to one topic."""

    @extend_schema(operation_id="answers.save", parameters=[AboutQuery], request=VALUE, responses=AnswerOut, examples=[CONTACT])
    def put(self, request: Call, case_id: UUID, topic: str) -> Response:
        """Save the answer to one topic; the one before it stays in the history. The body is the answer itself."""
        case = access.case(request.actor, case_id)
        named = {"topic": topic, "about": asked(AboutQuery, request).get("about")}
        seq = expected(request, case)
        value = serializers.DictField().run_validation(request.data)
        saved = actions.answers.save(request.actor, case, **named, value=value, seq=seq, key=key_of(request) or "")
        return shown(request, case, AnswerOut(saved).data)
