"""Days, delays, sizes and names as people say them."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backend import clock
from cases import elision

PARIS = "Europe/Paris"
SOON_DAYS = 3
NEAR_DAYS = 15


def day_words(day: date, zone: str = PARIS) -> str:
    """A day with its name: "lundi 7 décembre 2026". A moment is first put in `zone`."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    words = date_format(day, "l j F Y")
    return words.replace(" 1 ", " 1er ", 1) if in_french() else words


def moment_words(moment: datetime, zone: str = PARIS) -> str:
    """A moment where the court sits: "lundi 7 décembre 2026 à 14 h 05"."""
    local = moment.astimezone(ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {"day": day_words(local.date()), "time": time_words(moment, zone)}


def time_words(moment: datetime, zone: str = PARIS) -> str:
    return time_format(moment.astimezone(ZoneInfo(zone)).time(), "TIME_FORMAT")


def deadline_words(day: date, zone: str = PARIS) -> str:
    """A last day, in full: it ends at midnight (CPC 642)."""
    return _("at the latest on %(day)s, at midnight") % {"day": day_words(day, zone)}


def days_left(day: date, zone: str = PARIS) -> str:
    """How far a day is: "in 12 days", "tomorrow", "today", "3 days ago"."""
    days = (day - clock.today(zone)).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def urgency(day: date, zone: str = PARIS) -> str:
    """How pressing a last day is: past, soon, near or far. Always shown with words as well."""
    days = (day - clock.today(zone)).days
    if days < 0:
        return "past"
    return "soon" if days <= SOON_DAYS else "near" if days <= NEAR_DAYS else "far"


def of(names: Sequence[str]) -> str:
    """Whose something is: "of Armelle and Marc"; in French with its elisions."""
    return elision.of_all(names) if in_french() else f"of {' and '.join(names)}"


def in_french() -> bool:
    return (get_language() or "").startswith("fr")


def size_words(size: int) -> str:
    """The weight of a file, in decimal units: "1,2 Mo"."""
    for unit, name in ((1_000_000_000, _("GB")), (1_000_000, _("MB")), (1_000, _("kB"))):
        if size >= unit:
            return f"{number_format(f'{size / unit:.1f}'.removesuffix('.0'))}\u00a0{name}"
    return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
