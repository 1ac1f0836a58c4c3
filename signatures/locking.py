"""What was done to a file after a signature, with the fields that it locks. Runs in the limited process.

pyHanko's policy tells of a locked field that it was changed wherever it merely could have been (0.38): with its own form a document would be found
altered by the timestamp of the same document. So it is asked about all else, and locked fields are compared here.
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffPolicy, DiffResult, SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signatures.tagging import held

DEEP = 16  # a form whose fields lie deeper is not looked at further: it is held to be changed


class Strict(DiffPolicy):
    """pyHanko's, and no locked field may have another value or another look."""

    def apply(self, old: Any, new: Any, field_mdp_spec: FieldMDPSpec | None = None, doc_mdp: MDPPerm | None = None) -> DiffResult:
        return DEFAULT_DIFF_POLICY.apply(old, new, None, doc_mdp)

    def review_file(
        self, reader: PdfFileReader, base_revision: Any, field_mdp_spec: FieldMDPSpec | None = None, doc_mdp: MDPPerm | None = None
    ) -> DiffResult | SuspiciousModification:
        if field_mdp_spec is not None and any(
            _changed(reader, base_revision, ref) for ref in _locked(reader, base_revision, field_mdp_spec)
        ):
            return SuspiciousModification("a locked field was changed")
        return DEFAULT_DIFF_POLICY.review_file(reader, base_revision, None, doc_mdp)


def _locked(reader: PdfFileReader, revision: int, spec: FieldMDPSpec) -> Iterator[IndirectObject]:
    """The fields that a signature locks, as they were at its revision."""
    form = held(reader.get_historical_resolver(revision).root, "/AcroForm")
    waiting = [("", ref, 0) for ref in _references(held(form, "/Fields") if form is not None else None)]
    while waiting:
        above, ref, depth = waiting.pop()
        field = ref.get_object()
        name = ".".join(part for part in (above, str(held(field, "/T") or "")) if part)
        if spec.is_locked(name):
            yield ref
        if depth < DEEP:
            waiting += [(name, kid, depth + 1) for kid in _references(held(field, "/Kids"))]


def _references(array: Any) -> list[IndirectObject]:
    kept = [array.raw_get(index) for index in range(len(array))] if array is not None else []
    return [one for one in kept if isinstance(one, IndirectObject)]


def _changed(reader: PdfFileReader, revision: int, ref: IndirectObject) -> bool:
    """Whether a field has another value, or anything it is drawn with was written again."""
    then = ref.get_object()
    now = reader.get_object(ref.reference)
    if not isinstance(now, DictionaryObject) or set(now) != set(then) or any(now.raw_get(key) != then.raw_get(key) for key in then):
        return True
    drawn = [held(then, key) for key in ("/AP", "/V")]
    return any(reader.xrefs.get_last_change(one.reference) > revision for part in (then, *drawn) for one in _within(part))


def _within(part: Any, depth: int = 0) -> Iterator[IndirectObject]:
    """What a dictionary refers to for its look and its value."""
    if not isinstance(part, DictionaryObject) or depth > DEEP:
        return
    for key in part:
        value = part.raw_get(key)
        if isinstance(value, IndirectObject) and key not in ("/P", "/Parent", "/Kids"):
            yield value
        elif isinstance(value, DictionaryObject):
            yield from _within(value, depth + 1)
