"""A published declaration is frozen: the cases opened under it run on under it, so that what it says may never change."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import Any

import pytest

from cases import proceedings
from cases.proceedings import predicates as a
from cases.proceedings.declare import LAWYER, Proceeding
from cases.proceedings.questions import Topic

PUBLISHED = {
    ("joint-petition", 1): "5e3b813298ce87fd39415c54dcc7faf7a3b93eae75e11f388402c41d1dc02fbd",
}
WHAT_TO_DO = (
    "{kind} v{version} is published, and no longer says what it said: cases opened under it would change their rules under way. "
    "Put it back as it was, and write what is new in cases/proceedings/{folder}/v{next}.py; cases opened from then on follow that. "
    "(The digest of a version that is not published yet is {digest}.)"
)


def canonical(value: Any) -> Any:
    """What a declaration says, as plain JSON: conditions and questions by their names, without the texts, without what is left at its default."""
    if isinstance(value, Topic):
        return value.name
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value) if field.type != "Text"}
        silent = {field.name: field.default for field in fields(value)}
        return {name: canonical(each) for name, each in said.items() if each != silent[name]}
    if isinstance(value, Mapping):
        return {name: canonical(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(each) for each in value]
    return named(value) if callable(value) else value


def named(condition: Any) -> Any:
    """A condition by its name, and by what it was made with: `signed_by_all("petition")` is not `signed_by_all("agreement")`."""
    name = getattr(condition, "__qualname__", type(condition).__qualname__)
    return {name: vars(condition)} if vars(condition) else name


def digest(proceeding: Proceeding) -> str:
    return sha256(json.dumps(canonical(proceeding), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def see_that_it_is_as_published(proceeding: Proceeding) -> None:
    """Fails, and says what to do, where a published version has changed."""
    kind, version, found = proceeding.kind, proceeding.version, digest(proceeding)
    said = WHAT_TO_DO.format(kind=kind, version=version, folder=kind.replace("-", "_"), next=version + 1, digest=found)
    assert PUBLISHED.get((kind, version)) == found, said


@pytest.mark.parametrize("key", sorted(proceedings.all_versions()))
def test_a_published_version_says_what_it_said(key: tuple[str, int]) -> None:
    see_that_it_is_as_published(proceedings.get(*key))


def test_no_published_version_is_taken_away() -> None:
    assert set(PUBLISHED) - set(proceedings.all_versions()) == set()


def changed_in(part: str) -> Proceeding:
    """The joint petition with one thing changed."""
    it = proceedings.get("joint-petition", 1)
    first_step, first_period, first_condition = it.steps[0], it.periods[0], it.needs[0]
    return {
        "may": replace(it, steps=[replace(first_step, may={LAWYER: ["answers.save"]}), *it.steps[1:]]),
        "then": replace(it, steps=[replace(first_step, then={"signing-opened": "file"}), *it.steps[1:]]),
        "throughout": replace(it, throughout={}),
        "documents": replace(it, requires=it.requires[1:]),
        "periods": replace(it, periods=[replace(first_period, days=14), *it.periods[1:]]),
        "conditions": replace(it, needs=[replace(first_condition, holds=a.no_silent_child), *it.needs[1:]]),
        "what a condition is made with": replace(it, needs=[*it.needs[:-1], replace(it.needs[-1], holds=a.signed_by_all("agreement"))]),
        "topics": replace(it, topics=it.topics[1:]),
        "law": replace(it, law="CC 230"),
    }[part]


@pytest.mark.parametrize(
    "part",
    ["may", "then", "throughout", "documents", "periods", "conditions", "what a condition is made with", "topics", "law"],
)
def test_a_change_of_what_is_published_is_caught_and_told_what_to_do(part: str) -> None:
    with pytest.raises(AssertionError, match=r"v2\.py"):
        see_that_it_is_as_published(changed_in(part))


def test_another_wording_is_no_other_declaration() -> None:
    it = proceedings.get("joint-petition", 1)
    reworded = [replace(it.steps[0], plain=it.steps[1].plain), *it.steps[1:]]

    assert digest(replace(it, steps=reworded)) == digest(it)
