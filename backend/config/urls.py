"""Every address of the site: pages, API, the health check, and the desk of the platform's administrators."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from backend.config.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("admin/", admin.site.urls),
    re_path("^compte/(?:3rdparty|social)/", RedirectView.as_view(pattern_name="account")),  # allauth's own pages, where ours ask for more
    path("compte/", include("frontend.pages.instead")),
    path("compte/", include("allauth.urls")),
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/", include("backend.api.urls")),
    path("pki/", include("cases.api.authorities")),
    path("", include("frontend.urls")),
]
handler403 = "backend.config.faults.forbidden"
handler404 = "backend.config.faults.not_found"
handler500 = "backend.config.faults.failed"
