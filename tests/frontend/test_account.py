"""A person's own account."""

from django.test import Client

from backend.people.models import User


def test_the_account_is_for_whoever_is_signed_in(client: Client, db: None) -> None:
    assert client.get("/mon-compte/").headers["Location"] == "/compte/login/?next=/mon-compte/"


def test_the_administrators_desk_is_in_their_menu_alone(signed_in: Client, person: User) -> None:
    assert 'href="/admin/"' not in signed_in.get("/mon-compte/").text

    User.objects.filter(pk=person.pk).update(is_staff=True)
    assert 'href="/admin/"' in signed_in.get("/mon-compte/").text


def test_a_language_chosen_here_speaks_at_once(signed_in: Client, person: User) -> None:
    changed = {"first_names": "Camille", "last_name": "Martin", "language": "en"}

    page = signed_in.post("/mon-compte/", changed, follow=True)

    person.refresh_from_db()
    assert (person.language, person.full_name) == ("en", "Camille Martin")
    assert '<html lang="en"' in page.text


def test_consent_to_electronic_exchange_is_recorded_once_and_only_when_ticked(signed_in: Client, person: User) -> None:
    signed_in.post("/mon-compte/consentement/", {})
    person.refresh_from_db()
    assert person.consent_electronic_at is None

    signed_in.post("/mon-compte/consentement/", {"consent": "yes"})
    person.refresh_from_db()
    assert person.consent_electronic_at is not None


def test_the_language_button_works_without_javascript(client: Client, db: None) -> None:
    page = client.post("/langue/setlang/", {"language": "en", "next": "/aide/"}, follow=True)

    assert '<html lang="en"' in page.text
