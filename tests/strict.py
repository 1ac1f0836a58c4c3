"""Strict by default: what Django would pass over in silence fails in every test of the suite."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.db.models.manager import BaseManager
from django.template import Context, engines
from django.template.defaulttags import ForNode
from rest_framework.serializers import ListSerializer

OF_OTHERS = ("authenticators.",)  # asked in a page of allauth's, which has them only once they are set up


class Unknown(str):
    """Stands for a variable that no context has: showing it is a failure; asking in an `if` whether it is there is not."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: Any) -> str:
        if str(name).startswith(OF_OTHERS):
            return ""
        raise AssertionError(f"a template asks for an unknown variable: {name}")


class Ordered:
    """The sequence of a template's `for`, seen to come in an order."""

    def __init__(self, sequence: Any) -> None:
        self.sequence = sequence

    def __str__(self) -> str:
        return str(self.sequence)

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return in_order(self.sequence.resolve(context, ignore_failures))


def in_order(rows: Any) -> Any:
    """The same rows; a failure where the database may give them in any order."""
    asked = rows.all() if isinstance(rows, BaseManager) else rows
    if isinstance(asked, QuerySet) and not asked.ordered:
        raise AssertionError(f"a list of {asked.model.__name__} is shown in no order")
    return rows


def be_strict(patch: pytest.MonkeyPatch) -> None:
    """Templates show no unknown variable; templates and serializers list no rows that are in no order. (Paginators warn, and a warning fails.)"""
    loop, represent = ForNode.__init__, ListSerializer.to_representation
    patch.setattr(engines["django"].engine, "string_if_invalid", Unknown("%s"))
    patch.setattr(ForNode, "__init__", lambda self, names, rows, *more: loop(self, names, Ordered(rows), *more))
    patch.setattr(ListSerializer, "to_representation", lambda self, rows: represent(self, in_order(rows)))
