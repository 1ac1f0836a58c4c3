"""What the platform's own authorities publish of themselves, for the pages and programs of anybody."""

from signatures import revocation, timestamps
from signatures.publishing import Published, authorities, certificate, crl

__all__ = ["Published", "authorities", "certificate", "crl", "status", "timestamp"]

status = revocation.answer
timestamp = timestamps.answer
