"""Programs of Debian's that tests and the cluster start: installed where we may, otherwise asked for."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.launcher.words import Stop, tell

#: Program → Debian's package.
PACKAGES = {"chromium": "chromium", "pdftotext": "poppler-utils", "nginx": "nginx-light"}
#: Where a server stands that an ordinary user's PATH leaves out.
SBIN = "/usr/sbin:/usr/local/sbin"


def find(name: str) -> Path | None:
    """The program on this machine, if it is there."""
    found = shutil.which(name) or shutil.which(name, path=SBIN)
    return Path(found) if found else None


def need(*names: str) -> None:
    """Have all of ``names``: :class:`Stop` with the line to type where one is missing and cannot be installed."""
    missing = _missing(names)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        tell(f"Installing what is needed here: {', '.join(missing)} …")
        # A server's own service must not start: this machine's ports are none of our business.
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *missing]):
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        missing = _missing(names)
    if missing:
        raise Stop(f"This needs what is not here. Type, as root:  apt-get install -y {' '.join(missing)}")


def _missing(names: tuple[str, ...]) -> list[str]:
    """Debian's packages whose program is not here."""
    return [PACKAGES[name] for name in names if find(name) is None]
