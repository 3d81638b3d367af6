"""Servers for tests: a migrated template cluster, copied and cloned for each run and each database."""

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from psycopg import sql

from deploy.launcher import keys, places, stamps
from deploy.launcher.postgres import ROLES, Postgres
from deploy.launcher.programs import Site, web
from deploy.launcher.valkey import Valkey
from deploy.launcher.words import Stop, tell

TEMPLATE = "cat"
TESTER = "tester"
ENVIRONMENT = "CAT_TEST_HARNESS"


class Harness:
    """One test run's private servers and keys in a temporary home."""

    def __init__(self, home: Path, sockets: Path, passwords: dict[str, str], template: Path) -> None:
        self.home = home
        self.template = template
        self.sockets = sockets
        self.passwords = passwords
        self.postgres = Postgres(home, passwords, sockets, small=True)
        self.valkey = Valkey(home, sockets)
        self.rooms = [home, sockets]

    # --- databases ---------------------------------------------------------------------------------
    def clone(self, name: str) -> None:
        """Make the database ``name`` as a copy of the migrated template."""
        with self.postgres.connect() as admin:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER cat_owner STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )

    def drop(self, name: str) -> None:
        """Remove a cloned database, whoever is still connected."""
        with self.postgres.connect() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # --- for the test processes --------------------------------------------------------------------
    def describe(self) -> dict[str, object]:
        """What a test process needs to find these servers."""
        return {
            "home": str(self.home),
            "sockets": str(self.sockets),
            "passwords": self.passwords,
            "template": str(self.template),
        }

    @classmethod
    def described(cls, text: str) -> "Harness":
        """The harness a parent process described; its servers are the parent's to stop."""
        facts = json.loads(text)
        return cls(Path(facts["home"]), Path(facts["sockets"]), facts["passwords"], Path(facts["template"]))

    def site(self, database: str, *, port: int = 8000, valkey: str = "", home: Path | None = None) -> Site:
        """The settings of an installation on ``database``."""
        roles = (*ROLES, TESTER)
        folder = home or self.home
        return Site(
            database={role: self.postgres.url(role, database) for role in roles},
            valkey=valkey or self.valkey.url,
            secret=self.passwords["django"],
            keys=self.home / "keys",
            origin=f"http://127.0.0.1:{port}",
            media=places.private_folder(folder / "media"),
            mail=places.private_folder(folder / "mail"),
        )

    def test_env(self) -> dict[str, str]:
        """Environment of a test process: a web process without a pool, so that a test can change its role."""
        site = self.site(TEMPLATE)
        return site.env_of(web(8000)) | {
            ENVIRONMENT: json.dumps(self.describe()),
            "CAT_ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
            "DATABASE_URL": f"{site.database[TESTER]}?options=-c%20role%3Dcat_web",
            "CAT_DB_POOL": "0",
            "CAT_LOG_LEVEL": "WARNING",
        }

    def stop(self) -> None:
        """Stop both servers and remove everything."""
        self.valkey.stop()
        self.postgres.stop()
        for folder in self.rooms:
            shutil.rmtree(folder, ignore_errors=True)


def open_harness(*, fresh: bool, in_memory: bool = False) -> Harness:
    """Servers ready for tests; without ``fresh`` an unchanged schema is taken from an earlier run's copy.

    ``in_memory``, where there is enough of it: hundreds of databases come and go in a run, and what is tested about
    durability is tested on clusters of their own, on disk.
    """
    home, sockets = places.temporary_home(), places.socket_folder()
    shelf = _template(fresh=fresh)
    # A copy of the run's own: another run may replace the one on the shelf meanwhile.
    template = home / "template"
    template.mkdir()
    template.chmod(home.stat().st_mode & 0o777)
    harness = Harness(home, sockets, keys.passwords(shelf / "passwords.json"), template)
    if in_memory and (room := places.memory_folder()):
        harness.rooms.append(room)
        harness.postgres.data = room / "pg"
    try:
        copy_cluster(shelf / "pg", template / "pg")
        copy_cluster(template / "pg", harness.postgres.data)
        keys.keyrings(home / "keys", tuple(keys.HOLDINGS))
        harness.postgres.start()
        harness.valkey.start()
    except BaseException:
        harness.stop()
        raise
    return harness


def copy_cluster(source: Path, target: Path) -> None:
    """Copy a stopped cluster, with owners and modes."""
    subprocess.run(["cp", "-a", "--reflink=auto", "--", str(source), str(target)], check=True)


def _template(*, fresh: bool) -> Path:
    """Folder with a stopped, migrated cluster for the schema as it stands in the sources."""
    shelf = places.data_home() / "template"
    shelf.mkdir(exist_ok=True)
    shelf.chmod(0o711 if places.server_account() else 0o700)
    wanted = shelf / stamps.of_database()[:16]
    if wanted.exists() and not fresh:
        return wanted
    tell("Making a migrated database for the tests …")
    building = Path(tempfile.mkdtemp(prefix="new-", dir=shelf))
    building.chmod(0o711 if places.server_account() else 0o700)
    try:
        _build(building)
        return _shelve(building, wanted)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _shelve(building: Path, wanted: Path) -> Path:
    """Put a finished template in its place; older ones go, unless young enough to be in use elsewhere."""
    if wanted.exists():
        wanted.rename(wanted.with_name(f"old-{secrets.token_hex(4)}"))
    building.rename(wanted)
    others = sorted((p for p in wanted.parent.iterdir() if p != wanted), key=lambda p: p.stat().st_mtime)
    for path in others[:-3]:
        shutil.rmtree(path, ignore_errors=True)
    return wanted


def _build(home: Path) -> None:
    sockets = places.socket_folder()
    server = Postgres(home, keys.passwords(home / "passwords.json", TESTER), sockets, small=True)
    try:
        server.create()
        server.start()
        server.make_roles()
        _make_tester(server)
        migrate(Site({"owner": server.url("owner")}, "", "", home, "", home, home))
        server.stop()
    finally:
        server.kill()
        shutil.rmtree(sockets, ignore_errors=True)


def _make_tester(server: Postgres) -> None:
    """A login for tests only: it starts as cat_web and may step into the other roles' shoes."""
    with server.connect() as admin:
        password = sql.Literal(server.passwords[TESTER])
        admin.execute(sql.SQL("CREATE ROLE cat_tester LOGIN NOINHERIT PASSWORD {}").format(password))
        admin.execute("GRANT cat_web, cat_score, cat_read TO cat_tester WITH INHERIT FALSE, SET TRUE")
        admin.execute("GRANT CONNECT ON DATABASE cat TO cat_tester")


def migrate(site: Site) -> None:
    """Apply all migrations as the owner."""
    command = [sys.executable, str(places.ROOT / "manage.py"), "migrate", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(
        command, env=site.owner_env(), cwd=places.ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Stop(f"The migrations failed:\n{done.stderr.strip()}")
