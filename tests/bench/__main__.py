"""`make bench`: every program of this folder on servers of their own, one after the other; its ratios, and what each was aimed at."""

import os
import subprocess
import sys

from tests import servers
from tests.bench import ground

PROGRAMS = ("documents", "bundles", "register", "signatures", "filing", "live", "reading", "lists")


def main() -> int:
    """Run those named, or all. Answers how many did not come to their end; a ratio past its aim is told, and is no failure."""
    os.environ[ground.SERVERS] = str(servers.begin())
    failed = 0
    for name in sys.argv[1:] or PROGRAMS:
        print(name, flush=True)
        failed += subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
