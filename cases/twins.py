"""Files that are the same to the byte as an exhibit of their case: said to those who may see that exhibit, and to nobody else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Finding, NotFound
from backend.people.actor import Actor
from cases import access
from cases.models import Case, Exhibit
from documents.models import Version


def among(exhibits: Sequence[Exhibit]) -> Mapping[UUID, list[Exhibit]]:
    """Of exhibits that one person sees, each that has others like it, with those."""
    alike: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        if digest := _digest(exhibit):
            alike.setdefault(digest, []).append(exhibit)
    return {one.pk: [each for each in group if each != one] for group in alike.values() if len(group) > 1 for one in group}


def of_file(actor: Actor, case: Case, version: Version) -> list[Exhibit]:
    """The exhibits this person sees whose file is the same as this one, under another document."""
    if not version.sent_sha256:
        return []
    alike = access.exhibits(actor, case).filter(document__head__sent_sha256=version.sent_sha256)
    return list(alike.exclude(document=version.document_id))


def of_upload(actor: Actor, case: str, version: Version) -> list[Finding]:
    """What to say of a file that was sent for a case; nothing where this person does not see the case any more."""
    if not case:
        return []
    try:
        found = of_file(actor, access.case(actor, case), version)
    except NotFound:
        return []
    return [finding] if (finding := said(found)) else []


def said(alike: Iterable[Exhibit], title: Callable[[Exhibit], object] = str) -> Finding | None:
    """The warning that the same file is there already, under these titles; None where it is not."""
    names = ", ".join(_named(exhibit, title(exhibit)) for exhibit in alike)
    if not names:
        return None
    reason = _("The same file is already there: %(exhibits)s.") % {"exhibits": names}
    return Finding("same-file", "warning", "document", reason, _("If it was sent twice by mistake, take one of them back."))


def _named(exhibit: Exhibit, title: object) -> str:
    if exhibit.number is None:
        return _("“%(title)s”") % {"title": title}
    return _("Exhibit no. %(number)s, “%(title)s”") % {"number": exhibit.number, "title": title}


def _digest(exhibit: Exhibit) -> str:
    head = exhibit.document.head if exhibit.document else None
    return head.sent_sha256 if head else ""
