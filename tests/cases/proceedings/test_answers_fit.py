"""What an answer may hold, its column holds: a name that the form takes is not a fault of ours."""

from collections.abc import Iterator

import pytest
from django.db.models import CharField

from cases.models import Case, Child, Spouse
from cases.proceedings import questions
from cases.proceedings.questions import Topic, Words

ROWS = {"spouse": Spouse, "child": Child}
COPIED = [topic for topic in vars(questions).values() if isinstance(topic, Topic) and topic.row]
BOTH = 2 * Words.__metadata__[0].max_length + len(" / ")


def texts(topic: Topic) -> Iterator[tuple[str, int]]:
    """The free texts of a topic, and how long each may be."""
    for name, said in topic.schema["properties"].items():
        if said.get("type") == "string" and "enum" not in said and "format" not in said and "const" not in said:
            yield name, said["maxLength"]


@pytest.mark.parametrize("topic", COPIED, ids=lambda topic: topic.name)
def test_every_text_that_is_copied_to_a_row_fits_its_column(topic: Topic) -> None:
    columns = {field.name: field.max_length for field in ROWS[topic.of]._meta.fields if isinstance(field, CharField)}
    too_long = {name: (most, columns[name]) for name, most in texts(topic) if most > (columns[name] or 0)}
    assert too_long == {}


def test_the_names_of_both_spouses_fit_the_title_of_their_case() -> None:
    assert (Case._meta.get_field("title").max_length or 0) >= BOTH


def test_there_are_such_texts() -> None:
    assert {name for topic in COPIED for name, _most in texts(topic)} >= {
        "birth_name",
        "nationality",
        "legal_aid_decision",
        "country",
        "name",
    }
