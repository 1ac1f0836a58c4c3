"""The API's own addresses: oneself, and the description of the whole."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from backend.api import people

urlpatterns = [
    path("me", people.Me.as_view(), name="me"),
    path("me/consent", people.Consent.as_view(), name="me-consent"),
    path("me/enrolment", people.OwnEnrolment.as_view(), name="me-enrolment"),
    path("me/strength", people.Strength.as_view(), name="me-strength"),
    path("me/tokens", people.Tokens.as_view(), name="me-tokens"),
    path("me/tokens/<uuid:token_id>", people.TokenById.as_view(), name="me-token"),
    path("openapi.yaml", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[]), name="openapi"),
]
