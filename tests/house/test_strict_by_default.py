"""The suite is strict (`tests/strict.py`, pyproject.toml): an unknown template variable, a list in no order and a warning each fail a test."""

import warnings
from typing import Any

import pytest
from django.apps import apps
from django.core.paginator import Paginator
from django.template import Context, Template
from rest_framework import serializers

from backend.people.models import User

IN_NO_ORDER = "shown in no order"
ONE_EACH = {"Book", "ReadingBook", "RgCounter", "Preference", "CalendarAddress"}  # one for each court, case or person: never in a list


class UserOut(serializers.Serializer[Any]):
    email = serializers.EmailField()


def shown(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{{ absent }}",
        "{{ case.absent }}",
        "{{ absent|default:'–' }}",
        "{% load i18n %}{% blocktranslate %}Case {{ absent }}{% endblocktranslate %}",
        "{% with name=absent %}{{ name }}{% endwith %}",
    ],
)
def test_a_template_that_shows_an_unknown_variable_fails(source: str) -> None:
    with pytest.raises(AssertionError, match="unknown variable"):
        shown(source, case=User())


def test_a_template_may_ask_whether_something_is_there() -> None:
    assert shown("{% if absent %}there{% else %}not there{% endif %}") == "not there"


def test_a_template_that_lists_rows_in_no_order_fails(db: None) -> None:
    with pytest.raises(AssertionError, match=IN_NO_ORDER):
        shown("{% for one in people %}{{ one.email }}{% endfor %}", people=User.objects.order_by())
    assert shown("{% for one in people %}{{ one.email }}{% endfor %}", people=User.objects.order_by("email")) == ""


def test_an_answer_that_lists_rows_in_no_order_fails(db: None) -> None:
    with pytest.raises(AssertionError, match=IN_NO_ORDER):
        _ = UserOut(User.objects.order_by(), many=True).data
    assert UserOut(User.objects.order_by("email"), many=True).data == []


def test_pages_of_rows_in_no_order_fail(db: None) -> None:
    with pytest.raises(Warning, match="unordered"):
        Paginator(User.objects.order_by(), 10).page(1)


def test_the_rows_that_lists_are_made_of_in_code_are_in_order_too() -> None:
    rows = [model for app in ("cases", "notices") for model in apps.get_app_config(app).get_models()]

    assert {model.__name__ for model in rows if not model._meta.ordering} == ONE_EACH


def test_a_warning_fails() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("this will go wrong one day", UserWarning, stacklevel=1)
    with pytest.raises(DeprecationWarning):
        warnings.warn_explicit("this is going away", DeprecationWarning, "page.py", 1, module="frontend.pages")
