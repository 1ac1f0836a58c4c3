"""A refusal of the domain as a message on the form it answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.errors import AllInvalid, DomainError, Incomplete, NotAllowed, NotFound, TooWeak
from frontend.forms.base import Form


@contextmanager
def shown_on(form: Form) -> Iterator[None]:
    """Show what an action refuses on the form it came from, with everything typed kept.

    What the form cannot mend goes on to a page of its own (`frontend.refusals`): not found, not allowed, too weak.
    """
    try:
        yield
    except (NotFound, NotAllowed, TooWeak):
        raise
    except DomainError as refusal:
        for fault in refusal.faults if isinstance(refusal, AllInvalid) else (refusal,):
            form.add_error(form.beside(fault.field), str(fault))
        form.refusal = refusal
        if isinstance(refusal, Incomplete):
            form.findings = refusal.findings
