"""How a person likes to be told: at once, or once a day all together."""

from backend.people.models import User
from cases.notices.models import Preference

Rhythm = Preference.Rhythm


def rhythm(user: User) -> Preference.Rhythm:
    """What this person chose; at once where they chose nothing."""
    chosen = Preference.objects.filter(user=user).values_list("rhythm", flat=True).first()
    return Rhythm(chosen or Rhythm.AT_ONCE)


def choose(user: User, rhythm: str) -> None:
    """Choose anew; what waited for the digest still comes with the next one. Raises ValueError on an unknown rhythm."""
    Preference.objects.update_or_create(user=user, defaults={"rhythm": Rhythm(rhythm)})


def in_digest(users: list[User]) -> set[object]:
    """The keys of those, among these people, who are told once a day."""
    return set(Preference.objects.filter(user__in=users, rhythm=Rhythm.DAILY).values_list("user", flat=True))
