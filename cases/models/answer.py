"""Typed answers to what a proceeding asks, with their history: the newest of a topic is the answer."""

from uuid import UUID

from django.conf import settings
from django.db import models

from backend.keys import Key


class AnswerQuerySet(models.QuerySet["Answer"]):
    """What is asked of answers."""

    def current(self) -> "AnswerQuerySet":
        return self.filter(superseded_at=None)

    def about(self, topic: str, about: UUID | None) -> "AnswerQuerySet":
        return self.filter(topic=topic, about=about)


class Answer(models.Model):
    """One answer to one topic, validated by the topic's own model before it came here."""

    id = Key()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="answers")
    topic = models.CharField(max_length=40)
    about = models.UUIDField(null=True, help_text="The spouse or child it speaks of; empty: the case")
    value = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "topic", "about"], condition=models.Q(superseded_at=None), nulls_distinct=False, name="answer_one_current"
            )
        ]

    def __str__(self) -> str:
        return self.topic
