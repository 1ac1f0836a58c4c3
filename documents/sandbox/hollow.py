"""Writing a PDF larger than memory: its long streams are left out while it is put together, and flow in from their files as it is written.

What puts PDFs together (qpdf, by pikepdf) copies every stream into memory. So each long stream is first hollowed: a mark takes its place. The
whole is then written small, and written again, each mark giving way to the bytes it stands for.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Name, Stream

LONG = 2048  # bytes
XREF = re.compile(rb"xref\n0 (\d+)\n")
ENTRY, TAIL = 20, 64  # bytes: of a line of the table, and of what follows the trailer
STARTXREF = re.compile(rb"startxref\n(\d+)\n%%EOF\n?\Z")
Sources = Sequence[pikepdf.Pdf]


class Hollow:
    """The marks of one writing. They cannot be guessed, so that no content passes for one."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        pattern = rf"/Length (\d+) >>\nstream\n%{secret}:(\d+):(\d+):(\d+)%\nendstream\nendobj\n"
        self._mark = re.compile(pattern.encode())

    def empty(self, pdf: pikepdf.Pdf, which: int) -> None:
        """Put a mark in place of each long stream of a PDF, the `which`th of the sources; not of what its forms are drawn with."""
        typed = "/AcroForm" in pdf.Root
        for item in pdf.objects:
            if isinstance(item, Stream) and int(item.get("/Length", 0)) > LONG and not (typed and item.get("/Subtype") == Name.Form):
                number, generation = item.objgen
                mark = f"%{self._secret}:{which}:{number}:{generation}%".encode()
                dressed: dict[str, Any] = {"filter": item.get("/Filter"), "decode_parms": item.get("/DecodeParms")}
                item.write(mark, type_check=False, **dressed)

    def fill(self, whole: pikepdf.Pdf, sources: Sources, output: BinaryIO) -> None:
        """Write the whole; the sources are the same files, opened again."""
        small = io.BytesIO()
        whole.save(
            small,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=False,
        )
        _Writer(output).write(small.getbuffer(), self._mark, lambda mark: self._meant(mark, sources))

    def _meant(self, mark: re.Match[bytes], sources: Sources) -> Iterator[bytes]:
        """What a mark stands for: the end of an object, in pieces."""
        which, number, generation = (int(part) for part in mark.groups()[1:])
        raw = sources[which].get_object(number, generation).read_raw_bytes()
        yield f"/Length {len(raw)} >>\nstream\n".encode()
        yield raw
        yield b"\nendstream\nendobj\n"


class _Writer:
    """Writes forwards only, and knows how far what comes after each mark has moved."""

    def __init__(self, output: BinaryIO) -> None:
        self._output, self._place = output, 0
        self._ends, self._moved = [0], [0]  # of marks in the small file, and where what follows them went

    def write(self, small: memoryview, marks: re.Pattern[bytes], meant: Callable[[re.Match[bytes]], Iterator[bytes]]) -> None:
        """The small file, each mark giving way to what it means, then a table of where its objects are now."""
        told = STARTXREF.search(small, max(0, len(small) - TAIL))
        table = XREF.match(small, int(told[1])) if told else None
        if told is None or table is None:
            raise ValueError("not a file of ours")
        objects_end, count, start = int(told[1]), int(table[1]), table.end()
        written = 0
        for mark in marks.finditer(small, 0, objects_end):
            self._put(small[written : mark.start()])
            for piece in meant(mark):
                self._put(piece)
            written = mark.end()
            self._ends.append(written)
            self._moved.append(self._place)
        self._put(small[written:objects_end])
        places = (int(bytes(small[start + ENTRY * number :][:10])) for number in range(1, count))
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % count, *(b"%010d 00000 n \n" % self._now(place) for place in places)]
        trailer = bytes(small[start + ENTRY * count : told.start()])
        self._put(b"".join([*lines, trailer, b"startxref\n%d\n%%%%EOF\n" % self._place]))

    def _now(self, place: int) -> int:
        """Where an object of the small file is now."""
        last = bisect_right(self._ends, place) - 1
        return self._moved[last] + place - self._ends[last]

    def _put(self, piece: bytes | memoryview) -> None:
        self._output.write(piece)
        self._place += len(piece)
