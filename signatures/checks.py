"""Says before deployment which trusted lists would not be believed, and which are old."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from backend import clock
from signatures import trusted_lists


@register(deploy=True)
def every_trusted_list_is_believed(**kwargs: Any) -> list[CheckMessage]:
    """Each file of settings.TRUSTED_LISTS is there, signed by one of TRUSTED_LISTS_SIGNERS, and not yet to be replaced."""
    hint = "Fetch it anew, and TRUSTED_LISTS_SIGNERS from the list of lists."
    known, now = trusted_lists.lists(), clock.machine()
    late = [
        Warning(f"the trusted list {path} was to be followed by another on {due:%Y-%m-%d}", hint=hint, id="signatures.W001")
        for path, due in known.due
        if due < now
    ]
    return late + [Error(f"the trusted list {path} is not believed", hint=hint, id="signatures.E001") for path in known.faults]
