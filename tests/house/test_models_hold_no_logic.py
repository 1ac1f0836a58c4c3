"""Rows hold no logic: no signal, no `save()` of their own; and a lock says whose row it takes."""

import ast
from typing import Any

from django.apps import apps
from django.db import models

from tests.house.source import PRODUCT, calls, offences, used

SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals", "allauth.account.signals")
WRITING = ("save", "save_base", "delete", "asave", "adelete")


def signals(source: str) -> set[str]:
    return {name for name in used(source) if name.startswith(SIGNALS)}


def unspecific(source: str) -> list[str]:
    """The lines that lock without saying `of` which rows: with a join, that locks those of others too."""
    locks = [call for name, call in calls(source) if name.endswith(".select_for_update")]
    return [ast.unparse(call)[-80:] for call in locks if "of" not in {each.arg for each in call.keywords}]


def own_writing(model: type[Any]) -> list[str]:
    """The methods by which a model does more than to be written down."""
    return [name for name in WRITING if (method := getattr(model, name, None)) and not method.__module__.startswith("django.")]


def test_no_signal_carries_business() -> None:
    assert offences(signals, *PRODUCT) == {}


def test_every_lock_says_whose_row_it_takes() -> None:
    assert offences(unspecific, *PRODUCT) == {}


def test_no_model_writes_itself_in_its_own_way() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith(("backend.", "documents.", "signatures.", "cases."))]

    assert {model.__name__: own for model in ours if (own := own_writing(model))} == {}
    assert len(ours) > 20


def test_a_signal_is_caught() -> None:
    assert signals("from django.db.models.signals import post_save\npost_save.connect(notify, sender=Case)")
    assert signals("from django.dispatch import receiver\n@receiver(user_logged_in)\ndef greet(sender, **kwargs): ...")
    assert not signals("from django.db import models, transaction\ntransaction.on_commit(ring)")


def test_a_lock_of_whatever_is_joined_is_caught() -> None:
    assert unspecific("Case.objects.select_related('court').select_for_update().get(pk=key)")
    assert unspecific("self.select_for_update(nowait=True).first()")
    assert not unspecific("Case.objects.select_for_update(of=('self',)).get(pk=key)")


def test_a_model_that_saves_in_its_own_way_is_caught() -> None:
    class Numbered:
        save_base, delete = models.Model.save_base, models.Model.delete

        def save(self, **kwargs: Any) -> None:
            """Number it, and tell the clerk."""

    assert own_writing(Numbered) == ["save"]
