"""The code of a paper, however whoever holds it types it."""

import pytest
from django.test import Client

from cases import receipts


@pytest.mark.parametrize(
    "typed", ["DGPA-RR6J-PU4G", "dgpa rr6j pu4g", "DGPARR6JPU4G", " DGPA – RR6J — PU4G\u00a0", "dgpa\u2011rr6j\u2011pu4g."]
)
def test_it_is_read_as_it_is_printed(typed: str) -> None:
    assert receipts.as_printed(typed) == "DGPA-RR6J-PU4G"


@pytest.mark.parametrize(("typed", "asked"), [("dgpa rr6j pu4g", "DGPA-RR6J-PU4G"), ("DGPA / RR6J / PU4G", "DGPA-RR6J-PU4G"), ("???", "-")])
def test_the_page_goes_to_what_was_meant(client: Client, typed: str, asked: str) -> None:
    answer = client.get("/verifier/", {"code": typed})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/verifier/{asked}")


@pytest.mark.django_db
def test_what_is_no_code_is_unknown(client: Client) -> None:
    for typed in ("-", "DGPA-RR6J", "ÉÉÉÉ-RR6J-PU4G"):
        assert client.get(f"/verifier/{typed}").status_code == 404
