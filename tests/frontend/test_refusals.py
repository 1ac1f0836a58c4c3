"""Refusals as pages and as messages: why, what to do, and nothing lost."""

from collections.abc import Callable

import pytest
from django import forms
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from backend.errors import Finding, Incomplete, Invalid, NotAllowed, NotFound, NotNow, TooWeak
from backend.people.actor import Actor
from frontend.errors import shown_on
from frontend.forms.base import Form
from frontend.refusals import answer
from frontend.templatetags import accord

MISSING = Finding("missing", "blocker", "agreement", "The agreement is missing.", "Add it.", "CPC 1091")


class Petition(Form):
    """A form with one field."""

    words = forms.CharField()


@pytest.fixture
def request_of() -> Callable[..., HttpRequest]:
    def made(method: str = "GET", **data: str) -> HttpRequest:
        request = getattr(RequestFactory(), method.lower())("/dossiers/1/signer/?a=1", data)
        request.actor, request.session = Actor(None, "Camille"), {}
        return request

    return made


def test_a_refusal_names_its_field_keeps_what_was_typed_and_says_how_to_mend_it() -> None:
    form = Petition({"words": "what I typed"})
    assert form.is_valid()

    with shown_on(form):
        raise Invalid("Too short.", field="words", law="CPC 57", mend="Say more.")

    shown = accord.errors(form)
    assert form.errors["words"] == ["Too short."]
    assert form["words"].value() == "what I typed"
    assert (shown["refusal"].law, shown["refusal"].mend) == ("CPC 57", "Say more.")


def test_a_refusal_of_no_field_is_told_of_the_whole_form_and_findings_are_listed() -> None:
    form = Petition({"words": "x"})
    form.is_valid()

    with shown_on(form):
        raise Incomplete([MISSING])

    assert len(form.non_field_errors()) == 1
    assert form.findings == (MISSING,)


@pytest.mark.parametrize("refusal", [NotFound, NotAllowed, TooWeak])
def test_what_a_form_cannot_mend_goes_on(refusal: type[Exception]) -> None:
    with pytest.raises(refusal), shown_on(Petition({})):
        raise refusal


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refusal", "status"), [(NotFound(), 404), (NotAllowed(), 403), (NotNow(mend="Wait."), 409), (Incomplete([MISSING]), 409)]
)
def test_a_refusal_nobody_showed_is_a_page(request_of: Callable[..., HttpRequest], refusal: Exception, status: int) -> None:
    page = answer(request_of(), refusal)  # type: ignore[arg-type]

    assert page.status_code == status
    assert status == 404 or str(refusal) in page.content.decode()


def test_a_page_that_needs_more_strength_asks_for_it_and_comes_back(request_of: Callable[..., HttpRequest]) -> None:
    page = answer(request_of(), TooWeak())

    assert page.status_code == 302
    assert page.headers["Location"] == "/confirmer/?next=%2Fdossiers%2F1%2Fsigner%2F%3Fa%3D1"


def test_what_was_posted_travels_in_the_page_and_not_in_the_session(signed_in: Client, mailoutbox: list, person: object) -> None:
    carried = {"carried-reason": "what I typed", "carried-key": "1", "next": "/mon-compte/"}
    signed_in.post("/confirmer/", {"send": "first", **carried})
    code = next(word for word in mailoutbox[-1].body.replace(".", " ").split() if word.isdigit() and len(word) == 6)

    with translation.override("en"):
        done = signed_in.post("/confirmer/", {"password": "une phrase assez longue", "code": code, **carried})

    assert '<form method="post" action="/mon-compte/"' in done.text
    assert '<input type="hidden" name="reason" value="what I typed">' in done.text
    assert "what I typed" not in str(dict(signed_in.session))
    assert "ca-strength--confirmed" in signed_in.get("/mon-compte/").text


def test_a_wrong_code_is_told_at_its_field(signed_in: Client, mailoutbox: list) -> None:
    signed_in.post("/confirmer/", {"send": "first"})

    page = signed_in.post("/confirmer/", {"password": "une phrase assez longue", "code": "000000"})

    assert 'id="id_code_error"' in page.text
    assert 'aria-invalid="true"' in page.text


def test_a_way_back_to_another_site_is_not_followed(signed_in: Client) -> None:
    page = signed_in.get("/confirmer/?next=https://ailleurs.example/")

    assert page.context["back"] == "/"
    assert 'href="https://ailleurs' not in page.content.decode()
