"""Runs a program of the platform in days to come: `python -m tests.journeys.ahead SECONDS MODULE …`."""

import runpy
import sys
from datetime import timedelta

from backend import clock


def main() -> None:
    """Set this process's clock ahead, then be the module named."""
    seconds, module = sys.argv[1:3]
    clock.run_ahead(timedelta(seconds=float(seconds)))
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
