"""The one mapping between the words of the example files and the program's. A key that is not here fails the test."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.demo.examples.player import SIGNED as SIGNED

# --- what the program calls what the files call
ROUTES = {
    "joint_petition": "joint-petition",
    "without_a_judge": "without-a-judge",
    "accepted_divorce": "accepted-divorce",
    "parental_agreement": "parental-agreement",
    "legal_separation": "legal-separation",
    "settlement_homologation": "settlement-homologation",
}
FORMS = {"before the judge": "before-the-judge", "without a judge": "without-a-judge"}
CONDITIONS = {"a second lawyer": "a second lawyer", "a second lawyer of another firm": "a second lawyer, of another firm"}
KEEPS = {"answers": "your answers", "exhibits": "your exhibits", "children's forms": "the children's forms"}
NEEDS = {
    "a second lawyer": "a second lawyer, of another firm",
    "a notary named in the agreement": "a notary named in the agreement",
    "acceptance countersigned by lawyers or made in the petition": "the acceptance, countersigned by lawyers or made in the petition",
    "date of the orientation hearing": "the date of the orientation hearing",
}
PERIODS = {
    "summons of the spouses": "summons",
    "summons for the second hearing": "summons",
    "new agreement": "new-agreement",
    "appeal of the adjournment": "appeal",
    "appeal of the lapse": "appeal-of-lapse",
    "cassation": "cassation",
    "maintenance data to the family-benefits body": "maintenance-data",
    "title to the family-benefits body": "maintenance-title",
}
OUTCOMES = {
    "homologated, divorced": ("divorced", False),
    "lapsed, under appeal": ("lapsed", True),
    "not filed; a draft that survives": ("", False),
}
ASKED = {"social-bodies-information": "bodies"}  # an exhibit there, a question every petition asks here
FINDINGS = {
    "route": "route",
    "child-form": "child-form",
    "liquidation-statement": "document.liquidation-statement",
    "contribution of 60 a month": "maintenance",
    "contribution of 50 euros": "document.contribution-receipt",
    "condition 2": "condition",
}
FORM_OF_LIQUIDATION = {"notarial": "notarial", "private is enough without land register": ""}

# --- what is of a proceeding that comes later: path in the file → which one
LATER = {
    "04": {
        "expect.required_exhibits": "those of the divorce without a judge, the first suggestion: the case itself asks for a joint petition",
        "expect.acts: name marchadier as lawyer of both without a judge": "an act of the divorce without a judge (CC 229-1)",
        "expect.acts: change the case to without a judge once Karim has a lawyer of his own": "needs the divorce without a judge to change to",
        "expect.acts: open a parental agreement": "opens the approval of a parental agreement (CPC 1139, 1143)",
    },
}
# --- what is of the joint petition and not followed: path in the file → why
NOT_FOLLOWED = {
    "02": {
        "expect.deadlines: summons for the second hearing: certainty": "CPC 1092 names every hearing alike; the rules mark no doubt on the second",
    },
}
NOT_YET = {number: {**LATER.get(number, {}), **NOT_FOLLOWED.get(number, {})} for number in {*LATER, *NOT_FOLLOWED}}

# --- every key the player knows. Words said to the reader, and facts that change nothing here, are known too.
WORDS = {"title", "why_interesting", "because", "note", "reason", "mend", "when"}
KNOWN = {
    "": {
        "proceeding_asked", "zone", "people", "marriage", "homes", "property", "debts", "income", "allowance", "maintenance", "names", "costs",
        "effects_date_agreed", "exhibits", "events", "expect", "nothing_to_liquidate",
    },
    "people": {"spouses", "lawyers", "children", "notary"},
    "people.spouses": {
        "id", "birth_name", "used_name", "first_names", "occupation", "born", "birthplace", "nationality", "address", "concealed_address",
        "protected_adult", "protection_request_pending", "legal_aid", "legal_aid_decision", "email",
    },
    "people.lawyers": {"id", "name", "bar", "firm", "structure", "address", "acts_for"},
    "people.children": {"id", "first_names", "name", "born", "birthplace", "discernment", "informed", "asks_to_be_heard", "form_dated", "form_signed"},
    "people.notary": {"id", "name", "office", "place", "role"},
    "marriage": {"date", "place", "contract", "contract_dated", "abroad", "transcribed"},
    "homes": {"family_home", "tenure", "kept_by"},
    "property": {"kind", "value", "land_register", "to", "against"},
    "debts": {"kind", "amount", "kept_by"},
    "allowance": {"form", "amount", "debtor", "creditor", "months", "law"},
    "maintenance": {
        "debtor", "creditor", "per_child_month", "second_agreement_per_child_month", "indexed", "intermediation_refused_by_both",
    },
    "exhibits": {"type", "of", "dated", "provided", "says", "signed_by", "amount", "form", "communicated"},
    "events": {"date", "at", "what", "by", "about", "answer", "rg_number", "with", "to", "says", "court", "conditions", "provisional_measures"},
    "expect": {
        "routes", "suggestions", "competent_courts", "required_exhibits", "findings_before_filing", "findings_before_new_agreement", "deadlines",
        "acts", "maintenance_transmission", "outcome",
    },
    "expect.routes": {"as_of", *ROUTES},
    **{f"expect.routes.{name}": {"status", "law", "condition", "form"} for name in ROUTES},
    "expect.suggestions": {"route", "keeps", "needs"},
    "expect.competent_courts": {"law", "courts", "chosen"},
    "expect.required_exhibits": {"type", "of", "law", "certainty", "form", "required", "private_until_communicated"},
    "expect.findings_before_filing": {"severity", "about", "law", "certainty"},
    "expect.findings_before_new_agreement": {"severity", "about", "law", "certainty"},
    "expect.deadlines": {
        "name", "law", "day_0", "zone", "period", "raw_end", "end", "latest_sending", "proposed_sending", "kept", "certainty",
    },
    "expect.acts": {"act", "by", "date", "at", "answer", "law"},
    "expect.maintenance_transmission": {"due", "law"},
    "expect.outcome": {"result", "dissolved", "property_between_spouses", "third_parties", "kept"},
    "expect.outcome.dissolved": {"from", "law"},
    "expect.outcome.property_between_spouses": {"from", "law"},
    "expect.outcome.third_parties": {"from", "law"},
}  # fmt: skip
BY_PERSON = {
    "income",
    "names",
    "costs",
    "maintenance.per_child_month",
    "maintenance.second_agreement_per_child_month",
}  # keys are people's ids


def unknown(data: Any, path: str = "") -> Iterator[str]:
    """The keys of a file that nobody reads: each is a line that would be ignored in silence."""
    if isinstance(data, list):
        for item in data:
            yield from unknown(item, path)
    elif isinstance(data, Mapping) and path not in BY_PERSON:
        for key, value in data.items():
            if key in WORDS:
                continue
            if key not in KNOWN.get(path, set()):
                yield f"{path}.{key}".strip(".")
            yield from unknown(value, f"{path}.{key}".strip("."))


def articles(law: str) -> set[str]:
    """`CC 229-2 1°, 230; CPC 1091` → {"CC 229-2 1°", "CC 230", "CPC 1091"}."""
    found = set()
    for group in law.split(";"):
        code, _, rest = group.strip().partition(" ")
        found |= {f"{code} {article.strip()}".strip() for article in rest.split(",")}
    return found - {""}


def matches(expected: str, said: str) -> bool:
    """Whether the program names every article that the example names."""
    return articles(expected) <= articles(said)
