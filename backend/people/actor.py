"""Who acts: for whom, in which organisation, how strongly signed in, and when. Made once, at the door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from backend import clock
from backend.errors import NotAllowed
from backend.people.levels import Level

if TYPE_CHECKING:
    from backend.people.models import Proof, User


@dataclass(frozen=True)
class Actor:
    """A person or the platform, as everything below the doors knows them.

    `roles` are the memberships that hold today, as (organisation, role); `organisation_id` and `role` the one acted under, the oldest until an
    action says in which it is done, and `on_behalf_of` whom it is done for.
    `address` and `device` are where the request came from and what the program said of itself: evidence, never a reason to allow.
    `key` is what the session or token is known by; `opened_by` what it was opened with; `strong_until` when the last confirmation of oneself
    that is worth what they need (`needs`, a level) runs out; `proved_by`, `level`, `acr`, `provider`, `subject` and `differs` what that
    confirmation was (`Proof`).
    """

    user_id: UUID | None
    name: str
    organisation_id: UUID | None = None
    role: str | None = None
    on_behalf_of: UUID | None = None
    strong_until: datetime | None = None
    at: datetime | None = None
    language: str = "fr"
    key: str = ""
    address: str = ""
    device: str = ""
    roles: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    is_administrator: bool = False
    needs: int = Level.MAILED
    opened_by: str = ""
    proved_by: str = ""
    level: int = 0
    acr: str = ""
    provider: str = ""
    subject: str = ""
    differs: str = ""

    @classmethod
    def platform(cls) -> "Actor":
        """The platform itself: what it does by rule, with nobody asking."""
        return cls(user_id=None, name="Commun Accord", at=clock.now())

    @classmethod
    def of(cls, user: "User", *, key: str = "", proofs: Sequence["Proof"] = ()) -> "Actor":
        """The actor a person is at this moment, in one query; `proofs` are those of this session or token, the strongest first.

        A platform administrator belongs nowhere, and so sees no case.
        """
        held = () if user.is_staff else user.memberships.current().values_list("organisation_id", "role", "organisation__binding_level")
        memberships, now = list(held), clock.now()
        organisation_id, role, _needs = memberships[0] if memberships else (None, None, Level.MAILED)
        needs = settings.ADMINISTRATORS_NEED if user.is_staff else max((level for *_role, level in memberships), default=Level.MAILED)
        proof = next((proof for proof in proofs if proof.level >= needs and proof.stands_at(now)), None)
        return cls(
            user_id=user.pk,
            name=user.full_name,
            organisation_id=organisation_id,
            role=role,
            strong_until=proof.strong_until if proof else None,
            at=now,
            language=user.language,
            key=key,
            roles=frozenset((organisation, role) for organisation, role, _level in memberships),
            is_administrator=user.is_staff,
            needs=needs,
            opened_by=next((proof.method for proof in proofs if proof.opened), ""),
            **({} if proof is None else _told_by(proof)),
        )

    @property
    def strong(self) -> bool:
        """Whether the person has confirmed who they are in the last few minutes: what a binding act asks."""
        return self.strong_until is not None and self.strong_until > clock.now()

    @property
    def person(self) -> UUID:
        """The account of the one who acts, where only a person may. Raises NotAllowed for the platform."""
        if self.user_id is None:
            raise NotAllowed
        return self.user_id

    @property
    def is_platform(self) -> bool:
        return self.user_id is None

    def belongs_to(self, organisation_id: UUID | None, role: str | None = None) -> bool:
        """Whether a membership of this organisation holds today, in this role if one is given."""
        return any(organisation == organisation_id and role in (None, held) for organisation, held in self.roles)


def _told_by(proof: "Proof") -> dict[str, Any]:
    """What the confirmation was that an act rests on."""
    names = ("level", "acr", "provider", "subject", "differs")
    return {"proved_by": proof.method, **{name: getattr(proof, name) for name in names}}
