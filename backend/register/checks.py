"""Says before deployment whether the register has somebody to ask for timestamps."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register(deploy=True)
def timestamps_can_be_had_and_checked(**kwargs: Any) -> list[CheckMessage]:
    """REGISTER_TIMESTAMP and REGISTER_TIMESTAMP_CHECK lead to functions."""
    faults: list[CheckMessage] = []
    for path in (settings.REGISTER_TIMESTAMP, settings.REGISTER_TIMESTAMP_CHECK):
        try:
            import_string(path)
        except ImportError:
            faults.append(Error(f"the register's timestamps: there is no {path}", id="register.E001"))
    return faults
