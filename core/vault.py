"""Secret keys: each process holds only its own, and asking for another's is refused.

Private keys come from the JSON file named by ``CAT_KEYRING``, public ones from ``CAT_PUBLIC_KEYS``.
Ciphertext layout: one byte length of the key id, the key id, a 12-byte nonce, AES-256-GCM output.
"""

import hmac
import json
import os
from base64 import b64decode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_HOLDERS = {
    "identity": {"portal", "desk"},
    "bank": {"desk"},
    "hall": {"hall"},
    "paper": {"score"},
}


class KeyNotHeld(PermissionError):
    """This process does not serve the purpose the key is for, or its keyring lacks it."""


@cache
def _read(path: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(Path(path).read_text()))


def keyring() -> dict[str, Any]:
    """This process's private keys, by purpose; empty where none were given."""
    return _read(settings.KEYRING) if settings.KEYRING else {}


def public_keys() -> dict[str, Any]:
    """Public keys of the installation: ``seal`` by key id, ``recipients`` by room, ``ca_certificate``."""
    return _read(settings.PUBLIC_KEYS)


def _entry(purpose: str) -> dict[str, str]:
    holders = _HOLDERS[purpose]
    if not holders & set(settings.SERVES):
        raise KeyNotHeld(f"a process serving {sorted(settings.SERVES)} may not hold the {purpose} key")
    try:
        return cast("dict[str, str]", keyring()[purpose])
    except KeyError:
        raise KeyNotHeld(f"the keyring of this process has no {purpose} key") from None


def encrypt(purpose: str, plain: bytes, *, row: str) -> bytes:
    """AES-256-GCM under the ``purpose`` key (``identity`` or ``bank``), bound to the id of its row."""
    entry = _entry(purpose)
    return seal_bytes(b64decode(entry["aes"]), plain, row=row, kid=entry["kid"])


def decrypt(purpose: str, blob: bytes, *, row: str) -> bytes:
    """Inverse of :func:`encrypt`; raises ``cryptography.exceptions.InvalidTag`` on any change."""
    return open_bytes(b64decode(_entry(purpose)["aes"]), bytes(blob), row=row)


def seal_bytes(key: bytes, plain: bytes, *, row: str, kid: str) -> bytes:
    """AES-256-GCM with an explicit 32-byte data key; same layout as :func:`encrypt`."""
    nonce, name = os.urandom(12), kid.encode()
    return bytes([len(name)]) + name + nonce + AESGCM(key).encrypt(nonce, plain, row.encode())


def open_bytes(key: bytes, blob: bytes, *, row: str) -> bytes:
    """Inverse of :func:`seal_bytes`."""
    start = 1 + blob[0]
    return AESGCM(key).decrypt(blob[start : start + 12], blob[start + 12 :], row.encode())


def blind_index(value: str) -> str:
    """64 hex digits that find a NIK without storing it (HMAC-SHA-256 under the identity key)."""
    return hmac.new(b64decode(_entry("identity")["hmac"]), value.encode(), sha256).hexdigest()


def wrap_for(room: str, data: bytes) -> bytes:
    """Encrypt ``data`` so that only the processes of ``room`` (``hall`` or ``paper``) can open it (age)."""
    recipient = pyrage.x25519.Recipient.from_str(public_keys()["recipients"][room])
    return cast("bytes", pyrage.encrypt(data, [recipient]))


def unwrap(room: str, blob: bytes) -> bytes:
    """Open what :func:`wrap_for` closed; raises :class:`KeyNotHeld` in every other process."""
    identity = pyrage.x25519.Identity.from_str(_entry(room)["age"])
    return cast("bytes", pyrage.decrypt(bytes(blob), [identity]))
