"""The addresses of sign-in, oneself and the administration, without a page or a case."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

from backend.config.health import health

urlpatterns = [
    path("", lambda request: HttpResponse("home"), name="home"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("backend.api.urls")),
    path("health", health),
]
handler403 = "backend.api.problems.forbidden"
handler404 = "backend.api.problems.not_found"
