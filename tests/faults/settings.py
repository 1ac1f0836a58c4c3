"""The platform's settings, with the jobs that fault tests give to real workers."""

from backend.config.settings import *  # noqa: F403
from backend.config.settings import WORK_HANDLERS as ORDINARY

WORK_HANDLERS = {
    **ORDINARY,
    "documents.inspect": "tests.faults.labour.check",
    "documents.assemble": "tests.faults.labour.assemble",
    "documents.preview": "tests.faults.labour.draw",
    "documents.read": "tests.faults.labour.read",
    "cases.mark": "tests.faults.labour.mark",
    "signatures.apply": "tests.faults.labour.sign",
    "labour.note": "tests.faults.labour.note",
    "labour.wait": "tests.faults.labour.wait",
    "labour.kill": "tests.faults.labour.kill",
    "labour.effect": "tests.faults.labour.effect",
    "register.seen": "tests.faults.labour.note",
}
