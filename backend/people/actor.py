"""Who acts: for whom, in which organisation, how strongly signed in, and when. Made once, at the door."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from backend import clock
from backend.errors import NotAllowed

if TYPE_CHECKING:
    from backend.people.models import User


@dataclass(frozen=True)
class Actor:
    """A person or the platform, as everything below the doors knows them.

    `roles` are the memberships that hold today, as (organisation, role); `organisation_id` and `role` the one acted under, the oldest until an
    action says in which it is done, and `on_behalf_of` whom it is done for.
    `key` is what the session or token is known by; `strong_until` when the last confirmation of oneself runs out.
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
    roles: frozenset[tuple[UUID, str]] = field(default_factory=frozenset)
    is_administrator: bool = False

    @classmethod
    def platform(cls) -> "Actor":
        """The platform itself: what it does by rule, with nobody asking."""
        return cls(user_id=None, name="Commun Accord", at=clock.now())

    @classmethod
    def of(cls, user: "User", *, strong_until: datetime | None = None, key: str = "") -> "Actor":
        """The actor a person is at this moment, in one query. A platform administrator belongs nowhere, and so sees no case."""
        memberships = [] if user.is_staff else list(user.memberships.current().values_list("organisation_id", "role"))
        organisation_id, role = memberships[0] if memberships else (None, None)
        return cls(
            user_id=user.pk,
            name=user.full_name,
            organisation_id=organisation_id,
            role=role,
            strong_until=strong_until,
            at=clock.now(),
            language=user.language,
            key=key,
            roles=frozenset(memberships),
            is_administrator=user.is_staff,
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
