"""Everything the limited process will need of pyHanko, loaded before its limits: afterwards it can open no file at all.

pyHanko imports a part of itself only when it gets there, and asks for the machine's time zone. It also logs the names in certificates.
"""

import importlib
import logging

import tzlocal

LATE = (
    "cryptography.hazmat.backends.openssl.backend",
    "pyhanko.pdf_utils.content",
    "pyhanko.pdf_utils.crypt",
    "pyhanko.pdf_utils.crypt.pdfmac",
    "pyhanko.pdf_utils.embed",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.incremental_writer",
    "pyhanko.pdf_utils.metadata.info",
    "pyhanko.pdf_utils.metadata.xmp_xml",
    "pyhanko.pdf_utils.reader",
    "pyhanko.sign.ades.cades_asn1",
    "pyhanko.sign.diff_analysis",
    "pyhanko.sign.signers",
    "pyhanko.sign.validation",
    "pyhanko.sign.validation.ades",
    "pyhanko.stamp",
    "encodings.idna",
    "encodings.utf_16_be",
    "stringprep",
    "uuid",
)

for name in LATE:
    importlib.import_module(name)
tzlocal.get_localzone()
logging.disable(logging.CRITICAL)
