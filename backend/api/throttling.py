"""How often one may call. A counter out of reach lets people work on; sign-in has its own throttle, which does not."""

import logging
from typing import Any

from redis.exceptions import RedisError
from rest_framework import throttling
from rest_framework.request import Request

logger = logging.getLogger(__name__)


class _Forgiving(throttling.SimpleRateThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("the counter of requests is out of reach")
            return True


class UserRateThrottle(_Forgiving, throttling.UserRateThrottle):
    """By account."""


class AnonRateThrottle(_Forgiving, throttling.AnonRateThrottle):
    """By address, for strangers."""


class ByAddress(_Forgiving):
    """By address, for whoever asks: `times` in an hour, of one `scope`."""

    def __init__(self, scope: str, times: int) -> None:
        self.scope, self.rate = scope, f"{times}/hour"
        super().__init__()

    def get_cache_key(self, request: Request, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})
