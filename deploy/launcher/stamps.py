"""Fingerprints of sources, so that work whose input has not changed is not done again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from deploy.launcher.places import ROOT

ROOMS = ("core", "registration", "questionbank", "cat_exam", "proctoring", "results")


def of_files(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of ``paths``."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def of_database() -> str:
    """Fingerprint of everything that shapes a migrated, empty database."""
    found = [ROOT / "deploy/roles.sql", ROOT / "requirements.lock", ROOT / "core/models/base.py"]
    for room in ROOMS:
        found += (path for path in (ROOT / room).glob("migrations/*") if path.is_file())
    return of_files(found)


def of_static() -> str:
    """Fingerprint of the static files of all rooms."""
    found = [ROOT / "requirements.lock"]
    for room in ROOMS:
        found += [path for path in (ROOT / room).glob("static/**/*") if path.is_file()]
    return of_files(found)
