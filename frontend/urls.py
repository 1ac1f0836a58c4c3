"""The addresses of the pages, in French. Each matter has its own list in `frontend/pages/<matter>.py`."""

from django.urls import include, path

urlpatterns = [
    path("", include("frontend.pages.public")),
    path("", include("frontend.pages.account")),
    path("", include("frontend.pages.confirm")),
    path("", include("frontend.pages.caseload")),
    path("", include("frontend.pages.opening")),
    path("", include("frontend.pages.cases")),
    path("", include("frontend.pages.questions")),
    path("", include("frontend.pages.exhibits")),
    path("", include("frontend.pages.photographs")),
    path("", include("frontend.pages.copies")),
    path("", include("frontend.pages.drafts")),
    path("", include("frontend.pages.signature")),
    path("", include("frontend.pages.filing")),
    path("", include("frontend.pages.correspondence")),
    path("", include("frontend.pages.people")),
    path("", include("frontend.pages.ending")),
    path("", include("frontend.pages.keeping")),
    path("", include("frontend.pages.joining")),
    path("", include("frontend.pages.checking")),
    path("", include("frontend.pages.court.desk")),
    path("", include("frontend.pages.court.workbench")),
    path("", include("frontend.pages.court.hearings")),
    path("", include("frontend.pages.court.hearing")),
    path("", include("frontend.pages.court.decision")),
    path("", include("frontend.pages.court.afterwards")),
    path("", include("frontend.pages.court.figures")),
    path("langue/", include("django.conf.urls.i18n")),
]
