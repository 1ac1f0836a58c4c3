"""What a person does on the pages of their account's safety: read the options of a passkey, the key of an app, its codes."""

import json
import re
from base64 import b32decode
from typing import Any

import lxml.html
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core import mail
from django.test import Client

from backend import clock
from tests.authenticator import Device
from tests.frontend.conftest import PASSWORD

SAFETY, APP, PASSKEY, CODES = (f"/mon-compte/securite/{page}" for page in ("", "application/", "cle/", "codes/"))
CONFIRM, SIGN_IN, STEP = "/confirmer/", "/compte/login/", "/compte/2fa/authenticate/"
BY_PASSKEY = "/compte/2fa/webauthn/login/"
STRENGTH = "/api/v1/me/strength"


def confirm_by_mail(client: Client) -> None:
    client.post(CONFIRM, {"send": "first"})
    code = re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))[-1]
    client.post(CONFIRM, {"password": PASSWORD, "code": code})


def options(page: Any) -> dict[str, Any]:
    """What a page's script reads."""
    found: dict[str, Any] = json.loads(lxml.html.fromstring(page.text).xpath("//form[@data-options]/@data-options")[0])
    return found


def code_of(secret: str, later: float = 0) -> str:
    """What an app shows, at this moment or so many seconds later."""
    made = TOTP(b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)
    return made.generate(int(clock.now().timestamp() + later)).decode()


def add_app(client: Client) -> tuple[str, list[str]]:
    """Scan and type, having confirmed; gives the secret, and the recovery codes."""
    shown = lxml.html.fromstring(client.get(APP).text)
    secret = shown.xpath("//*[@class='ca-key']")[0].text_content().replace(" ", "")
    done = client.post(APP, {"code": code_of(secret)})
    return secret, codes_on(done)


def codes_on(page: Any) -> list[str]:
    return [each.text_content() for each in lxml.html.fromstring(page.text).xpath("//ul[@class='ca-codes']//code")]


def add_passkey(client: Client, device: Device | None = None) -> tuple[Device, Any]:
    device = device or Device()
    return device, client.post(PASSKEY, {"name": "Mon téléphone", "credential": device.made(options(client.get(PASSKEY)))})


def sign_in(client: Client, email: str) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": PASSWORD})


def sign_in_by_passkey(client: Client, device: Device, **lies: Any) -> Any:
    asked = client.get(BY_PASSKEY, headers={"accept": "application/json"}).json()["request_options"]
    return client.post(BY_PASSKEY, {"credential": device.proved(asked, **lies)})


def is_strong(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = client.get(STRENGTH).json()
    return told
