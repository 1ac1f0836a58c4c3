"""The identity providers on the pages: buttons to sign in and to confirm, identities linked to an account; nothing where none is configured."""

from typing import Any

from django import template

from backend.people import professional
from backend.people.federation import configured, linked
from backend.people.models import Role

register = template.Library()


@register.inclusion_tag("identity/sign_in.html", takes_context=True)
def sign_in_at_providers(context: template.Context, back: str = "") -> dict[str, Any]:
    """One button for each provider; `back` is where one goes afterwards."""
    return {"providers": configured.every(), "back": back, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("identity/confirm.html", takes_context=True)
def confirm_at_providers(context: template.Context) -> dict[str, Any]:
    """Inside the form of a confirmation: a button for each provider at which this person has an identity, and which can confirm a binding act."""
    mine = {one.slug for one in linked.of(context["request"].user)}
    return {"providers": [one for one in configured.every() if one.confirms and one.slug in mine]}


@register.inclusion_tag("identity/linked.html", takes_context=True)
def linked_identities(context: template.Context) -> dict[str, Any]:
    """On one's account: the identities linked to it, how they differ from it, and those that can be linked."""
    mine = linked.of(context["request"].user)
    others = [one for one in configured.every() if one.slug not in {each.slug for each in mine}]
    return {"linked": mine, "others": others, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("identity/enrolment.html", takes_context=True)
def bar_enrolment(context: template.Context) -> dict[str, Any]:
    """On a lawyer's account: their bar and number, whether they are verified, and what to do where they are not."""
    user = context["request"].user
    return {"is_lawyer": professional.is_lawyer(user), "enrolment": professional.of([user.pk]).get(user.pk)}


@register.inclusion_tag("identity/unverified.html", takes_context=True)
def lawyer_unverified(context: template.Context) -> dict[str, Any]:
    """To a lawyer whose enrolment nobody verified, where that keeps them from signing and filing: what to do."""
    actor = context.get("actor")
    if actor is None or all(role != Role.LAWYER for _organisation, role in actor.roles):
        return {"unverified": False}
    return {"unverified": professional.is_kept_from_binding(actor.user_id)}
