"""Every period of the law: counted in the court's own days, moved off its holidays, turned into a moment. No database here."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from holidays.countries import France

ABROAD = "abroad"
METROPOLE = "metropole"
ALSACE_MOSELLE = "alsace-moselle"
GOOD_FRIDAY = "alsace-moselle-good-friday"
OVERSEAS = {
    "guadeloupe": "971",
    "martinique": "972",
    "guyane": "973",
    "reunion": "974",
    "mayotte": "976",
    "saint-barthelemy": "BL",
    "saint-martin": "MF",
    "saint-pierre-et-miquelon": "PM",
    "wallis-et-futuna": "WF",
    "polynesie-francaise": "PF",
    "nouvelle-caledonie": "NC",
    "terres-australes": "TF",
}
SUBDIVISIONS: dict[str, str | None] = {METROPOLE: None, ALSACE_MOSELLE: "57", GOOD_FRIDAY: "57", **OVERSEAS}
HOLIDAYS = tuple(SUBDIVISIONS)
ONE_DAY = timedelta(days=1)

View = Literal["strict", "cautious"]


@lru_cache(maxsize=512)
def public_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of `year` where `code` (one of `HOLIDAYS`) is kept.

    Good Friday is one only in some communes of Alsace-Moselle: hence two codes there.
    """
    named = France(years=year, subdiv=SUBDIVISIONS[code], language="fr")
    return frozenset(day for day in named if day.year == year and not (code == ALSACE_MOSELLE and named[day] == "Vendredi saint"))


@dataclass(frozen=True)
class Calendar:
    """Where days are counted: a time zone (IANA) and the holidays kept there."""

    zone: str = "Europe/Paris"
    holidays: str = METROPOLE

    def __post_init__(self) -> None:
        if self.holidays not in SUBDIVISIONS:
            raise ValueError(f"no such holidays: {self.holidays}")
        ZoneInfo(self.zone)

    def is_working(self, day: date) -> bool:
        """Neither a Saturday, a Sunday nor a public holiday (CPC 642)."""
        return day.weekday() < 5 and day not in public_holidays(self.holidays, day.year)

    def working_from(self, day: date) -> date:
        """`day` itself where it is worked, or the first working day after it (CPC 642)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_before(self, day: date) -> date:
        """The last working day strictly before `day`."""
        day -= ONE_DAY
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def midnight_ending(self, day: date) -> datetime:
        """The moment, aware, at which `day` is over here; right whether the day has 23, 24 or 25 hours."""
        return datetime.combine(day + ONE_DAY, time(), ZoneInfo(self.zone))

    def day_of(self, moment: datetime) -> date:
        """The day it is here at `moment` (aware)."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Period:
    """A length of time set by an article: months are counted first, then days (CPC 641)."""

    days: int = 0
    months: int = 0
    law: str = ""

    def after(self, day_0: date) -> date:
        """The last day of the period that `day_0` starts, before it is moved off holidays.

        `day_0` is not counted in days; in months it ends on the same number, or the month's last day (CPC 641).
        """
        return add_months(day_0, self.months) + timedelta(days=self.days)

    def before(self, day_0: date) -> date:
        """The day that lies this long before `day_0`."""
        return add_months(day_0, -self.months) - timedelta(days=self.days)

    def longer(self, months: int) -> "Period":
        """The same period with `months` more (CPC 643, 644)."""
        return Period(self.days, self.months + months, self.law)


@dataclass(frozen=True)
class Deadline:
    """A period that runs forward: from `day_0`, not counted, to the midnight that ends `end`."""

    name: str
    law: str
    day_0: date
    raw_end: date
    end: date
    calendar: Calendar

    @property
    def zone(self) -> str:
        return self.calendar.zone

    @property
    def until(self) -> datetime:
        """The first moment at which it is too late (CPC 642: the last day counts until midnight)."""
        return self.calendar.midnight_ending(self.end)

    @property
    def first_day_after(self) -> date:
        """The first day on which the period is over: that of a dissolution, once no recourse is open (CC 260 2°)."""
        return self.end + ONE_DAY

    def passed(self, at: datetime) -> bool:
        return at >= self.until


