"""Programs of Debian's that tests and the cluster start: installed where we may, otherwise asked for."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.launcher.words import Stop, tell

#: Program → Debian's package.
PACKAGES = {"chromium": "chromium", "pdftotext": "poppler-utils", "nginx": "nginx-light"}
#: The same for what only saves time: without it another of the programs does the work.
QUICKER = {"chromium-headless-shell": "chromium-headless-shell"}
#: A network that does not answer costs seconds, not minutes.
PATIENCE = ("-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10", "-o", "Acquire::Retries=1")
#: Where a server stands that an ordinary user's PATH leaves out.
SBIN = "/usr/sbin:/usr/local/sbin"


def find(name: str) -> Path | None:
    """The program on this machine, if it is there."""
    found = shutil.which(name) or shutil.which(name, path=SBIN)
    return Path(found) if found else None


def need(*names: str) -> None:
    """Have all of ``names``: :class:`Stop` with the line to type where one is missing and cannot be installed."""
    missing = _missing(names)
    if missing and _install(missing):
        missing = _missing(names)
    if missing:
        raise Stop(f"This needs what is not here. Type, as root:  apt-get install -y {' '.join(missing)}")


def welcome(*names: str) -> None:
    """Have those of ``names`` that can be had here; without the others things take longer."""
    for name in names:
        if find(name) is None:
            _install([QUICKER[name]])


def _install(packages: list[str]) -> bool:
    """Let Debian's tool try; False where there is none, or we may not use it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    tell(f"Installing what is needed here: {', '.join(packages)} …")
    # A server's own service must not start: this machine's ports are none of our business.
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (("update", "-qq"), ("install", "-y", "-qq", "--no-remove", *packages)):
        subprocess.run(
            ["apt-get", *PATIENCE, *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False,
        )  # fmt: skip
    return True


def _missing(names: tuple[str, ...]) -> list[str]:
    """Debian's packages whose program is not here."""
    return [PACKAGES[name] for name in names if find(name) is None]
