"""The administrators' desk of identities: enrolments at a bar are verified here; identities of providers are seen and unlinked."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, NotAllowed
from backend.people import professional
from backend.people.desks import Narrow
from backend.people.models import Enrolment

for managed in (SocialApp, SocialToken, SocialAccount):
    admin.site.unregister(managed)


@admin.register(Enrolment)
class EnrolmentAdmin(Narrow):
    """Bars and numbers as lawyers state them: looked up in the bar's own list, then verified. Each act is in the history of the row."""

    list_display = ["user", "bar", "number_as_read", "stated_at", "verified_at", "verified_by", "verified_through"]
    list_filter = [("verified_at", admin.EmptyFieldListFilter), "bar"]
    list_select_related = ["user", "verified_by"]
    search_fields = ["user__last_name", "user__email", "bar", "number"]
    autocomplete_fields = ["user"]
    readonly_fields = ["stated_at", "verified_at", "verified_by", "verified_through"]
    actions = ["verify", "withdraw"]

    def get_readonly_fields(self, request: HttpRequest, obj: Enrolment | None = None) -> list[str]:
        """Whose it is does not change: what was verified of one lawyer says nothing of another."""
        return [*self.readonly_fields, *(["user"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Enrolment, form: ModelForm, change: bool) -> None:
        """What is written anew is not verified yet."""
        professional.written(obj)

    @admin.display(description=_("number at the bar"), ordering="number")
    def number_as_read(self, obj: Enrolment) -> str:
        """The number; with what says that this row is verified as it was read, and not as it has become since."""
        return format_html('{}<input type="hidden" name="read" value="{}">', obj.number, _as_read(obj))

    @admin.action(description=_("Verified: looked up in the bar’s own list"))
    def verify(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        read = set(request.POST.getlist("read"))
        for enrolment in queryset.filter(verified_at=None):
            try:
                if _as_read(enrolment) not in read:
                    raise professional.changed(enrolment)
                professional.verify(enrolment, request.user)  # type: ignore[arg-type]
            except (NotAllowed, Conflict) as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.log_change(request, enrolment, gettext("Verified: %(what)s") % {"what": enrolment})

    @admin.action(description=_("No longer verified"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        for enrolment in queryset:
            professional.withdraw(enrolment)
            self.log_change(request, enrolment, gettext("No longer verified: %(what)s") % {"what": enrolment})


def _as_read(enrolment: Enrolment) -> str:
    return f"{enrolment.pk} {enrolment.stated_at.isoformat()}"


@admin.register(SocialAccount)
class IdentityAdmin(Narrow):
    """Identities linked to accounts: seen, and unlinked where their owner asks and cannot. Nobody links one for another."""

    list_display = ["account", "provider", "date_joined", "last_login"]
    list_filter = ["provider"]
    list_select_related = ["user"]
    search_fields = ["user__last_name", "user__email"]
    fields = readonly_fields = ("account", "provider", "date_joined", "last_login")

    @admin.display(description=_("account"), ordering="user__last_name")
    def account(self, obj: SocialAccount) -> str:
        """Whose it is, in our words: the model is not ours."""
        return str(obj.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
