"""Somebody a provider vouches for and whom no account here knows: an account is made where their address is proved, else they are told how to come in."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backend.errors import Conflict
from backend.people.federation import linked
from backend.people.federation.ceremony import Refused
from backend.people.federation.identity import Identity
from backend.people.models import User


def join(request: HttpRequest, identity: Identity, invited: str, language: str) -> User:
    """Make an account, linked to the identity: at the address of the invitation that was followed, else at the one that the provider verified.

    Raises Conflict where that address has an account, which is signed in to first: an address alone never links an identity. Raises Refused,
    in the same words whoever has an account, where nothing proves an address.
    """
    address = invited or identity.email
    if not address:
        message = _("This identity of %(provider)s is not linked to an account here yet.") % {"provider": identity.provider.name}
        mend = _(
            "If you have an account, sign in to it by e-mail, then link this identity in “My account”. If you were invited, open the link of "
            "the invitation again, and choose %(provider)s there."
        )
        raise Refused(message, code="identity-unknown", mend=mend % {"provider": identity.provider.name})
    if User.objects.filter(email=address).exists() or EmailAddress.objects.filter(email__iexact=address).exists():
        raise Conflict(
            _("There is already an account with this address."),
            code="account-exists",
            mend=_("Sign in to it by e-mail first, then link this identity in “My account”."),
        )
    return linked.create(request, identity, address, language)
