"""Pages of django-allauth that ours take the place of, or stand before: whoever comes to one is led to ours."""

from allauth.account.views import password_set
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from backend.errors import TooWeak
from backend.people import factors
from backend.people.requests import Visit


@login_required
@never_cache
def first_password(request: Visit) -> HttpResponse:
    """A way in that lasts is added by who has just confirmed that it is them (allauth asks nothing); a password typed too late is carried nowhere."""
    try:
        factors.guard(request.user, request.actor.key)
    except TooWeak:
        return redirect(f"{reverse('confirm')}?{urlencode({'next': request.path})}")
    answer: HttpResponse = password_set(request)
    return answer


urlpatterns = [
    path("reauthenticate/", RedirectView.as_view(pattern_name="confirm", query_string=True)),
    path("sessions/", RedirectView.as_view(pattern_name="security")),
    path("password/set/", first_password),
    re_path(r"^2fa/(?!authenticate/$|webauthn/login/$)", RedirectView.as_view(pattern_name="security")),
]