@dataclass(frozen=True)
class Notice:
    """A period that runs backward: what must be sent at least so long before a day. It is never extended."""

    name: str
    law: str
    day_0: date
    latest_sending: date
    proposed_sending: date
    calendar: Calendar

    @property
    def zone(self) -> str:
        return self.calendar.zone

    @property
    def until(self) -> datetime:
        """The midnight that ends the latest day of sending."""
        return self.calendar.midnight_ending(self.latest_sending)

    def passed(self, at: datetime) -> bool:
        return at >= self.until

    def kept(self, sent: date) -> bool:
        return sent <= self.latest_sending


@dataclass(frozen=True)
class Reflection:
    """A wait before signing (CC 229-4), seen two ways: no text extends it by CPC 642, a careful office does."""

    name: str
    law: str
    day_0: date
    raw_end: date
    end: date
    calendar: Calendar

    @property
    def strict(self) -> date:
        """The first day to sign once fifteen full days are over."""
        return self.raw_end + ONE_DAY

    @property
    def cautious(self) -> date:
        """The first day to sign where the end is moved off holidays as in CPC 642."""
        return self.end + ONE_DAY

    def first_day(self, view: View = "cautious") -> date:
        return self.strict if view == "strict" else self.cautious

    def passed(self, at: datetime, view: View = "cautious") -> bool:
        return self.calendar.day_of(at) >= self.first_day(view)


def add_months(day: date, months: int) -> date:
    """The same number `months` later (or earlier), or that month's last day where it has no such number (CPC 641)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def forward(name: str, period: Period, day_0: date, calendar: Calendar) -> Deadline:
    """The deadline that `day_0` starts, its last day moved to the next working one (CPC 640 to 642)."""
    raw_end = period.after(day_0)
    return Deadline(name, period.law, day_0, raw_end, calendar.working_from(raw_end), calendar)


def backward(name: str, period: Period, day_0: date, calendar: Calendar) -> Notice:
    """The latest day to send before `day_0`, never extended, and the one proposed: the working day before it (CPC 1092)."""
    latest = period.before(day_0)
    return Notice(name, period.law, day_0, latest, calendar.working_before(latest), calendar)


def reflection(name: str, handed_over: date, calendar: Calendar, period: Period | None = None) -> Reflection:
    """The wait that starts with the hand-over of the draft, not with its first presentation (CC 229-4; CPC 669)."""
    period = period or Period(days=15, law="CC 229-4")
    raw_end = period.after(handed_over)
    return Reflection(name, period.law, handed_over, raw_end, calendar.working_from(raw_end), calendar)


def suspended(deadline: Deadline, spans: Iterable[tuple[date, date]]) -> Deadline:
    """The deadline pushed by as many days as something suspended it: from the day each span begins, not counted, to the day it ends.

    Days on which several are open count once; what begins after the end suspends nothing any more (CC 2230; CPC 1086).
    """
    end, counted_to = deadline.raw_end, date.min
    for begun, ended in sorted(spans):
        if begun <= end:
            end += max(ended - max(begun, counted_to), timedelta())
            counted_to = max(ended, counted_to)
    return replace(deadline, raw_end=end, end=deadline.calendar.working_from(end))


def extended(deadline: Deadline, outages: Collection[date]) -> Deadline:
    """The deadline moved past days on which nothing could be sent, for a cause outside whoever had to act (CPC 748-7)."""
    end = deadline.end
    while end in outages:
        end = deadline.calendar.working_from(end + ONE_DAY)
    return replace(deadline, end=end)


def months_for_distance(court: str, residence: str) -> int:
    """The months by which a period of recourse grows for someone who lives far from the court.

    `court` and `residence` are `territory_of` their postal code; `residence` may also be `ABROAD` (two months).
    A court of the mainland gives one month to those overseas (CPC 643); a court overseas, to those elsewhere in France (CPC 644).
    """
    if residence == ABROAD:
        return 2
    return int(court != residence)


def territory_of(postal_code: str) -> str:
    """The mainland, or the overseas territory, in which a French postal code lies."""
    exact = {"97133": "saint-barthelemy", "97150": "saint-martin"}
    by_prefix = {
        "971": "guadeloupe",
        "972": "martinique",
        "973": "guyane",
        "974": "reunion",
        "975": "saint-pierre-et-miquelon",
        "976": "mayotte",
        "984": "terres-australes",
        "986": "wallis-et-futuna",
        "987": "polynesie-francaise",
        "988": "nouvelle-caledonie",
    }
    return exact.get(postal_code) or by_prefix.get(postal_code[:3], METROPOLE)
