"""Secrets of second factors: sealed, opened by earlier keys as well, sealed again under the present one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from backend.people import sealed
from backend.people.checks import no_key_of_a_second_factor_is_lost
from backend.people.models import User

FIRST, SECOND = "the-first-key-of-these-tests-0000000000", "the-second-key-of-these-tests-000000000"


@pytest.fixture(autouse=True)
def first(settings: Any) -> None:
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = FIRST, []


def test_a_secret_opens_and_is_written_otherwise_each_time() -> None:
    one, other = sealed.seal("JBSWY3DP"), sealed.seal("JBSWY3DP")
    assert one != other
    assert "JBSWY3DP" not in one
    assert sealed.unseal(one) == sealed.unseal(other) == "JBSWY3DP"


def test_what_was_changed_or_is_of_another_key_does_not_open(settings: Any) -> None:
    kept = sealed.seal("JBSWY3DP")
    changed = kept[:-6] + ("A" if kept[-6] != "A" else "B") + kept[-5:]
    with pytest.raises(sealed.NoKey):
        sealed.unseal(changed)
    settings.DOCUMENTS_KEY = SECOND
    with pytest.raises(sealed.NoKey):
        sealed.unseal(kept)


def test_the_key_is_replaced_while_people_use_their_secrets(claire: User, settings: Any) -> None:
    Authenticator.objects.create(user=claire, type="totp", data={"secret": sealed.seal("JBSWY3DP"), "last_step": 7})
    Authenticator.objects.create(user=claire, type="recovery_codes", data={"seed": sealed.seal("graine"), "used_mask": 5})
    settings.DOCUMENTS_KEY, settings.DOCUMENTS_OTHER_KEYS = SECOND, [FIRST]
    assert sealed.waiting() == 2

    call_command("rotate_documents_key")

    assert sealed.waiting() == 0
    settings.DOCUMENTS_OTHER_KEYS = []
    app, codes = Authenticator.objects.order_by("type").values_list("data", flat=True)[::-1]
    assert (sealed.unseal(app["secret"]), app["last_step"]) == ("JBSWY3DP", 7)
    assert (sealed.unseal(codes["seed"]), codes["used_mask"]) == ("graine", 5)


def test_a_key_taken_away_too_early_is_told_before_anybody_meets_it(claire: User, settings: Any) -> None:
    Authenticator.objects.create(user=claire, type="totp", data={"secret": sealed.seal("JBSWY3DP")})
    assert no_key_of_a_second_factor_is_lost(["default"]) == []
    settings.DOCUMENTS_KEY = SECOND
    assert [fault.id for fault in no_key_of_a_second_factor_is_lost(["default"])] == ["people.E001"]
    sealed.reseal()
    assert sealed.lost() == 1
