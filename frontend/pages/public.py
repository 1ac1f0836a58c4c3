"""The pages that anybody may read: what this is, help in plain words, legal notices, accessibility."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import certifying
from frontend import specimens as invented
from frontend.navigation import rooms


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three doors for a stranger; for somebody signed in, the first of their rooms."""
    room = next(rooms(request.actor), None)  # type: ignore[attr-defined]
    return redirect(room.url) if room else render(request, "pages/home.html")


@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """The mark of the site, where a browser looks for it on pages that name none."""
    return redirect(static("images/mark.svg"))


@require_safe
def assistance(request: HttpRequest) -> HttpResponse:
    """Help in plain words."""
    return render(request, "pages/help.html", {"title": _("Help")})


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Who runs this installation, what it keeps, and the order of the minister that covers it (CPC 748-6)."""
    return render(request, "pages/legal.html", {"title": _("Legal notices and personal data")})


@require_safe
def authorities(request: HttpRequest) -> HttpResponse:
    """Who certifies the signatures and seals made here: to be given to whoever checks one."""
    return render(
        request, "pages/authorities.html", {"title": _("Certificates of this platform"), "authorities": list(certifying.authorities())}
    )


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """How to get the source code, where the operator gave no address of it (AGPL, section 13)."""
    return render(request, "pages/source.html", {"title": _("Source code of this program")})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of accessibility (RGAA 4.1)."""
    return render(request, "pages/accessibility.html", {"title": _("Accessibility")})


@require_safe
def specimens(request: HttpRequest) -> HttpResponse:
    """Every component with every state, for whoever writes a page; in the demonstration only."""
    if not settings.DEMO:
        raise Http404
    form = invented.SpecimenForm({"day": "32/13/2026"}) if "faux" in request.GET else invented.SpecimenForm()
    return render(request, "pages/specimens.html", {"title": _("Components"), "form": form, **invented.specimens()})


urlpatterns = [
    path("", home, name="home"),
    path("favicon.ico", mark),
    path("aide/", assistance, name="help"),
    path("mentions-legales/", legal, name="legal"),
    path("certificats/", authorities, name="authorities"),
    path("source/", source, name="source"),
    path("accessibilite/", accessibility, name="accessibility"),
    path("composants/", specimens, name="specimens"),
]
