"""What an operator does about certificates: on the desk, and by command."""

from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin import site
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from backend.people.models import User
from signatures import authority
from signatures.models import Issued, Revocation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("operator@example.fr", "a long enough passphrase")


def told(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def desk(operator: User, **said: str) -> Any:
    """The form of the desk, as it answers."""
    request = RequestFactory().post("/admin/signatures/revocation/add/", said)
    request.user = operator
    model_admin = site.get_model_admin(Revocation)
    form = model_admin.get_form(request)(said)
    if form.is_valid():
        row = form.save(commit=False)
        model_admin.save_model(request, row, form, False)
    return form


def test_an_administrator_revokes_and_is_written_down(operator: User) -> None:
    made = authority.issue(uuid4(), "Paul Petit", "")

    form = desk(operator, serial=f"{made.certificate.serial_number:X}", reason="keyCompromise")

    assert form.errors == {}
    row = Revocation.objects.get()
    assert (row.serial, row.by, row.reason) == (f"{made.certificate.serial_number:x}", operator.pk, "keyCompromise")
    assert row.issuer == authority.issuing().key_id


def test_what_cannot_be_revoked_is_told_beside_its_field(operator: User) -> None:
    made = authority.issue(uuid4(), "Paul Petit", "")
    serial = f"{made.certificate.serial_number:x}"

    assert set(desk(operator, serial="1234", reason="unspecified").errors) == {"serial"}
    assert desk(operator, serial=serial, reason="unspecified").errors == {}
    assert set(desk(operator, serial=serial, reason="unspecified").errors) == {"serial"}
    assert Revocation.objects.count() == 1


@pytest.mark.parametrize(("model", "adds"), [(Issued, False), (Revocation, True)])
def test_nobody_changes_or_removes_by_hand(operator: User, model: Any, adds: bool) -> None:
    request = RequestFactory().get("/")
    request.user = operator
    found = site.get_model_admin(model)

    allowed = found.has_add_permission(request), found.has_change_permission(request), found.has_delete_permission(request)
    assert allowed == (adds, False, False)


def test_who_has_no_right_to_it_does_not_revoke() -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create_user("clerk@example.fr", "a long enough passphrase")

    assert not site.get_model_admin(Revocation).has_add_permission(request)


@pytest.mark.parametrize("part", ["issuing", "seal", "timestamps", "root"])
def test_a_command_replaces_each_part_and_names_the_new_certificate(part: str) -> None:
    before = getattr(authority, part)().certificate

    said = told("rotate_authority", part)

    after = getattr(authority, part)().certificate
    assert after != before
    assert f"{after.serial_number:x}" in said


def test_a_command_revokes_what_is_in_use_and_replaces_it() -> None:
    before = authority.seal().certificate

    said = told("revoke_certificate", "seal", reason="keyCompromise")

    assert f"{before.serial_number:x}" in said
    assert Revocation.objects.get().by is None
    assert authority.seal().certificate != before


def test_a_command_says_why_it_does_not_revoke() -> None:
    with pytest.raises(CommandError, match=r"numéro de série|serial number"):
        told("revoke_certificate", "root")
