"""The command that fills in the courts."""

from io import StringIO

import pytest
from django.core.management import call_command

from backend.people.models import Organisation
from cases.courts import competent, known

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_courts", stdout=out)
    return out.getvalue()


def test_courts_are_created_once_and_what_was_changed_since_is_kept():
    load()
    rouen = Organisation.objects.courts().get(name="tribunal judiciaire de Rouen")
    rouen.territory = ["76", "27"]
    rouen.save()

    assert load().startswith("0 courts created")
    assert Organisation.objects.courts().count() == len(known())
    assert Organisation.objects.get(pk=rouen.pk).territory == ["76", "27"]


def test_an_organisation_is_found_by_residence_as_the_file_is_cpc_1070():
    load()

    assert [court.name for court in competent(["35400", "35000"], Organisation.objects.courts())] == [
        "tribunal judiciaire de Saint-Malo",
        "tribunal judiciaire de Rennes",
    ]


def test_every_court_loaded_is_valid_for_the_administration():
    load()

    for court in Organisation.objects.courts():
        court.full_clean()
