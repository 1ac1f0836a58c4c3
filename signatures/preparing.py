"""Making room for a signature in a PDF. Runs in the limited process, without keys and without Django."""

import asyncio
import io
from collections.abc import Sequence
from typing import IO, Any, TypedDict

from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle

from signatures import limited  # noqa: F401 - loads what pyHanko would load too late
from signatures.archiving import Asked, certificates, prepare_ahead
from signatures.fields import Field, add_page, alone, place, room

_ANY = SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


class Picture(PdfContent):
    """The first page of another PDF, drawn as it is: how a signature looks."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = content

    def render(self) -> bytes:
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._content)))
        self.resources.xobject["/Look"] = drawn
        x1, y1, x2, y2 = drawn.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
        return b"/Look Do"


class Ahead(TypedDict):
    """An archive asked for with the signature: see `archiving.prepare_ahead`."""

    asked: Asked
    entry: str


def prepare(
    content: IO[bytes],
    look: IO[bytes],
    sheet: IO[bytes],
    evidence: IO[bytes],
    *,
    output: IO[bytes],
    fields: Sequence[Field],
    field: str,
    name: str,
    reserved: int,
    ahead: Ahead | None = None,
) -> dict[str, Any]:
    """Add the fields where they are not there yet, then an empty signature in `field` that looks like `look` (a PDF page; empty: unseen).

    The first signature certifies the document: from then on, only signing is allowed (DocMDP, level 2). What was there stays to the byte. Where there is
    a `sheet` (a PDF page, its title), one more bears the signatures; else the last page does, and where that has no room they are not seen.
    Answers the digest to sign, the region, of `reserved` bytes in hexadecimal, where the signature goes, and the certificates
    of signatures that stand there and are not yet shown to have held. A document that bears none is archived `ahead`, in a revision of its own.
    """
    read = content.read()
    writer = IncrementalPdfFileWriter(io.BytesIO(read))
    first = not writer.prev.embedded_signatures
    title = sheet.read()
    under = room(read, len(fields)) if first and fields and not title else None
    if first and fields and title:
        add_page(writer, Picture(title))
    if fields:
        place(writer, fields, seen=first and (bool(title) or under is not None), under=under)
    spec = None if fields else alone(writer, field, name)
    made, facts = _with_room(writer, _style(look.read()), spec, field=field, name=name, room=reserved, first=first)
    facts["certificates"] = [] if first else certificates(writer.prev.embedded_signatures)
    if first and ahead:
        return facts | {"archive": prepare_ahead(made, evidence.read(), output=output, **ahead)}
    output.write(made)
    return facts


def _with_room(
    writer: IncrementalPdfFileWriter,
    style: StaticStampStyle | None,
    spec: SigFieldSpec | None,
    *,
    field: str,
    name: str,
    room: int,
    first: bool,
) -> tuple[bytes, dict[str, Any]]:
    """The file with an empty signature, its digest and where the signature goes. `spec` is that of a field that is not there yet."""
    said = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=name,
    )
    signer = PdfSigner(said, signer=ExternalSigner(None, None, signature_mechanism=_ANY), stamp_style=style, new_field_spec=spec)
    prepared = signer.async_digest_doc_for_signing(writer, existing_fields_only=spec is None, bytes_reserved=2 * room)
    digest, _, written = asyncio.run(prepared)
    written.seek(0)
    made = written.read()
    region = {"start": digest.reserved_region_start, "end": digest.reserved_region_end}
    return made, region | {"digest": digest.document_digest.hex(), "size": len(made)}


def _style(look: bytes) -> StaticStampStyle | None:
    if not look:
        return None
    whole = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0))
    return StaticStampStyle(border_width=0, background=Picture(look), background_layout=whole, background_opacity=1.0)
