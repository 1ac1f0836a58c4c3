"""HashiCorp Vault's transit engine as keeper of the key-encryption key, which never leaves it: four requests, each with a time limit.

The token needs `update` on encrypt, decrypt and rewrap of the key, and `read` on the key itself; rotating it stays with the operator.
"""

import os
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any

import urllib3
from django.conf import settings

from backend.errors import Unavailable
from documents.envelope import Tampered
from documents.keyring.errors import NoKey

MARK = "vault:"  # identifiers are vault:<name of the key>:v<version>
PATIENCE = 5.0  # seconds, for an answer
AGAIN = 2  # more tries
AWAY = ("not found", "disallowed by policy")  # what Vault says of a key, or a version of it, that it will not use


def present() -> str:
    name = settings.VAULT_TRANSIT_KEY
    return f"{MARK}{name}:v{_ask('GET', f'keys/{name}')['latest_version']}"


def wrap(data_key: bytes) -> tuple[bytes, str]:
    name = settings.VAULT_TRANSIT_KEY
    return _named(name, _ask("POST", f"encrypt/{name}", plaintext=b64encode(data_key).decode())["ciphertext"])


def unwrap(wrapped: bytes, key_id: str) -> bytes:
    return b64decode(_ask("POST", f"decrypt/{_name(key_id)}", ciphertext=_text(wrapped))["plaintext"])


def rewrap(wrapped: bytes, key_id: str) -> tuple[bytes, str]:
    """Inside Vault where the key is the same; the data key comes out only to pass to a key of another name."""
    name = settings.VAULT_TRANSIT_KEY
    if _name(key_id) != name:
        return wrap(unwrap(wrapped, key_id))
    return _named(name, _ask("POST", f"rewrap/{name}", ciphertext=_text(wrapped))["ciphertext"])


def _named(name: str, ciphertext: str) -> tuple[bytes, str]:
    """`vault:v3:…` is wrapped by the third version."""
    return ciphertext.encode(), f"{MARK}{name}:{ciphertext.split(':')[1]}"


def _name(key_id: str) -> str:
    return key_id.removeprefix(MARK).rpartition(":")[0]


def _text(wrapped: bytes) -> str:
    return wrapped.decode("ascii", "replace")


def _ask(method: str, path: str, **body: str) -> dict[str, Any]:
    """What the engine answers. Raises Tampered or NoKey where it refuses a wrapped key, Unavailable for anything else."""
    url = f"{settings.VAULT_ADDR}/v1/{settings.VAULT_TRANSIT_MOUNT}/{path}"
    headers = {"X-Vault-Token": settings.VAULT_TOKEN, "X-Vault-Namespace": settings.VAULT_NAMESPACE, "X-Vault-Request": "true"}
    try:
        answer = _pool(settings.VAULT_CACERT, os.getpid()).request(
            method,
            url,
            headers={name: value for name, value in headers.items() if value},
            json=body or None,
            timeout=PATIENCE,
            retries=_again(),
        )
        said = answer.json()
    except (urllib3.exceptions.HTTPError, ValueError) as fault:
        raise Unavailable from fault
    if answer.status == 200:
        data: dict[str, Any] = said["data"]
        return data
    raise _refusal(answer.status, str(said.get("errors", ""))) if "ciphertext" in body else Unavailable from RuntimeError(
        f"{answer.status}"
    )


def _refusal(status: int, said: str) -> Exception:
    if status != 400:
        return Unavailable()
    return NoKey() if any(words in said for words in AWAY) else Tampered("the data key does not unwrap")


def _again() -> urllib3.Retry:
    """Every request may be made again: none of them changes anything at Vault. Its redirections are not followed."""
    busy = [412, 429, 500, 502, 503]
    return urllib3.Retry(
        total=AGAIN, redirect=False, allowed_methods=None, backoff_factor=0.2, status_forcelist=busy, raise_on_status=False
    )


@lru_cache(maxsize=2)
def _pool(authority: str, process: int) -> urllib3.PoolManager:
    """One pool of connections per process: sockets must not be shared across a fork."""
    return urllib3.PoolManager(maxsize=16, ca_certs=authority or None)
