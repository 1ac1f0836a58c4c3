"""Files that are the same to the byte as an exhibit of their case: said to those who may see that exhibit, and to nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from backend.errors import Finding, NotFound
from backend.people.actor import Actor
from cases import access, titles
from cases.models import Case, Exhibit
from cases.proceedings import interpret
from documents.models import Version

TAKE_BACK = "exhibit.remove"


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


def of_upload(actor: Actor, case: str, version: Version) -> "Same | None":
    """What to say of a file that was sent for a case; nothing where it is the only one, or this person does not see the case any more."""
    if not case:
        return None
    try:
        mine = access.case(actor, case)
        found = of_file(actor, mine, version)
    except NotFound:
        return None
    roles = access.standing(actor, mine).roles
    kinds = titles.exhibit_kinds(mine.proceeding)
    names = {one.pk: named(one, titles.exhibit_title(one, kinds)) for one in found}
    return Same(names, TAKE_BACK in interpret.at_step(mine.proceeding, mine.step, roles)) if found else None


@dataclass(frozen=True)
class Same:
    """Exhibits that are there already with the same file, by their names; whether whoever is told may take one of them all back."""

    names: Mapping[UUID, str]
    may_take_back: bool

    @property
    def mend(self) -> str:
        if self.may_take_back:
            return _("If it was sent twice by mistake, take one of them back.")
        return _("There is nothing to do, unless it is another file that was to be sent.")

    @property
    def finding(self) -> Finding:
        """The warning, for a program and for a line of text."""
        reason = _("The same file is already there: %(exhibits)s.") % {"exhibits": ", ".join(self.names.values())}
        return Finding("same-file", "warning", "document", reason, self.mend)


def named(exhibit: Exhibit, title: object) -> str:
    """An exhibit in a sentence, under this title."""
    if exhibit.number is None:
        return _("“%(title)s”") % {"title": title}
    return _("Exhibit no. %(number)s, “%(title)s”") % {"number": exhibit.number, "title": title}


def _digest(exhibit: Exhibit) -> str:
    head = exhibit.document.head if exhibit.document else None
    return head.sent_sha256 if head else ""
