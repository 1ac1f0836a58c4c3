"""The shared vocabulary of questions: typed topics, each with its text, help, law and condition.

From a topic come the one-thing-per-page form, the API's schema, completeness, and the variables of the letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from backend.legible import shows
from cases.proceedings.declare import LAWYER, PARTY, STAFF, Predicate

Text = str | Promise
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Euros = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Day = date
Percent = Annotated[int, Field(ge=0, le=100)]


def _address(value: str) -> str:
    if value:
        try:
            validate_email(value)
        except ValidationError as unfit:
            raise ValueError(_("Write an e-mail address, for instance nom@example.fr.")) from unfit
    return value


Mail = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]


class Answered(BaseModel):
    """What every typed answer shares: unknown names are refused, so nothing is assigned by accident; and what is written shows as it is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _shown(cls, value: Any) -> Any:
        """The court and the other side read it, and acts are made of it."""
        if isinstance(value, str) and not shows(value):
            raise ValueError(_("Write it with letters and signs only: it holds characters that do not show."))
        return value


class SpouseIdentity(Answered):
    """CPC 1090 with 54 and 57: who each spouse is."""

    title: Literal["", "Madame", "Monsieur"] = ""
    birth_name: Words
    used_name: Line = ""
    first_names: Words
    born: date | None = None
    birthplace: Line = ""
    nationality: Line = ""
    occupation: Line = ""


class SpouseContact(Answered):
    """Where each spouse lives and is reached, and whether the other side may know (CPC 1136-5)."""

    address: Line = ""
    postal_code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12)] = ""
    city: Line = ""
    country: Line = "France"
    email: Mail = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    concealed: bool = False


class SpouseProtection(Answered):
    """CC 249-3, 249-4: a protection measure closes this route; legal aid decides of the contribution."""

    protected_adult: Literal["none", "sauvegarde", "curatelle", "tutelle"] = "none"
    protection_request_pending: bool = False
    legal_aid: Literal["none", "partial", "total"] = "none"
    legal_aid_decision: Line = ""


class SpouseBodies(Answered):
    """CPC 1075: the bodies that pay each spouse's benefits and pension."""

    social_security: Words
    family_benefits: Line = ""
    pension: Line = ""


class ChildIdentity(Answered):
    """CPC 1090: each child of the marriage, and with whom it lives."""

    first_names: Words
    name: Words
    born: date
    birthplace: Line = ""
    nationality: Line = ""
    lives_with: Literal["", "1", "2", "both"] = ""


class ChildVoice(Answered):
    """CC 388-1, 229-2 1°: whether the child was told of the right to be heard, and the answer."""

    discernment: bool
    informed_on: date | None = None
    asks_to_be_heard: bool | None = None
    form_dated: date | None = None
    form_signed: bool = False

    @model_validator(mode="after")
    def informed_before_answering(self) -> ChildVoice:
        if self.asks_to_be_heard is not None and self.informed_on is None:
            raise ValueError(_("Say on which day the child was told of this right."))
        return self


class Marriage(Answered):
    """The marriage and its contract."""

    date: Day
    place: Words
    contract: Line = "none"
    contract_dated: Day | None = None
    abroad: bool = False
    transcribed: bool | None = None


class Homes(Answered):
    """The family home."""

    family_home: Line = ""
    tenure: Line = ""
    kept_by: Line = ""


class Asset(Answered):
    kind: Words
    value: Euros = Decimal(0)
    land_register: bool = False
    to: Line = ""
    against: Line = ""


class Property(Answered):
    """What there is to share."""

    items: list[Asset] = []
    nothing_to_liquidate: bool = False

    @model_validator(mode="after")
    def one_or_the_other(self) -> Property:
        if self.items and self.nothing_to_liquidate:
            raise ValueError(_("Either list what there is to share, or say that there is nothing: not both."))
        return self


class Debt(Answered):
    kind: Words
    amount: Euros
    kept_by: Line = ""


class Debts(Answered):
    """What is owed, and who goes on paying."""

    items: list[Debt] = []


class Income(Answered):
    """Each spouse's income, euros a month, net."""

    monthly: Euros


class Allowance(Answered):
    """CC 270 to 281: the compensatory allowance, if any."""

    form: Line = "none"
    amount: Euros = Decimal(0)
    debtor: Line = ""
    creditor: Line = ""
    months: Annotated[int, Field(ge=0, le=1200)] = 0
    note: Line = ""


