"""The addresses of the pages, in French. Each matter has its own list in `frontend/pages/<matter>.py`."""

from django.urls import include, path

urlpatterns = [
    path("", include("frontend.pages.public")),
    path("", include("frontend.pages.account")),
    path("", include("frontend.pages.confirm")),
    path("langue/", include("django.conf.urls.i18n")),
]
