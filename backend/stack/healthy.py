"""`python -m backend.stack.healthy`: whether the web process of this container serves; it answers only to a host it knows."""

import os
import sys
import urllib.request

ADDRESS = "http://127.0.0.1:8000/health"


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    with urllib.request.urlopen(urllib.request.Request(ADDRESS, headers={"Host": host}), timeout=5) as answer:
        return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
