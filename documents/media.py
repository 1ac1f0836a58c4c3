"""What kind of file the first bytes show. Names and headers are never believed."""

PDF, JPEG, PNG, UNKNOWN = "application/pdf", "image/jpeg", "image/png", "application/octet-stream"
ACCEPTED = frozenset({PDF, JPEG, PNG})
HEAD = 1024  # bytes that are enough to tell

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "


def media_type(head: bytes) -> str:
    """The media type of a file by its first bytes; a byte-order mark or blanks before a PDF are forgiven."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.lstrip(_BLANK).startswith(b"%PDF-"):
        return PDF
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1"):
        return "image/heic"
    return UNKNOWN
