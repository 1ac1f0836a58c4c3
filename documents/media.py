"""What kind of file the first bytes show. Names and headers are never believed."""

PDF, JPEG, PNG, UNKNOWN = "application/pdf", "image/jpeg", "image/png", "application/octet-stream"
TIFF, HEIC = "image/tiff", "image/heic"
RTF, ODT, OOXML = "application/rtf", "application/vnd.oasis.opendocument.text", "application/vnd.openxmlformats-officedocument"
PICTURES = frozenset({JPEG, PNG, TIFF, HEIC})
TEXTS = frozenset({RTF, ODT, OOXML})  # taken where they can be converted: see `documents.office`
ACCEPTED = PICTURES | {PDF}
HEAD = 1024  # bytes that are enough to tell

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_ZIP, _FIRST_NAME = b"PK\x03\x04", 30  # where an archive's first entry says its name
_OOXML = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"customXml/")


def media_type(head: bytes) -> str:
    """The media type of a file by its first bytes; a byte-order mark or blanks before a PDF are forgiven."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_ZIP):
        return _archive(head)
    if head.lstrip(_BLANK).startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return HEIC
    return UNKNOWN


def _archive(head: bytes) -> str:
    """What an archive may be by its first entry; what it is, its examination says."""
    name = head[_FIRST_NAME:]
    if name.startswith(b"mimetype" + ODT.encode()):
        return ODT
    return OOXML if name.startswith(_OOXML) else "application/zip"
