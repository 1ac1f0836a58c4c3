"""One web process: `python -m backend.stack.web --port N`, or `--fd N` to share a listening socket with others."""

import argparse
import os
import socket

import uvicorn

APPLICATION = "backend.config.asgi:application"
GRACE_SECONDS = 8  # how long an answer under way may take once we are asked to end; sockets close at once (1012)
SOCKET_MAX_BYTES = 64 * 1024  # what a live socket takes in one message


def main() -> None:
    """Serve the platform on a socket of our own, or on the one handed down."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument("--fd", type=int)
    chosen = options.parse_args()
    listener = socket.socket(fileno=chosen.fd) if chosen.fd is not None else socket.create_server((chosen.host, chosen.port), backlog=2048)
    uvicorn.Server(configuration()).run(sockets=[listener])


def configuration() -> uvicorn.Config:
    """uvicorn's configuration. A proxy's word on the sender's address is taken only where proxies are declared."""
    proxied = int(os.environ.get("TRUSTED_PROXY_COUNT", "0")) > 0
    return uvicorn.Config(
        APPLICATION,
        ws="websockets-sansio",
        ws_max_size=SOCKET_MAX_BYTES,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=proxied,
        forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", "*") if proxied else "",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
