"""Who takes part: accounts, organisations, memberships; and the two proofs a person carries, codes and tokens."""

from backend.people.models.confirmation import Confirmation
from backend.people.models.membership import Membership, Role
from backend.people.models.organisation import Holidays, Kind, Organisation
from backend.people.models.token import Token
from backend.people.models.user import User

__all__ = ["Confirmation", "Holidays", "Kind", "Membership", "Organisation", "Role", "Token", "User"]
