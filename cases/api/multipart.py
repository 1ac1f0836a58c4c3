"""A form's parts as they stream in (RFC 7578): fields whole and small, files chunk by chunk, nothing spooled."""

from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from backend.errors import Invalid

FIELD_BYTES = 64 * 1024
HEADERS_AT_MOST = 8
PARTS_AT_MOST = 200


@dataclass
class Part:
    """One part: a field, or a file when it has a file name. Its bytes must be read before the next part is asked for."""

    name: str
    file_name: str | None
    read: Callable[[], AsyncIterator[bytes]] = field(repr=False)

    async def text(self) -> str:
        """A field's value. Raises Invalid past 64 KiB."""
        value = bytearray()
        async for chunk in self.read():
            value += chunk
            if len(value) > FIELD_BYTES:
                raise Invalid(_("This field is too long."), field=self.name)
        return value.decode("utf-8", "replace")


class Form:
    """Reads a multipart body part by part."""

    def __init__(self, content_type: str, chunks: AsyncIterable[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise _not_a_form()
        self._events: deque[tuple[str, bytes]] = deque()
        self._chunks = aiter(chunks)
        names = ("part_begin", "header_field", "header_value", "header_end", "headers_finished", "part_data", "part_end", "end")
        try:
            self._parser = MultipartParser(options[b"boundary"], {f"on_{name}": self._note(name) for name in names})  # type: ignore[arg-type]
        except FormParserError as unfit:
            raise _not_a_form() from unfit

    def _note(self, name: str) -> Callable[..., None]:
        def callback(data: bytes = b"", start: int = 0, end: int = 0) -> None:
            self._events.append((name, data[start:end]))

        return callback

    async def _event(self) -> tuple[str, bytes]:
        while not self._events:
            chunk = await anext(self._chunks, b"")
            if not chunk:
                raise Invalid(_("The form stopped in the middle. Send it again."), code="cut")
            try:
                self._parser.write(chunk)
            except FormParserError as unfit:
                raise _not_a_form() from unfit
        return self._events.popleft()

    async def parts(self) -> AsyncIterator[Part]:
        """Each part in turn; what was not read of one is passed over before the next."""
        count = 0
        while True:
            name, _data = await self._event()
            if name == "end":
                return
            if name == "part_begin":
                count += 1
                if count > PARTS_AT_MOST:
                    raise _not_a_form()
                headers = await self._headers()
                _kind, options = parse_options_header(headers.get("content-disposition", ""))
                told = options.get(b"filename")
                yield Part(
                    options.get(b"name", b"").decode("utf-8", "replace"),
                    told.decode("utf-8", "replace") if told is not None else None,
                    self._data,
                )

    async def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        name, value = b"", b""
        while True:
            event, data = await self._event()
            match event:
                case "header_field":
                    name += data
                case "header_value":
                    value += data
                case "header_end":
                    headers[name.decode("latin-1").lower()] = value.decode("latin-1")
                    name, value = b"", b""
                case "headers_finished":
                    return headers
            if len(headers) > HEADERS_AT_MOST:
                raise _not_a_form()

    async def _data(self) -> AsyncIterator[bytes]:
        while True:
            event, data = await self._event()
            if event == "part_end":
                return
            if data:
                yield data


def _not_a_form() -> Invalid:
    return Invalid(_("A form with files was expected."), code="media-type")
