"""Seals: Ed25519 over canonical bytes, for every paper that passes from one room to another."""

import json
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core import vault


@dataclass(frozen=True, slots=True)
class Seal:
    """Key id, SHA-256 digest of the canonical bytes (32 bytes) and Ed25519 signature (64 bytes)."""

    kid: str
    digest: bytes
    signature: bytes


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: sorted keys, no spaces, UTF-8; floats and non-JSON values raise."""
    _refuse_floats(document)
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no place in a sealed document")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


def sign(purpose: str, document: dict[str, Any]) -> Seal:
    """Seal ``document`` with this process's key for ``purpose``; :class:`core.vault.KeyNotHeld` without one."""
    entry = vault.keyring().get("seal", {}).get(purpose)
    if entry is None:
        raise vault.KeyNotHeld(f"the keyring of this process has no seal for {purpose}")
    body = canonical(document)
    key = Ed25519PrivateKey.from_private_bytes(b64decode(entry["ed25519"]))
    return Seal(entry["kid"], sha256(body).digest(), key.sign(f"{purpose}\0".encode() + body))


def holds(purpose: str, document: dict[str, Any], seal: Seal) -> bool:
    """True when the seal is by a published key of ``purpose`` and no byte of the document changed."""
    entry = vault.public_keys()["seal"].get(seal.kid)
    if entry is None or entry["purpose"] != purpose:
        return False
    body = canonical(document)
    key = Ed25519PublicKey.from_public_bytes(b64decode(entry["ed25519"]))
    try:
        key.verify(bytes(seal.signature), f"{purpose}\0".encode() + body)
    except InvalidSignature:
        return False
    return sha256(body).digest() == bytes(seal.digest)


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 §2.1 (32 bytes) over ``leaves``, which are read once and not kept."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, node = 1, sha256(b"\0" + leaf).digest()
        while peaks and peaks[-1][0] == size:
            node = sha256(b"\1" + peaks.pop()[1] + node).digest()
            size *= 2
        peaks.append((size, node))
    if not peaks:
        return sha256(b"").digest()
    root = peaks.pop()[1]
    while peaks:
        root = sha256(b"\1" + peaks.pop()[1] + root).digest()
    return root
