"""French words for the default texts of decisions: filters of their templates."""

from collections.abc import Sequence
from datetime import date

from django.template import Library

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

register = Library()


@register.filter
def day(value: date) -> str:
    """A date as an act writes it: 1er novembre 2026."""
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


@register.filter
def weekday(value: date) -> str:
    """A date with the day of its week: lundi 2 novembre 2026."""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


@register.filter
def listed(names: Sequence[str]) -> str:
    """Names one after the other, the last after "et"."""
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
