"""A private PostgreSQL cluster: made once, started, stopped, and brought back after a kill -9."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy.launcher import children, places
from deploy.launcher.daemons import Daemon
from deploy.launcher.words import Stop

ROLES_SQL = places.ROOT / "deploy/roles.sql"
ROLES = ("owner", "web", "score", "read")
SUPERUSER = "postgres"


class Postgres(Daemon):
    """One cluster in ``home/pg``; ``passwords`` holds one for the superuser and one for each role."""

    NAME = "PostgreSQL"
    SAID_BY = signal.SIGINT  # fast shutdown: open transactions roll back, everything committed is on disk
    PATIENCE = 20.0

    def __init__(self, home: Path, passwords: Mapping[str, str], sockets: Path, *, small: bool = False) -> None:
        self.data = home / "pg"
        self.log = home / "postgres.log"
        self.passwords = passwords
        self.sockets = sockets
        self.small = small

    # --- addresses ---------------------------------------------------------------------------------
    def url(self, role: str, database: str = "cat") -> str:
        """Connection URL of ``role`` (``owner``, ``web``, …, or ``postgres``) over the private socket."""
        user = SUPERUSER if role == SUPERUSER else f"cat_{role}"
        return f"postgres://{user}:{self.passwords[role]}@{quote(str(self.sockets), safe='')}:5432/{database}"

    def connect(self, role: str = SUPERUSER, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain autocommit connection for set-up work."""
        return psycopg.connect(self.url(role, database), autocommit=True, connect_timeout=5)

    # --- life --------------------------------------------------------------------------------------
    def exists(self) -> bool:
        """True when the cluster was made completely."""
        return (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster; a half-made one left by a crash is thrown away."""
        account = places.server_account()
        fresh = self.data.with_name("pg.new")
        _remove(fresh)
        fresh.mkdir()
        places.give(fresh)
        secret = self.sockets / "first"
        secret.write_text(self.passwords[SUPERUSER])
        places.give(secret)
        command = [
            str(places.binaries().postgres / "initdb"), "-D", str(fresh), "-U", SUPERUSER,
            "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync",
        ]  # fmt: skip
        if self.small:
            command.append("--wal-segsize=4")
        who: dict[str, object] = {}
        if account is not None:
            who = {"user": account.uid, "group": account.gid, "extra_groups": []}
        done = subprocess.run(  # type: ignore[call-overload]
            command, capture_output=True, text=True, cwd="/", check=False, env=_plain_env(), **who
        )
        secret.unlink()
        if done.returncode:
            raise Stop(f"PostgreSQL could not be set up: {done.stderr.strip()}")
        fresh.rename(self.data)

    def start(self) -> None:
        """Start and wait until it answers; a leftover server of the same data is stopped first."""
        self._clear_leftovers()
        self.child = children.spawn(
            [str(places.binaries().postgres / "postgres"), "-D", str(self.data), *self._options()],
            log=self.log,
            env=_plain_env(),
            account=places.server_account(),
            when_orphaned=signal.SIGINT,
        )
        self._wait_for_it(30)

    def _options(self) -> list[str]:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "64MB" if self.small else "256MB",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_statement": "none",
            "log_min_error_statement": "panic",  # a refused statement or row would name people
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
            "autovacuum_naptime": "20s",
            "max_wal_size": "256MB" if self.small else "1GB",
            "min_wal_size": "32MB" if self.small else "128MB",
            "jit": "off",
        }
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    # --- leftovers ---------------------------------------------------------------------------------
    def _clear_leftovers(self) -> None:
        """Stop servers left on this data; only with none alive may a stale pid file go.

        A zombie still has a pid, so PostgreSQL would take it for a live server and refuse to start.
        """
        pid_file = self.data / "postmaster.pid"
        for sign, patience in ((signal.SIGINT, 8.0), (signal.SIGKILL, 5.0)):
            left = self._processes()
            if not left:
                break
            for pid in left if sign == signal.SIGKILL else left & _main_pid(pid_file):
                _signal(pid, sign)
            children.wait_until(lambda: not self._processes(), patience, 0.1)
        if self._processes():
            raise Stop(f"another PostgreSQL still runs on {self.data} and does not end")
        pid_file.unlink(missing_ok=True)

    def _processes(self) -> set[int]:
        """Living processes that work in our data folder (PostgreSQL's all do; zombies have no folder)."""
        found = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if (entry / "cwd").readlink() == self.data.resolve():
                        found.add(int(entry.name))
                except OSError:
                    continue
        return found

    # --- set-up ------------------------------------------------------------------------------------
    def make_roles(self) -> None:
        """Logins and the empty database ``cat``, by the same file that production uses."""
        env = _plain_env() | {f"CAT_{role.upper()}_PASSWORD": self.passwords[role] for role in ROLES}
        env |= {"PGHOST": str(self.sockets), "PGUSER": SUPERUSER, "PGPASSWORD": self.passwords[SUPERUSER]}
        psql = [str(places.binaries().postgres / "psql"), "-X", "-q", "-d", "postgres", "-f", str(ROLES_SQL)]
        done = subprocess.run(psql, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Stop(f"The database logins could not be made: {done.stderr.strip()}")


def _plain_env() -> dict[str, str]:
    """No PG* variable of the caller may steer our private server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _main_pid(pid_file: Path) -> set[int]:
    try:
        return {int(pid_file.read_text().split()[0])}
    except (OSError, ValueError, IndexError):
        return set()


def _signal(pid: int, sign: int) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        time.sleep(0)


def _remove(folder: Path) -> None:
    if folder.exists():
        subprocess.run(["rm", "-rf", "--", str(folder)], check=True)
