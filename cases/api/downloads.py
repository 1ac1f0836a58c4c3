"""Files going out: checked ones only, decrypted while they stream, with ranges."""

import re
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from backend.api.requests import Call
from backend.api.schema import Plain
from cases import access, actions, papers
from cases.api import giving
from cases.models import Case
from documents import vault
from documents.models import Version

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store"}


class ExhibitFile(APIView):
    """The file of an exhibit, as it was sent; or, with `copy=stamped`, its stamped copy. Of an identity paper, others get a marked copy."""

    @extend_schema(
        operation_id="exhibit.file",
        parameters=[OpenApiParameter("copy", str, enum=["original", "stamped"])],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Call, case_id: UUID, exhibit_id: UUID) -> HttpResponseBase:
        case, stamped = access.case(request.actor, case_id), request.query_params.get("copy") == "stamped"
        paper = papers.exhibit(request.actor, case, exhibit_id, stamped=stamped)
        return file_response(request, giving.downloaded(request, case, paper))


class ExhibitOriginal(APIView):
    """The original of an identity paper, for the court, on purpose."""

    schema = Plain()

    @extend_schema(operation_id="exhibit.open_original", request=None, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def post(self, request: Call, case_id: UUID, exhibit_id: UUID) -> HttpResponseBase:
        """Open the original of an identity paper, of which one otherwise sees a marked copy: each time is noted in the register."""
        return original(request, access.case(request.actor, case_id), exhibit_id)


class InstrumentFile(APIView):
    """The file of an instrument: petition, agreement, receipt, summons, decision, certificate."""

    @extend_schema(operation_id="instrument.file", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Call, case_id: UUID, instrument_id: UUID) -> HttpResponseBase:
        case = access.case(request.actor, case_id)
        paper = papers.instrument(request.actor, case, instrument_id)
        response = file_response(request, giving.downloaded(request, case, paper))
        if response.status_code == 200:  # the whole file, not a range of it
            response.streaming_content = giving.to_the_end(request, paper, response.streaming_content)  # type: ignore[arg-type]  # async here
        return response


def original(request: Any, case: Case, exhibit_id: UUID) -> HttpResponseBase:
    """The original, once the act of opening it is in the register."""
    opened = actions.exhibit.open_original(request.actor, case, exhibit=exhibit_id)
    return file_response(request, papers.readable(opened.document))


def file_response(request: Call, version: Version, name: str = "") -> StreamingHttpResponse:
    """The bytes, whole or the range asked for (RFC 9110, 14), as an attachment under a name of ours."""
    start, end = asked_range(still_of(request, version), version.size)
    headers = {
        **SAFE,
        "Content-Disposition": content_disposition_header(True, name or version.filename) or "attachment",
        "Content-Length": str(end - start),
        "Accept-Ranges": "bytes",
        "ETag": f'"{version.sha256}"',
    }
    response = StreamingHttpResponse(vault.astream(version, start, end), content_type=version.media_type, headers=headers)
    if (start, end) != (0, version.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{version.size}"
    return response


def still_of(request: Call, version: Version) -> str:
    """The range asked for; none where it goes on from another version's bytes (RFC 9110, 13.1.5)."""
    known = request.headers.get("If-Range", "")
    return request.headers.get("Range", "") if known in ("", f'"{version.sha256}"') else ""


def asked_range(header: str, size: int) -> tuple[int, int]:
    """The single range asked for, as start and end (exclusive); the whole where none or none that fits is asked."""
    found = RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    return (start, end) if start < end else (0, size)
