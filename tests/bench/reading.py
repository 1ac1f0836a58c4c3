"""A case with forty documents, over the API and as a page, beside an empty DRF view that gives the same bytes."""

from tests.bench import ground

ground.stand()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402
from drf_spectacular.utils import extend_schema  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from tests.calling import client_of  # noqa: E402
from tests.world import World  # noqa: E402

DOCUMENTS, QUERIES = 40, 12
same: dict[str, object] = {}


class Empty(APIView):
    """The same bytes, of nothing: authentication, throttles and rendering are those of every view."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(same["value"])


urlpatterns = [path("bench/empty", Empty.as_view()), path("", include("backend.config.urls"))]


def counted(client: APIClient | Client, address: str) -> tuple[HttpResponse, int]:
    client.get(address)  # signing in leaves its traces once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return answer, len(asked)


def main() -> None:
    settings.ROOT_URLCONF = "tests.bench.reading" if __name__ != "__main__" else __name__
    world = World()
    case = world.joint_petition()
    for number in range(DOCUMENTS - case.exhibits.count()):
        world.exhibit(case, world.lawyer, "other", form=str(number))
    lawyer = client_of(world.lawyer_user)
    for what, address in (("open a case", f"/api/v1/cases/{case.pk}"), ("its exhibits", f"/api/v1/cases/{case.pk}/exhibits")):
        answer, queries = counted(lawyer, address)
        same["value"] = answer.json()
        mine, empty = ground.alternately(lambda address=address: lawyer.get(address), lambda: lawyer.get("/bench/empty"))
        name = f"{what}, {DOCUMENTS} documents"
        ground.say(
            ground.against(f"{name}, {len(answer.content):,} bytes", mine, empty, "an empty view with the same bytes", 2.0),
            ground.Result(f"{name}, queries", str(queries), f"an aim of {QUERIES}", queries / QUERIES, 1.0),
        )
    person = Client()
    person.force_login(world.lawyer_user, settings.AUTHENTICATION_BACKENDS[0])
    for what, address in (("the page of a case", f"/dossiers/{case.pk}/"), ("the page of its exhibits", f"/dossiers/{case.pk}/pieces/")):
        _answer, queries = counted(person, address)
        ground.say(
            ground.Result(
                f"{what}, {DOCUMENTS} documents", f"{ground.spelled(ground.seconds(lambda a=address: person.get(a)))}, {queries} queries"
            )
        )


if __name__ == "__main__":
    main()
