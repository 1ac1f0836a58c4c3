"""The doors beside Django, described with the rest of the API. What is asked there never comes here: the door before answers it."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api.requests import Call
from backend.api.schema import FindingOut, Plain
from backend.errors import NotFound
from cases.api.signatures import FileReportOut
from cases.api.tus import PART
from documents.models import State


class SentOut(serializers.Serializer[Any]):
    """A file that was taken in, to be bound by an action that takes a `document`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    sha256 = serializers.CharField(allow_blank=True, help_text="Of the bytes as sent; empty while the parts are put together.")
    size = serializers.IntegerField(help_text="bytes")
    media_type = serializers.CharField()


class UploadOut(serializers.Serializer[Any]):
    """A file that comes part by part."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    length = serializers.IntegerField(help_text="bytes, as announced")
    offset = serializers.IntegerField(help_text="bytes that have come")
    expires_at = serializers.DateTimeField(help_text="Until when it may go on, and be asked after.")
    document = SentOut(allow_null=True, help_text="Once it has come whole.")
    bound = serializers.BooleanField(help_text="Whether it is put in the case that its metadata names.")
    findings = FindingOut(many=True, help_text="Why it was refused or is doubtful; the same file among the exhibits that one sees.")


def header(name: str, description: str, *, required: bool = True, of: int = 0) -> OpenApiParameter:
    """A header of tus 1.0: of the request, or of the answer with this status."""
    answers = [of] if of else False
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, response=answers, description=description)


def standing(status: int) -> list[OpenApiParameter]:
    """What an answer says of how far an upload is."""
    return [header("Upload-Offset", "bytes that have come", of=status), header("Upload-Expires", "until when it may go on", of=status)]


def content(kind: str, value: str) -> dict[str, Any]:
    """What is said of a body that is a file's bytes."""
    return {
        "request": {kind: OpenApiTypes.BINARY},
        "examples": [OpenApiExample("example", value=value, request_only=True, media_type=kind)],
    }


TUS = header("Tus-Resumable", "1.0.0. Another version: 412.")
CHECKSUM = header("Upload-Checksum", "`sha256 <base64>` or `sha1 <base64>`, of this part. Not what came: 460.", required=False)


class Documents(APIView):
    """A file in one piece."""

    schema = Plain()

    @extend_schema(
        operation_id="document.send",
        parameters=[OpenApiParameter("name", str, description="The file's name.")],
        responses={201: SentOut, 413: OpenApiResponse(description="Too large, or no room left")},
        **content("application/pdf", "%PDF-1.7 …"),
    )
    def post(self, request: Call) -> Response:
        """Send a file whole, as the raw body. It is checked, and kept for a week unless an action binds it."""
        raise NotFound


class SignatureChecks(APIView):
    """What the signatures of a file are worth, for whoever holds it."""

    schema = Plain()
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="signature.check",
        parameters=[OpenApiParameter("name", str, description="The file's name; it is not kept.")],
        responses={
            200: FileReportOut,
            413: OpenApiResponse(description="Too large"),
            422: OpenApiResponse(description="No PDF that can be read"),
            429: OpenApiResponse(description="Too many files from this address in an hour"),
        },
        **content("application/pdf", "%PDF-1.7 …"),
    )
    def post(self, request: Call) -> Response:
        """Have a PDF's electronic signatures validated: the file is the raw body. No account is needed, and nothing is kept."""
        raise NotFound


class Uploads(APIView):
    """Files that come part by part."""

    schema = Plain()

    @extend_schema(
        operation_id="upload.begin",
        parameters=[
            TUS,
            header("Upload-Length", "The file's size in bytes. Past the limit (`Tus-Max-Size`): 413."),
            header("Upload-Metadata", "`name <base64>` pairs, separated by commas.", required=False),
            header("Location", "The upload's own address", of=201),
            *standing(201),
        ],
        responses={201: None, 413: OpenApiResponse(description="Too large, or no room left")},
        **content(PART, "%PDF-1.7 …"),
    )
    def post(self, request: Call) -> Response:
        """Announce a file, by the resumable upload protocol tus 1.0: any of its clients will do.

        Extensions: creation, creation-with-upload, termination, expiration, checksum; `OPTIONS` tells them. The metadata gives the
        `filename`, and what is to be done once all has come: `case` and `purpose` (`exhibit`, with `kind`, `side`, `about`, `title`,
        `dated`, `form`; `exhibit-file`, with `exhibit`; `agreement`; `scan`, with `instrument`), under the rights its sender has at that moment. Without a `case`
        the document is kept for a week, to be bound by an action. The first bytes may come along.
        """
        raise NotFound


class UploadById(APIView):
    """One file that comes part by part. Another person's is not found."""

    schema = Plain()

    @extend_schema(operation_id="upload.read", responses=UploadOut)
    def get(self, request: Call, upload: UUID) -> Response:
        """What became of it. `HEAD` answers only how far it is, in `Upload-Offset`, to go on from there."""
        raise NotFound

    @extend_schema(
        operation_id="upload.go_on",
        parameters=[TUS, header("Upload-Offset", "Where this part begins. Not where the upload stands: 409."), CHECKSUM, *standing(204)],
        responses={
            204: None,
            413: OpenApiResponse(description="More than 16 MB at once, or more than was announced"),
            460: OpenApiResponse(description="Damaged on its way: send it again"),
        },
        **content(PART, "%PDF-1.7 …"),
    )
    def patch(self, request: Call, upload: UUID) -> Response:
        """Send the next part, of at most 16 MB. What is cut counts as far as it came, unless it has a checksum.

        The last part is answered when the file is checked and bound, or says why it is refused (422), as long as the file is not large.
        An empty part, once all has come, asks again for the binding.
        """
        raise NotFound

    @extend_schema(operation_id="upload.give_up", parameters=[TUS], responses={204: None})
    def delete(self, request: Call, upload: UUID) -> Response:
        """Give it up: what came of it is removed. Once all has come: 409."""
        raise NotFound
