"""Who takes part: accounts, organisations, memberships; and what a person proves themself by."""

from backend.people.levels import Level, Method
from backend.people.models.confirmation import Confirmation
from backend.people.models.device import Device
from backend.people.models.enrolment import Enrolment
from backend.people.models.membership import Membership, Role
from backend.people.models.notice import Occasion, SafetyNotice
from backend.people.models.organisation import Holidays, Kind, Organisation
from backend.people.models.proof import Proof
from backend.people.models.token import Token
from backend.people.models.user import User

__all__ = [
    "Confirmation", "Device", "Enrolment", "Holidays", "Kind", "Level", "Membership", "Method", "Occasion", "Organisation", "Proof", "Role",
    "SafetyNotice", "Token", "User",
]  # fmt: skip
