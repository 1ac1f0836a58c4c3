"""Strong ETags from the sequence of a case, and the version an edit says it edits.

The comparison belongs in the action, under the row's lock: the door only hands down what If-Match said.
"""

import re

from django.http import HttpRequest
from rest_framework.request import Request

from backend.api.problems import PreconditionRequired
from backend.errors import Outdated

VERSION = 1  # of the representation: raised where the same sequence is shown otherwise
TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def etag(about: object, sequence: int) -> str:
    """The ETag of a thing at a sequence, with its quotes: `"<id>-<sequence>-v1"`."""
    return f'"{about}-{sequence}-v{VERSION}"'


def if_match(request: Request | HttpRequest, *, required: bool = False) -> str | None:
    """The version an edit is of: a quoted token, "*" for any, None where nothing is said.

    Raises PreconditionRequired (428) where it must be said; a weak or an ill-written tag matches nothing (412, RFC 9110 13.1.1).
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        if required:
            raise PreconditionRequired
        return None
    if header == "*":
        return header
    found = TAG.fullmatch(header)
    if found is None or found[1]:
        raise Outdated
    return header


def check(expected: str | None, current: str) -> None:
    """Refuse an edit of another version than the present one. To be called with the row locked. Raises Outdated (412)."""
    if expected not in (None, "*", current):
        raise Outdated


def is_fresh(request: Request | HttpRequest, current: str) -> bool:
    """Whether the reader already has this version (If-None-Match): answer 304."""
    header = request.headers.get("If-None-Match", "")
    return header.strip() == "*" or current in (f'"{token}"' for _weak, token in TAG.findall(header))
