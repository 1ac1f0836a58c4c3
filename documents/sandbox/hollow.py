"""Writing a PDF larger than memory: its long streams are left out while it is put together, and flow in from their files as it is written.

What puts PDFs together (qpdf, by pikepdf) copies every stream into memory. So each long stream is first hollowed: a mark takes its place. The
whole is then written small, and written again object by object, each mark giving way to the bytes it stands for.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Name, Stream

LONG = 2048  # bytes
XREF = re.compile(rb"xref\n0 (\d+)\n")
ENTRY = 20  # bytes
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
        _Writer(output).write(bytes(small.getbuffer()), lambda written: self._filled(written, sources))

    def _filled(self, written: bytes, sources: Sources) -> Iterator[bytes]:
        """One object as it is to be, in pieces."""
        found = self._mark.search(written)
        if found is None:
            yield written
            return
        which, number, generation = (int(part) for part in found.groups()[1:])
        raw = sources[which].get_object(number, generation).read_raw_bytes()
        yield written[: found.start()]
        yield f"/Length {len(raw)} >>\nstream\n".encode()
        yield raw
        yield b"\nendstream\nendobj\n"
        yield written[found.end() :]


class _Writer:
    """Writes forwards only, and knows where each object went."""

    def __init__(self, output: BinaryIO) -> None:
        self._output, self._place = output, 0

    def write(self, small: bytes, filled: Callable[[bytes], Iterator[bytes]]) -> None:
        """Each object of a small file, filled, then a table of where they are now."""
        told = STARTXREF.search(small)
        table = XREF.match(small, int(told[1])) if told else None
        if told is None or table is None:
            raise ValueError("not a file of ours")
        count, start = int(table[1]), table.end()
        places = {number: int(small[start + ENTRY * number :][:10]) for number in range(1, count)}
        order = sorted(places, key=places.__getitem__)
        ends = [*(places[number] for number in order[1:]), int(told[1])]
        self._put(small[: places[order[0]]])
        moved = {}
        for number, end in zip(order, ends, strict=True):
            moved[number] = self._place
            for piece in filled(small[places[number] : end]):
                self._put(piece)
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % count, *(b"%010d 00000 n \n" % moved[number] for number in range(1, count))]
        trailer = small[start + ENTRY * count : told.start()]
        self._put(b"".join([*lines, trailer, b"startxref\n%d\n%%%%EOF\n" % self._place]))

    def _put(self, piece: bytes) -> None:
        self._output.write(piece)
        self._place += len(piece)
