"""The public doors of the platform's authorities, each as its RFC says: certificates and CRLs (5280), OCSP (6960), timestamps (3161).

No account and no JSON: other people's programs ask here, years after, at addresses that stand in certificates.
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from backend.api.throttling import AnonRateThrottle
from backend.errors import NotFound, Unavailable
from cases import certifying

QUERY_MAX_BYTES = 8 * 1024
GET_MAX_CHARACTERS = 1024  # RFC 6960, A.1: short requests only
View = Callable[..., HttpResponse]


class Rate(AnonRateThrottle):
    """By address, whoever asks: an account is not asked for, and gives nothing more."""

    scope = "pki"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


def public(view: View) -> View:
    """Open to all, as often as the rate allows; without cookies, so that there is nothing to forge. Refusals in plain words, as programs log them."""

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.session.accessed = False  # the answer is everybody's: those on the way may keep it (RFC 5019, 6)
        rate = Rate()
        if not rate.allow_request(request, None):  # type: ignore[arg-type]
            return _refusal(429, "too many requests: try again later", {"Retry-After": str(int(rate.wait() or 1) + 1)})
        if len(request.body) > QUERY_MAX_BYTES:
            return _refusal(413, f"a request has at most {QUERY_MAX_BYTES} bytes")
        try:
            return view(request, *given, **named)
        except NotFound as absent:
            raise Http404 from absent
        except Unavailable:
            return _refusal(503, "out of reach at the moment: try again later", {"Retry-After": "60"})

    return door


@public
@require_safe
def certificate(request: HttpRequest, key: str) -> HttpResponse:
    """The certificate of an authority (RFC 5280, 4.2.2.1)."""
    return _given(certifying.certificate(key), "application/pkix-cert", f"{key}.cer", seconds=86400)


@public
@require_safe
def crl(request: HttpRequest, key: str) -> HttpResponse:
    """What an authority revoked (RFC 5280, 5)."""
    return _given(certifying.crl(key), "application/pkix-crl", f"{key}.crl", seconds=min(3600, settings.CRL_SECONDS // 4))


@public
@require_POST
def ocsp(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is good (RFC 6960, A.1), asked in the body."""
    if request.content_type != "application/ocsp-request":
        return _refusal(415, "the content type is application/ocsp-request")
    return _given(certifying.status(request.body), "application/ocsp-response")


@public
@require_safe
def ocsp_by_address(request: HttpRequest, query: str) -> HttpResponse:
    """The same, asked in the address, in base 64: such an answer may be kept by those on the way (RFC 5019, 6)."""
    if len(query) > GET_MAX_CHARACTERS:
        return _refusal(414, f"an address holds at most {GET_MAX_CHARACTERS} characters of a request: ask by POST")
    try:
        asked = base64.b64decode(query, validate=True)
    except binascii.Error:
        asked = b""  # which is no request, and is answered as one that is none
    return _given(certifying.status(asked), "application/ocsp-response", seconds=settings.OCSP_SECONDS // 4)


@public
@require_POST
def timestamp(request: HttpRequest) -> HttpResponse:
    """A timestamp (RFC 3161, 3.4)."""
    if request.content_type != "application/timestamp-query":
        return _refusal(415, "the content type is application/timestamp-query")
    return _given(certifying.timestamp(request.body), "application/timestamp-reply")


def _given(content: bytes, kind: str, name: str = "", *, seconds: int = 0) -> HttpResponse:
    kept = f"public, max-age={seconds}, no-transform, must-revalidate" if seconds else "no-store"
    named = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": kept, **named})


def _refusal(status: int, words: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store", **(headers or {})}
    )


urlpatterns = [
    path("<slug:key>.cer", certificate, name="pki-certificate"),
    path("<slug:key>.crl", crl, name="pki-crl"),
    path("ocsp", ocsp, name="pki-ocsp"),
    path("ocsp/<path:query>", ocsp_by_address, name="pki-ocsp-by-address"),
    path("timestamps", timestamp, name="pki-timestamps"),
]
