"""What the pages of a court share: they are for whoever works there, and are not found by anybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from backend.errors import NotFound
from cases import benches
from frontend.pages.of_case import actor_of


def at_bench(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for clerks and judges."""

    @wraps(view)
    @login_required
    @never_cache
    def opened(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if not benches.roles_of(actor_of(request)):
            raise NotFound
        return view(request, *args, **named)

    return opened


DESK_LIVE = {"address": "/ws/desk", "after": 0}
