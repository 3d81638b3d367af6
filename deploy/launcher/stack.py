"""A whole installation on this machine: its servers, its processes, its folders."""

import json
import shutil
import socket
import subprocess
from pathlib import Path

from deploy.launcher import children, harness, keys, logins, places, programs, stamps, watch
from deploy.launcher.postgres import ROLES, Postgres
from deploy.launcher.valkey import Valkey
from deploy.launcher.words import Stop, tell

PROCESSES = ("web", "score", "jobs")


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_taken(port: int) -> bool:
    """True when something listens on the loopback port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


class Stack:
    """Servers and settings of one installation; ``private`` holds its secrets and what people look at."""

    def __init__(self, home: Path, private: Path, port: int) -> None:
        self.home = home
        self.private = private
        self.port = port
        self.board = port + 1 if port and not port_is_taken(port + 1) else free_port()
        self.logs = places.private_folder(private / "log")
        if (home / "pg").exists() and not (private / "passwords.json").exists():
            raise Stop(f"{home / 'pg'} holds data whose passwords are gone; run `make reset` to start afresh.")
        self._forget_old_sockets()
        self.sockets = places.socket_folder()
        keys.write_private(private / "servers.json", json.dumps({"sockets": str(self.sockets)}))
        self.passwords = keys.passwords(private / "passwords.json")
        self.postgres = Postgres(home, self.passwords, self.sockets)
        self.valkey = Valkey(home, self.sockets)
        keys.keyrings(private / "keys", PROCESSES)
        logins.make(private / "logins.json")
        self.site = self._site()

    def _forget_old_sockets(self) -> None:
        """Remove the socket folder an earlier start left behind when it was killed."""
        try:
            old = Path(json.loads((self.private / "servers.json").read_text())["sockets"])
        except (OSError, ValueError, KeyError):
            return
        if old.parent == places.SOCKETS and old.name.startswith("cat-") and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)

    def _site(self) -> programs.Site:
        return programs.Site(
            database={role: self.postgres.url(role) for role in ROLES},
            valkey=self.valkey.url,
            secret=self.passwords["django"],
            keys=self.private / "keys",
            origin=f"http://127.0.0.1:{self.port}",
            media=places.private_folder(self.private / "media"),
            mail=places.private_folder(self.private / "mail"),
            static=places.private_folder(self.private / "static"),
            logins=self.private / "logins.json",
            board=f"http://127.0.0.1:{self.board}",
        )

    # --- servers -----------------------------------------------------------------------------------
    def watched(self) -> list[watch.Watched]:
        """Both servers, to be kept alive."""
        both = ((self.postgres, "the database"), (self.valkey, "notices"))
        return [watch.Watched(one.NAME, does, one.start, one.alive, str(one.log)) for one, does in both]

    def start_servers(self) -> None:
        """PostgreSQL (made on the first start) and Valkey."""
        first = not self.postgres.exists()
        if first:
            for name in ("roles", "database", "demo"):
                (self.private / f"{name}.stamp").unlink(missing_ok=True)
            self.postgres.create()
        self.postgres.start()
        if first or not self._has_stamp("roles"):
            self.postgres.make_roles()
            self._stamp("roles", "1")
        self.valkey.start()

    def stop_servers(self) -> None:
        """Valkey first, it holds nothing; then PostgreSQL, fast and clean."""
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    # --- preparation -------------------------------------------------------------------------------
    def prepare(self) -> None:
        """Migrations, static files and the demo's data; each only when its sources changed."""
        collecting = self._collect_static()
        self._migrate()
        if collecting is not None:
            _, trouble = collecting.communicate()
            if collecting.returncode:
                raise Stop(f"The static files could not be collected:\n{trouble.decode().strip()}")
            self._stamp("static", stamps.of_static())
        if not self._has_stamp("demo"):
            tell("Loading the demo selection …")
            self.manage("load_demo")
            self._stamp("demo", "1")

    def _migrate(self) -> None:
        wanted = stamps.of_database()
        if self._has_stamp("database", wanted):
            return
        tell("Preparing the database …")
        harness.migrate(self.site)
        self._stamp("database", wanted)

    def _collect_static(self) -> "subprocess.Popen[bytes] | None":
        if self._has_stamp("static", stamps.of_static()):
            return None
        command = [*programs.MANAGE, "collectstatic", "--no-input", "--clear", "--verbosity", "0", "--skip-checks"]
        env = self.site.owner_env()
        env.pop("CAT_OWNER_DATABASE_URL")
        return subprocess.Popen(command, env=env, cwd=places.ROOT, stderr=subprocess.PIPE)

    def manage(self, *words: str) -> None:
        """A management command with the rights of the web process, its output on the terminal."""
        done = subprocess.run(
            [*programs.MANAGE, *words], env=self.site.loader_env(), cwd=places.ROOT, check=False
        )
        if done.returncode:
            raise Stop(f"`manage.py {' '.join(words)}` failed (code {done.returncode}); see above")

    def _has_stamp(self, name: str, value: str = "1") -> bool:
        path = self.private / f"{name}.stamp"
        return path.exists() and path.read_text() == value

    def _stamp(self, name: str, value: str) -> None:
        keys.write_private(self.private / f"{name}.stamp", value)

    # --- processes ---------------------------------------------------------------------------------
    def parts(self) -> tuple[programs.Program, ...]:
        """Web first, then its helpers and the live board, which here has a port of its own."""
        shown = programs.showing(self.board, self.sockets / "feed")
        return (programs.web(self.port), *programs.helpers(), *shown)

    def spawn(self, program: programs.Program) -> "subprocess.Popen[bytes]":
        """Start one process with its own environment."""
        return children.spawn(
            program.argv,
            log=self.logs / f"{program.name}.log",
            env=self.site.env_of(program),
            cwd=places.ROOT,
        )