class Maintenance(Answered):
    """CC 371-2, 373-2-2: the contribution to each child's keep, euros a month."""

    debtor: Line = ""
    creditor: Line = ""
    per_child_month: dict[str, Euros] = {}
    indexed: bool = True
    intermediation_refused_by_both: bool = False


class Names(Answered):
    """CC 264: who keeps the other's name."""

    keeps_used_name: bool | None = None


class Costs(Answered):
    """CPC 1105: who bears the costs, in percent; by halves unless agreed otherwise."""

    first: Percent = 50
    second: Percent = 50

    @model_validator(mode="after")
    def whole(self) -> Costs:
        if self.first + self.second != 100:
            raise ValueError(_("The two shares must make 100 %."))
        return self


class EffectsDate(Answered):
    """CC 262-1: from when the divorce counts between the spouses for their property, if another day was agreed."""

    agreed: date | None = None


class CourtChoice(Answered):
    """CPC 1070: the court where either spouse lives, at choice."""

    court: Line


@dataclass(frozen=True)
class Topic:
    """One thing that is asked, on one page."""

    name: str
    title: Text
    ask: Text
    model: type[Answered]
    help: Text = ""
    law: str = ""
    of: Literal["case", "spouse", "child"] = "case"
    row: bool = False  # kept on the spouse's or child's own row, beside the history
    own: bool = False  # a party answers it for their own side only
    asked_of: Sequence[str] = (PARTY, LAWYER, STAFF)
    when: Predicate | None = None
    needed: bool = True

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.model.model_json_schema()


_LAWYERS = (LAWYER, STAFF)

SPOUSE_IDENTITY = Topic(
    "identity", _("Identity"), _("Who is this spouse?"), SpouseIdentity, law="CPC 54, 57, 1090", of="spouse", row=True, own=True
)
SPOUSE_CONTACT = Topic(
    "contact",
    _("Address and contact"),
    _("Where does this spouse live?"),
    SpouseContact,
    help=_("You can hide your address, telephone and e-mail from the other side. The court and your own lawyer still see them."),
    law="CPC 54, 57, 1136-5",
    of="spouse",
    row=True,
    own=True,
)
SPOUSE_PROTECTION = Topic(
    "protection",
    _("Protection and legal aid"),
    _("Is this spouse protected or helped?"),
    SpouseProtection,
    law="CC 249-3, 249-4",
    of="spouse",
    row=True,
    own=True,
)
SPOUSE_BODIES = Topic(
    "bodies",
    _("Social bodies"),
    _("Who pays this spouse's benefits and pension?"),
    SpouseBodies,
    help=_("For each: its name and address, and your number there."),
    law="CPC 1075, 1090",
    of="spouse",
    row=True,
    own=True,
)
CHILD_IDENTITY = Topic("child", _("Child"), _("Who is this child?"), ChildIdentity, law="CPC 1090", of="child", row=True)
CHILD_VOICE = Topic(
    "voice",
    _("The child's right to be heard"),
    _("Was this child told of the right to be heard by the judge?"),
    ChildVoice,
    help=_("Every child who understands must be told. The answer is the child's own, on a form they date and sign."),
    law="CC 388-1, 229-2 1°",
    of="child",
    row=True,
)
MARRIAGE = Topic("marriage", _("Marriage"), _("When and where did you marry?"), Marriage, law="CPC 1090")
HOMES = Topic("homes", _("Family home"), _("What becomes of the family home?"), Homes, law="CC 255, 285-1")
PROPERTY = Topic("property", _("Property"), _("What is there to share?"), Property, law="CPC 1091")
DEBTS = Topic("debts", _("Debts"), _("What is owed?"), Debts, needed=False)
INCOME = Topic("income", _("Income"), _("How much does this spouse earn a month?"), Income, law="CC 371-2", of="spouse", own=True)
ALLOWANCE = Topic(
    "allowance", _("Compensatory allowance"), _("Does one of you pay the other an allowance?"), Allowance, law="CC 270 to 281"
)
MAINTENANCE = Topic(
    "maintenance",
    _("Maintenance of the children"),
    _("How much is paid for each child?"),
    Maintenance,
    law="CC 371-2, 373-2-2",
    when=lambda facts: bool(facts.children),
)
NAMES = Topic("names", _("Names"), _("Does this spouse keep the other's name?"), Names, law="CC 264", of="spouse", needed=False)
COSTS = Topic("costs", _("Costs"), _("Who bears the costs?"), Costs, law="CPC 1105", needed=False)
EFFECTS_DATE = Topic(
    "effects-date", _("Date of effect"), _("From when does the divorce count for your property?"), EffectsDate, law="CC 262-1", needed=False
)
