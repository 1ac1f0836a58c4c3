"""The platform administrators' desk: organisations, accounts, memberships. Never the content of a case."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from backend.errors import TooWeak
from backend.people import accounts, browsers, factors, sessions, telling
from backend.people.admin_identity import EnrolmentAdmin, IdentityAdmin  # noqa: F401 (registered by being read)
from backend.people.desks import Narrow
from backend.people.models import Membership, Organisation, Token, User

admin.site.site_header = admin.site.site_title = _("Administration of the platform")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's throttles and second factor hold here too
# One way to another password: Django's own would leave open what is opened with the one before.
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[method-assign,assignment]
# What allauth calls them has no French.
UserSession._meta.verbose_name, UserSession._meta.verbose_name_plural = _("open session"), _("open sessions")
for _theirs in (Group, Authenticator, UserSession):  # secrets, and sessions that would not be ended
    admin.site.unregister(_theirs)


def confirmed_first(wrap: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever changes something in the administration has just confirmed who they are, by a means of their own (ADMINISTRATORS_NEED)."""

    def admin_view(view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        shown = wrap(view, cacheable)

        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor, leaving = request.actor, request.path.endswith("/logout/")  # type: ignore[attr-defined]
            if request.method == "POST" and actor and actor.is_administrator and not actor.strong and not leaving:
                raise TooWeak
            return shown(request, *args, **kwargs)

        return asked

    return admin_view


admin.site.admin_view = confirmed_first(admin.site.admin_view)  # type: ignore[method-assign]


class Territory(forms.CharField):
    """Beginnings of postal codes, written with commas or spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        prefixes = (super().to_python(value) or "").replace(",", " ").split()
        if wrong := [prefix for prefix in prefixes if not (prefix.isdigit() and len(prefix) <= 5)]:
            raise forms.ValidationError(_("These are not postal codes: %(wrong)s."), params={"wrong": ", ".join(wrong)})
        return sorted(set(prefixes))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class OrganisationForm(ModelForm):
    """An organisation, its territory as a line of text."""

    territory = Territory(
        label=_("territory"), required=False, widget=forms.Textarea, help_text=_("The postal codes it covers, or how they begin: 75, 9201.")
    )

    class Meta:
        model = Organisation
        fields = [
            "kind", "name", "bar", "structure", "address", "postal_code", "city", "parent", "territory", "zone", "holidays", "file_megabytes", "binding_level", "settings",
        ]  # fmt: skip


class TellingAdmin(Narrow):
    """A desk on which rights change: the doors open for those people are told, and close at once."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        lines = [
            line
            for lines in formsets
            for line in [*lines.new_objects, *lines.deleted_objects, *(pair[0] for pair in lines.changed_objects)]
        ]
        self.tell([form.instance, *lines])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.tell([obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.tell(queryset)
        super().delete_queryset(request, queryset)

    def tell(self, changed: Iterable[Any]) -> None:
        """Tell of each account, and of each membership's."""
        known: dict[type, str] = {User: "pk", Membership: "user_id", Token: "user_id", UserSession: "user_id"}
        touched: set[UUID] = {getattr(one, known[type(one)]) for one in changed if type(one) in known}
        for user_id in touched:
            telling.tell(user_id)


class MembershipLine(admin.TabularInline):
    """The memberships of an account or of an organisation."""

    model = Membership
    extra = 0
    autocomplete_fields = ["user", "organisation"]


class NewAccountForm(ModelForm):
    """An account opened by an administrator: the person chooses a password by "forgotten password"."""

    class Meta:
        model = User
        fields = ["email", "first_names", "last_name", "language"]


@admin.register(Organisation)
class OrganisationAdmin(TellingAdmin):
    """Firms, courts and chambers, offices."""

    form = OrganisationForm
    list_display = ["name", "kind", "city", "bar", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "city", "bar"]
    autocomplete_fields = ["parent"]
    inlines = [MembershipLine]


@admin.register(User)
class AccountAdmin(TellingAdmin, UserAdmin):
    """Accounts: opened, closed, their sessions ended. Nobody sets another's password."""

    form = ModelForm
    add_form = NewAccountForm
    list_display = ["name", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["last_name", "first_names", "email"]
    ordering = ["last_name", "first_names", "id"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "first_names", "last_name", "phone", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["consent_electronic_at", "date_joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_names", "last_name", "language"]})]
    readonly_fields = ["consent_electronic_at", "date_joined", "last_login"]
    inlines = [MembershipLine]
    actions = ["end_sessions", "reset_factors"]

    @admin.display(description=_("name"), ordering="last_name")
    def name(self, obj: User) -> str:
        return obj.full_name

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        before = User.objects.filter(pk=obj.pk).first() if change else None
        if before is None:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        accounts.know_address(obj)
        if before:
            accounts.named_anew(obj, before.full_name)
        if before and before.email != obj.email:
            accounts.moved(obj, before.email)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        raise PermissionDenied

    @admin.action(description=_("End every session and token of these accounts"))
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            accounts.end_everywhere(user)

    @admin.action(description=_("Remove the passkeys, app and recovery codes of these accounts, whose owners were recognised otherwise"))
    def reset_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            factors.reset(user)
            accounts.end_everywhere(user)


@admin.register(UserSession)
class SessionAdmin(TellingAdmin):
    """Who is signed in, from where; ended here as its owner would."""

    list_display = ["account", "address", "browser", "since", "seen"]
    list_select_related = ["user"]
    search_fields = ["user__last_name", "user__email", "ip"]
    fields = readonly_fields = ("account", "address", "browser", "since", "seen")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UserSession | None = None) -> bool:
        return False

    @admin.display(description=_("account"), ordering="user__last_name")
    def account(self, obj: UserSession) -> str:
        return str(obj.user)

    @admin.display(description=_("network address"), ordering="ip")
    def address(self, obj: UserSession) -> str:
        return str(obj.ip)

    @admin.display(description=_("browser"), ordering="user_agent")
    def browser(self, obj: UserSession) -> str:
        return browsers.named(obj.user_agent)

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, obj: UserSession) -> datetime:
        return obj.created_at

    @admin.display(description=_("last used"), ordering="last_seen_at")
    def seen(self, obj: UserSession) -> datetime:
        return obj.last_seen_at

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        sessions.end(obj)
        self.tell([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for session in queryset:
            self.delete_model(request, session)


@admin.register(Membership)
class MembershipAdmin(TellingAdmin):
    """Who works where, as what, since when."""

    list_display = ["user", "organisation", "role", "since", "until"]
    list_filter = ["role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__last_name", "user__email", "organisation__name"]
    autocomplete_fields = ["user", "organisation"]


@admin.register(Token)
class TokenAdmin(TellingAdmin):
    """API tokens, seen and revoked; issued by their owner only."""

    list_display = ["name", "user", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False
