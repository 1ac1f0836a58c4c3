"""What asn1crypto built or read, settled: encoded once, and never again from its parts.

asn1crypto encodes a built value again at every level that holds it, twice at each, since it asks once for the contents and once for their length.
Where a length happens to end in the byte 80, it takes it for an indefinite one and begins afresh from the leaves, three times at each level: one
signature in fifty then took ten seconds and more.
"""

from functools import cache
from typing import Any, TypeVar

from asn1crypto import cms, x509
from asn1crypto.core import Asn1Value

Value = TypeVar("Value", bound=Asn1Value)


def settled(value: Value) -> Value:
    """The same value, whose contents are bytes; without the tag it had where it was."""
    kind: Any = type(value)
    made: Value = _settled_kind(kind)(contents=value.contents)
    return made


@cache
def _settled_kind(kind: Any) -> Any:
    """The same kind, which does not look at its parts to be encoded: `Asn1Value` does not, its descendants do."""
    return type(kind.__name__, (kind,), {"dump": lambda self, force=False: Asn1Value.dump(self)})


def certificates_in(signed: cms.ContentInfo) -> list[x509.Certificate]:
    """The certificates in a signature (CMS), and in its timestamps."""
    content = signed["content"]
    found = [one.chosen for one in content["certificates"] if one.name == "certificate"]
    for signer in content["signer_infos"]:
        for attribute in signer["unsigned_attrs"] or ():
            if attribute["type"].native == "signature_time_stamp_token":
                found += [one for token in attribute["values"] for one in certificates_in(token)]
    return found
