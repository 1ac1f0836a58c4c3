"""Pages of django-allauth that ours take the place of: whoever comes to one is led to ours."""

from django.urls import path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("reauthenticate/", RedirectView.as_view(pattern_name="confirm", query_string=True)),
    path("sessions/", RedirectView.as_view(pattern_name="security")),
    re_path(r"^2fa/(?!authenticate/$|webauthn/login/$)", RedirectView.as_view(pattern_name="security")),
]
