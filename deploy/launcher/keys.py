"""Random secrets of one installation: passwords, keyrings per process, a demo certificate authority."""

import json
import os
import secrets
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from deploy.launcher.postgres import ROLES, SUPERUSER

SEALS = ("card", "paper", "roll", "minutes", "sheet", "announcement", "checkpoint")
# What each process holds: (keys, seals, the signer's certificate).
HOLDINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "web": (("identity", "bank", "hall"), ("card", "paper", "roll", "minutes", "announcement"), True),
    "portal": (("identity",), (), False),
    "hall": (("hall",), ("roll", "minutes"), False),
    "desk": (("identity", "bank"), ("card", "paper", "announcement"), True),
    "score": (("paper",), ("sheet",), False),
    "jobs": ((), ("card", "checkpoint"), False),
}
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


def write_private(path: Path, text: str | bytes) -> None:
    """Write a file that only its owner may read, complete or not at all."""
    data = text.encode() if isinstance(text, str) else text
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
    fresh.rename(path)


def passwords(path: Path, *extra: str) -> dict[str, str]:
    """Database passwords and Django's secret, made once."""
    if not path.exists():
        names = [SUPERUSER, *ROLES, *extra]
        made = {name: secrets.token_urlsafe(32) for name in names} | {"django": secrets.token_urlsafe(64)}
        write_private(path, json.dumps(made, indent=1))
    return dict(json.loads(path.read_text()))


def keyrings(folder: Path, processes: tuple[str, ...]) -> None:
    """Make ``<process>.json`` for each of ``processes``, ``public.json`` and the signer's file, once.

    When the project was moved since, the path of the signer's file is put right; a seal that a process came to hold
    later is copied from the ring that has it.
    """
    if not folder.exists():
        fresh = folder.with_name(folder.name + ".new")
        if fresh.exists():
            for path in fresh.iterdir():
                path.unlink()
        fresh.mkdir(mode=0o700, exist_ok=True)
        _write_all(fresh, folder, processes)
        fresh.rename(folder)
    _share_seals(folder, processes)
    for path in folder.glob("*.json"):
        ring = json.loads(path.read_text())
        right = str(folder / "signer.p12")
        if "signer" in ring and ring["signer"]["p12"] != right:
            ring["signer"]["p12"] = right
            write_private(path, json.dumps(ring, indent=1))


def _share_seals(folder: Path, processes: tuple[str, ...]) -> None:
    rings = {name: json.loads((folder / f"{name}.json").read_text()) for name in processes}
    known = {purpose: entry for ring in rings.values() for purpose, entry in ring["seal"].items()}
    for name, ring in rings.items():
        lacks = {p: known[p] for p in HOLDINGS[name][1] if p not in ring["seal"] and p in known}
        if lacks:
            ring["seal"] |= lacks
            write_private(folder / f"{name}.json", json.dumps(ring, indent=1))


def _write_all(fresh: Path, final: Path, processes: tuple[str, ...]) -> None:
    seals = {purpose: Ed25519PrivateKey.generate() for purpose in SEALS}
    ages = {room: pyrage.x25519.Identity.generate() for room in ("hall", "paper")}
    kids = {name: f"{name}-{secrets.token_hex(4)}" for name in (*SEALS, "identity", "bank", "hall", "paper-age")}
    private: dict[str, dict[str, str]] = {
        "identity": {"kid": kids["identity"], "aes": _random32(), "hmac": _random32()},
        "bank": {"kid": kids["bank"], "aes": _random32()},
        "hall": {"kid": kids["hall"], "age": str(ages["hall"])},
        "paper": {"kid": kids["paper-age"], "age": str(ages["paper"])},
    }
    passphrase = secrets.token_urlsafe(24)
    bundle, root_pem = _certificates(passphrase)
    write_private(fresh / "signer.p12", bundle)
    signer = {"p12": str(final / "signer.p12"), "passphrase": passphrase}
    for process in processes:
        names, purposes, signs = HOLDINGS[process]
        ring: dict[str, Any] = {name: private[name] for name in names}
        ring["seal"] = {p: {"kid": kids[p], "ed25519": _b64(seals[p].private_bytes_raw())} for p in purposes}
        if signs:
            ring["signer"] = signer
        write_private(fresh / f"{process}.json", json.dumps(ring, indent=1))
    published = {
        "seal": {
            kids[p]: {"purpose": p, "ed25519": _b64(key.public_key().public_bytes_raw())}
            for p, key in seals.items()
        },
        "recipients": {room: str(identity.to_public()) for room, identity in ages.items()},
        "ca_certificate": root_pem,
    }
    write_private(fresh / "public.json", json.dumps(published, indent=1))


def _certificates(passphrase: str) -> tuple[bytes, str]:
    """A root and one document-signing certificate (P-256); the root's private key is kept nowhere."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Otoritas Sertifikat Demo CAT Exam")
    name = _name("Ketua Panitia Seleksi Nasional (Demo)")
    root = (
        _builder(root_name, root_name, root_key.public_key(), days=3650)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(name, root_name, key.public_key(), days=1825)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(passphrase.encode())
    bundle = pkcs12.serialize_key_and_certificates(b"signer", key, leaf, [root], lock)
    return bundle, root.public_bytes(serialization.Encoding.PEM).decode()


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int
) -> x509.CertificateBuilder:
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "CAT Exam"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


def _random32() -> str:
    return _b64(secrets.token_bytes(32))


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()
