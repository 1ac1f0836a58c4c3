"""Recomputes the register's chains and seals, and says where one breaks."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from backend.register.verify import Break, verify
from backend.register.verify_seals import standing, verify_heads, verify_seals


class Command(BaseCommand):
    help = "Verify every chain of the register and its seals, or one chain. Exits 1 where one breaks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", nargs="?", type=UUID, help="the id of one chain")
        parser.add_argument(
            "--all-signatures",
            action="store_true",
            help="check every signature and timestamp, not only the last of each chain and of the seals",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chain, every = options["chain"], options["all_signatures"]
        broken = 0
        for found in chain_breaks(chain, all_signatures=every):
            broken += 1
            self.stdout.write(f"{found.chain}: broken at {found.seq}: {found.fault}")
        if chain is None and (seal := verify_seals(all_tokens=every)):
            broken += 1
            self.stdout.write(f"seal {seal.number}: {seal.fault}")
        if broken:
            self.stderr.write(f"{broken} broken")
            raise SystemExit(1)
        self.stdout.write("the register holds")
        self.stdout.write(self.sealed())

    def sealed(self) -> str:
        """How far it is sealed: what was recorded since is bound by its own hashes and signatures only."""
        last = standing()
        return f"last sealed at {last.at:%Y-%m-%d %H:%M:%S} UTC: seal {last.number}, {last.size} heads" if last.at else "not sealed yet"


def chain_breaks(chain: UUID | None, *, all_signatures: bool) -> Iterator[Break]:
    """By themselves first, then against the seals."""
    yield from verify(chain, all_signatures=all_signatures)
    yield from verify_heads(chain)
