"""Says before deployment which kinds of job have no function to do them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register(deploy=True)
def every_kind_has_its_handler(**kwargs: Any) -> list[CheckMessage]:
    """Each dotted path of settings.WORK_HANDLERS leads to a function, and each subscriber of the register has its kind."""
    faults: list[CheckMessage] = []
    for name in settings.REGISTER_SUBSCRIBERS:
        if f"register.{name}" not in settings.WORK_HANDLERS:
            faults.append(Error(f"the register's subscriber {name} has no handler", id="work.E002"))
    for kind, path in [*settings.WORK_HANDLERS.items(), *settings.WORK_GIVEN_UP.items()]:
        try:
            import_string(path)
        except ImportError:
            faults.append(Error(f"{kind}: there is no {path}", id="work.E001"))
    return faults
