"""The administration speaks French to whoever reads French: each column, field, choice, hint and act of each desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.db.models import Field, Model
from django.utils import translation

from backend.people.models import User
from documents.models import Document

ALIKE = {
    *(
        "organisation",
        "organisations",
        "structure",
        "version",
        "versions",
        "document",
        "signature",
        "virus",
        "id",
        "Documents",
        "Signatures",
    ),
    *("Alsace-Moselle", "Guadeloupe", "Martinique", "Mayotte", "Saint-Barthélemy", "Saint-Martin"),
}  # words of both languages


def labels(desk: Any, request: Any) -> Iterator[Any]:
    """All that a desk calls things, in the language of the moment."""
    meta, filters = desk.model._meta, desk.get_list_filter(request)
    yield from (meta.verbose_name, meta.verbose_name_plural, meta.app_config.verbose_name)
    yield from (act[2] for act in desk.get_actions(request).values())
    for each in filters:
        if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
            yield each.title
            yield from (label for _value, label in each.lookups(None, request, desk))  # type: ignore[arg-type]
    yield from of_fields(desk, request, [*desk.get_list_display(request), *(each for each in filters if isinstance(each, str))])
    for line in desk.inlines:
        yield from of_fields(line(desk.model, admin.site), request, [])


def of_fields(desk: Any, request: Any, columns: list[str]) -> Iterator[Any]:
    shown = {*columns, *flatten_fieldsets(desk.get_fieldsets(request)), *desk.get_readonly_fields(request)} - {"__str__"}
    fields = {field.name: field for field in desk.model._meta.get_fields() if isinstance(field, Field)}
    for name in sorted(shown):
        yield label_for_field(name, desk.model, desk)
        if name in fields:
            yield fields[name].help_text
            yield from (label for _value, label in fields[name].choices or ())


def untranslated(desk: Any, request: Any) -> list[str]:
    """What a desk says in English to whoever reads French."""
    request.user = User(is_staff=True, is_superuser=True)
    with translation.override("en"):
        english = {str(label) for label in labels(desk, request)}
    with translation.override("fr"):
        french = {str(label) for label in labels(desk, request)}
    return sorted((english & french) - ALIKE - {""})


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda model: model._meta.label)
def test_each_desk_speaks_french(model: type[Model], rf: Any) -> None:
    assert untranslated(admin.site._registry[model], rf.get("/")) == []


def test_a_desk_that_does_not_is_caught(rf: Any) -> None:
    class Breach(admin.ModelAdmin):
        list_display = ["audited"]

        @admin.display(description="audited lately")
        def audited(self, document: Document) -> str:
            return ""

    assert "audited lately" in untranslated(Breach(Document, admin.site), rf.get("/"))
