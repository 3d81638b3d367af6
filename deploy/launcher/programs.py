"""Which processes make up the installation, and the environment each one gets."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.launcher.places import ROOT

MANAGE = [sys.executable, str(ROOT / "manage.py")]

#: The production server: no deflate (it costs three times as much), a backlog for a whole hall that comes at once,
#: and at the end eight seconds for lines that wait for their commit. Sockets are told 1012, "service restart".
UVICORN = (
    "-m", "uvicorn", "deploy.asgi:application", "--host", "127.0.0.1", "--loop", "uvloop",
    "--ws", "websockets-sansio", "--ws-max-size", "65536", "--ws-per-message-deflate", "false",
    "--ws-ping-interval", "20", "--ws-ping-timeout", "20", "--backlog", "4096", "--lifespan", "off",
    "--timeout-graceful-shutdown", "8", "--timeout-keep-alive", "65", "--no-server-header", "--no-access-log",
    "--log-level", "warning",
)  # fmt: skip
#: The board is an ASGI application of its own; it opens its feed when it starts, so it needs the lifespan.
BOARD = (
    "-m", "uvicorn", "cat_exam.board:application", "--host", "127.0.0.1", "--loop", "uvloop",
    "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--backlog", "4096", "--lifespan", "on",
    "--timeout-graceful-shutdown", "3", "--no-server-header", "--no-access-log", "--log-level", "warning",
)  # fmt: skip

#: Two at once, so that alarms do not wait behind a long import. What went well leaves no row behind.
JOBS = ("procrastinate", "worker", "--concurrency", "2", "--delete-jobs", "successful")


@dataclass(frozen=True, slots=True)
class Program:
    """A process: its name, its keyring and database role, what it serves, and its command."""

    name: str
    keyring: str
    role: str
    serves: str
    argv: tuple[str, ...]
    does: str
    more: tuple[tuple[str, str], ...] = ()


def web(port: int) -> Program:
    """The one web process of the demo: portal, hall and desk together."""
    argv = (
        sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--no-server-name", "-v", "0",
        "--websocket_timeout", "-1", "deploy.asgi:application",
    )  # fmt: skip
    return Program("web", "web", "web", "portal,hall,desk", argv, "pages and sockets")


def production_web(
    port: int, *, name: str = "web", serves: str = "portal,hall,desk", keyring: str = "web"
) -> Program:
    """A web process as production runs it; any number of them may stand behind one balancer."""
    argv = (sys.executable, *UVICORN, "--port", str(port))
    return Program(name, keyring, "web", serves, argv, "pages and sockets")


def showing(port: int, feed: Path) -> tuple[Program, ...]:
    """The live board, which holds neither keys nor a database, and the scorer's hand that tells it the points."""
    argv = (sys.executable, *BOARD, "--port", str(port))
    tally = (*MANAGE, "tally")
    return (
        Program("board", "", "", "board", argv, "the live board", (("CAT_BOARD_FEED", str(feed)),)),
        Program(
            "tally", "score", "score", "score", tally, "points for the board", (("CAT_BOARD_FEEDS", str(feed)),)
        ),
    )


def helpers() -> tuple[Program, ...]:
    """The processes beside the web process."""
    return (
        Program("score", "score", "score", "score", (*MANAGE, "score"), "scores finished exams"),
        Program("sweep", "", "web", "sweep", (*MANAGE, "sweep"), "closes exams whose time is over"),
        Program("jobs", "jobs", "web", "jobs", (*MANAGE, *JOBS), "long jobs and checkpoints"),
    )


@dataclass(frozen=True, slots=True)
class Site:
    """What all processes of one installation share; ``database`` gives the URL of a role."""

    database: Mapping[str, str]
    valkey: str
    secret: str
    keys: Path
    origin: str
    media: Path
    mail: Path
    static: Path | None = None
    logins: Path | None = None
    board: str = ""

    def base_env(self) -> dict[str, str]:
        """The caller's environment without any setting of ours, so that nothing leaks in."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CAT_", "PG", "DJANGO_")) and name != "DATABASE_URL"
        }
        given = {name: os.environ[name] for name in ("CAT_CASES", "CAT_LOG_LEVEL") if name in os.environ}
        return kept | given | {"DJANGO_SETTINGS_MODULE": "deploy.settings", "PYTHONUNBUFFERED": "1"}

    def owner_env(self) -> dict[str, str]:
        """For migrations: the owner's login, and nothing is served."""
        env = self.base_env() | {"CAT_OWNER_DATABASE_URL": self.database["owner"], "CAT_SERVES": ""}
        return env | self._folders()

    def env_of(self, program: Program) -> dict[str, str]:
        """The environment of one process: its own login and keyring, nobody else's; the board gets neither."""
        if not program.role:
            return self.base_env() | {"CAT_SERVES": program.serves} | dict(program.more)
        env = self.base_env() | {
            "CAT_SERVES": program.serves,
            "CAT_SECRET_KEY": self.secret,
            "CAT_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "CAT_PUBLIC_ORIGIN": self.origins(),
            "DATABASE_URL": self.database[program.role],
            "CAT_VALKEY_URL": self.valkey,
            "CAT_PUBLIC_KEYS": str(self.keys / "public.json"),
            "CAT_BOARD_ORIGIN": self.board,
        }
        if program.keyring:
            env["CAT_KEYRING"] = str(self.keys / f"{program.keyring}.json")
        return env | self._folders() | dict(program.more)

    def loader_env(self) -> dict[str, str]:
        """For the demo loader: it acts as the web process does, and knows the demo logins."""
        env = self.env_of(web(0))
        return env | ({"CAT_DEMO_LOGINS": str(self.logins)} if self.logins else {})

    def origins(self) -> str:
        """The address people use first, then its other spelling."""
        port = self.origin.rsplit(":", 1)[1]
        return f"{self.origin},http://localhost:{port}"

    def _folders(self) -> dict[str, str]:
        env = {"CAT_MEDIA_ROOT": str(self.media), "CAT_MAIL_DIR": str(self.mail)}
        return env | ({"CAT_STATIC_ROOT": str(self.static)} if self.static else {})
