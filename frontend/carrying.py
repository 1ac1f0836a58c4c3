"""What a refused form held, kept while its author confirms who they are at an identity provider.

It stays with us sealed, for a quarter of an hour and for one return, under a key that only the person's browser holds: never in the session.
"""

import base64
import hashlib
import json
import secrets
from binascii import Error
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

COOKIE = "carried"
SECONDS = 15 * 60
NONCE = b"\0" * 12  # each key seals one thing
Fields = Sequence[tuple[str, str]]


def keep(request: HttpRequest, response: HttpResponse, back: str, fields: Fields) -> None:
    """Seal the page to go back to and the fields, and give the key to the browser."""
    key = secrets.token_bytes(32)
    cache.set(_place(key), AESGCM(key).encrypt(NONCE, json.dumps([back, *fields]).encode(), None), SECONDS)
    said = base64.urlsafe_b64encode(key).decode()
    response.set_cookie(COOKIE, said, max_age=SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())


def taken_back(request: HttpRequest) -> tuple[str, Fields]:
    """The page to go back to and the fields, once; nothing where they have gone."""
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        sealed = cache.get(_place(key))
        cache.delete(_place(key))
        if sealed is None:
            return "", []
        back, *fields = json.loads(AESGCM(key).decrypt(NONCE, sealed, None))
        return str(back), [(str(name), str(value)) for name, value in fields]
    except (Error, ValueError, InvalidTag):
        return "", []


def _place(key: bytes) -> str:
    return f"carried:{hashlib.sha256(b'place' + key).hexdigest()}"
