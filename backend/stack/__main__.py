"""`python -m backend.stack run|stop|reset|status|prepare`: what the Makefile and the containers call."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from backend.stack.lock import Lock
from backend.stack.prepare import prepare
from backend.stack.run import ROOT, run, say, tell
from backend.stack.services import end_leftovers, running

OURS = ("postgres", "valkey", "objects", "keys", "static", "logs", "tmp")


def main() -> int:
    parser = argparse.ArgumentParser(prog="backend.stack", description=__doc__)
    parser.add_argument("command", choices=["run", "stop", "reset", "status", "prepare"])
    command = parser.parse_args().command
    folder = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
    return {"run": run, "stop": stop, "reset": reset, "status": status, "prepare": prepare}[command](folder)


def stop(folder: Path) -> int:
    """End the run of this folder, and whatever a killed one left."""
    lock = Lock(folder)
    if folder.exists() and (note := lock.holder()):
        note.mark.end(seconds=40)
        say("Commun Accord has ended.")
    elif not running(folder):
        say("Nothing is running.")
    if lock.take():
        end_leftovers(folder)
        lock.release()
    return 0


def reset(folder: Path) -> int:
    """Forget all data of this folder. Refuses while it is in use; asks, where somebody can answer."""
    lock = Lock(folder)
    if not lock.take():
        say("Commun Accord is running: `make stop` first.")
        return 1
    try:
        if sys.stdin.isatty() and input(f"Erase every case, document and key in {folder}? [yes/no] ") != "yes":
            return 1
        end_leftovers(folder)
        for name in OURS:
            shutil.rmtree(folder / name, ignore_errors=True)
        for path in (*folder.glob("*.json"), *folder.glob("celerybeat-schedule*"), *folder.glob("demo-unfinished")):
            path.unlink()
        say(f"{folder} is empty. `make run` starts anew.")
    finally:
        lock.release()
    return 0


def status(folder: Path) -> int:
    """Say what runs."""
    lock = Lock(folder)
    if not folder.exists() or not lock.holder():
        say("Nothing is running.")
        return 3
    for name, mark in running(folder).items():
        say(f"{name:12} {mark.pid}")
    return tell(lock)


if __name__ == "__main__":
    sys.exit(main())
