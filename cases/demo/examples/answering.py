"""The answers of an example, topic by topic, as its lawyer enters them."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from backend.people.actor import Actor
from cases import actions
from cases.demo.examples.data import split
from cases.models import Case, Child, Spouse

Said = tuple[str, UUID | None, dict[str, Any]]


def identity(spouse: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: spouse[name] for name in ("birth_name", "used_name", "born", "birthplace", "nationality", "occupation")}
    return {**plain, "first_names": ", ".join(spouse["first_names"])}


def child_identity(child: Mapping[str, Any]) -> dict[str, Any]:
    return {"first_names": ", ".join(child["first_names"]), **{name: child[name] for name in ("name", "born", "birthplace")}}


def voice(child: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of the child's right to be heard; `no answer` and null are no answer."""
    if not child["discernment"]:
        return {"discernment": child["discernment"]}
    asks = child["asks_to_be_heard"]
    return {
        "discernment": True,
        "informed_on": child["informed"],
        "asks_to_be_heard": asks if isinstance(asks, bool) else None,
        "form_dated": child.get("form_dated"),
        "form_signed": child.get("form_signed", False),
    }


def answer_all(actor: Actor, case: Case, data: Mapping[str, Any], spouses: Mapping[str, Spouse], children: Mapping[str, Child]) -> None:
    """Enter all that does not wait for the children."""
    for topic, about, value in (*_of_spouses(data, spouses), *_of_case(data, spouses, children)):
        actions.answers.save(actor, case, topic=topic, about=about, value=value)


def _of_spouses(data: Mapping[str, Any], rows: Mapping[str, Spouse]) -> Iterator[Said]:
    for spouse in data["people"]["spouses"]:
        about = rows[spouse["id"]].pk
        street, postal_code, city = split(spouse["address"])
        yield "identity", about, identity(spouse)
        contact = {
            "address": street,
            "postal_code": postal_code,
            "city": city,
            "email": spouse["email"],
            "concealed": spouse["concealed_address"],
        }
        yield "contact", about, contact
        protection = {name: spouse[name] for name in ("protected_adult", "protection_request_pending", "legal_aid")}
        yield "protection", about, {**protection, "legal_aid_decision": spouse.get("legal_aid_decision", "")}
        yield "bodies", about, {"social_security": f"CPAM de {city}", "family_benefits": f"CAF de {city}"}
        yield "income", about, {"monthly": data["income"][spouse["id"]]}
        if spouse["id"] in data["names"]:
            yield "names", about, data["names"][spouse["id"]]


def _of_case(data: Mapping[str, Any], spouses: Mapping[str, Spouse], children: Mapping[str, Child]) -> Iterator[Said]:
    yield "marriage", None, dict(data["marriage"])
    yield "homes", None, {**data["homes"], "kept_by": _name(data["homes"]["kept_by"], spouses)}
    items = [{**row, "to": _name(row["to"], spouses)} for row in data["property"]]
    yield "property", None, {"items": items, "nothing_to_liquidate": data.get("nothing_to_liquidate", False)}
    yield "debts", None, {"items": [{**row, "kept_by": _name(row["kept_by"], spouses)} for row in data["debts"]]}
    allowance = {name: value for name, value in data["allowance"].items() if name not in ("law", "debtor", "creditor")}
    sides = {name: str(spouses[data["allowance"][name]].side) for name in ("debtor", "creditor") if name in data["allowance"]}
    yield "allowance", None, {**allowance, **sides}
    yield "maintenance", None, maintenance(data, spouses, children)
    first, second = data["people"]["spouses"]
    yield "costs", None, {"first": data["costs"][first["id"]], "second": data["costs"][second["id"]]}
    if data.get("effects_date_agreed"):
        yield "effects-date", None, {"agreed": data["effects_date_agreed"]}


def maintenance(
    data: Mapping[str, Any], spouses: Mapping[str, Spouse], children: Mapping[str, Child], *, second: bool = False
) -> dict[str, Any]:
    """The contribution for each child, of the first or of the second agreement."""
    agreed = data["maintenance"]
    sums = agreed["second_agreement_per_child_month" if second else "per_child_month"]
    return {
        "debtor": str(spouses[agreed["debtor"]].side),
        "creditor": str(spouses[agreed["creditor"]].side),
        "per_child_month": {str(children[name].pk): amount for name, amount in sums.items()},
        "indexed": agreed["indexed"],
        "intermediation_refused_by_both": agreed["intermediation_refused_by_both"],
    }


def _name(who: str, spouses: Mapping[str, Spouse]) -> str:
    return spouses[who].short_name if who in spouses else who
