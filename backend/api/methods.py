"""Methods that no page uses are refused before any page is asked (ASVS 4.1.4); what the API takes, each endpoint says."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin

OF_PAGES = ("GET", "HEAD", "POST")


class MethodsMiddleware(MiddlewareMixin):
    """Answers 405 to the others."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        used = request.path.startswith("/api/") or request.method in OF_PAGES
        return None if used else HttpResponseNotAllowed(OF_PAGES)
