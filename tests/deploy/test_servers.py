"""The private servers: made whole or not at all, back after kill -9, as root and as anybody."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from deploy.launcher import children, keys, places
from deploy.launcher.postgres import ROLES_SQL, Postgres
from deploy.launcher.valkey import Valkey

PROJECT = places.ROOT


@pytest.fixture
def room():
    """Homes for servers, removed afterwards."""
    made: list[Path] = []

    def make() -> tuple[Path, Path]:
        home, sockets = places.temporary_home(), places.socket_folder()
        made.extend((home, sockets))
        return home, sockets

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(room):
    home, sockets = room()
    server = Postgres(home, keys.passwords(home / "passwords.json"), sockets, small=True)
    server.create()
    server.start()
    yield server
    server.kill()


def _write(server: Postgres, word: str) -> None:
    with server.connect() as admin:
        admin.execute("CREATE TABLE IF NOT EXISTS proof (word text)")
        admin.execute("INSERT INTO proof VALUES (%s)", [word])


def _words(server: Postgres) -> list[str]:
    with server.connect() as admin:
        return [row[0] for row in admin.execute("SELECT word FROM proof").fetchall()]


def test_it_comes_back_after_kill_9_with_its_data(postgres) -> None:
    _write(postgres, "kept")
    postgres.kill()
    postgres.start()
    assert _words(postgres) == ["kept"]


def test_it_comes_back_when_every_process_is_killed_and_the_pid_file_names_a_zombie(postgres) -> None:
    _write(postgres, "kept")
    for pid in postgres._processes():
        with suppress(ProcessLookupError):  # PostgreSQL's own children end by themselves with their parent
            os.kill(pid, signal.SIGKILL)
    postgres.child.wait()
    zombie = subprocess.Popen(["true"])
    assert children.wait_until(lambda: _state(zombie.pid) == "Z", 5)
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(zombie.pid), *lines[1:]]) + "\n")
    postgres.start()
    assert _words(postgres) == ["kept"]
    zombie.wait()


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def test_a_server_left_running_by_a_dead_launcher_gives_way(postgres, room) -> None:
    _write(postgres, "kept")
    left = postgres.child
    _, sockets = room()
    again = Postgres(postgres.data.parent, postgres.passwords, sockets, small=True)
    again.start()
    try:
        assert _words(again) == ["kept"]
        assert left.wait(5) == 0
    finally:
        again.stop()
        postgres.child = None


def test_a_half_made_cluster_is_thrown_away(room) -> None:
    home, sockets = room()
    (home / "pg.new").mkdir()
    (home / "pg.new/PG_VERSION").write_text("18\n")
    server = Postgres(home, keys.passwords(home / "passwords.json"), sockets, small=True)
    assert not server.exists()
    server.create()
    server.start()
    assert server.alive()
    server.stop()


def test_two_installations_run_at_once(postgres, room) -> None:
    home, sockets = room()
    other = Postgres(home, keys.passwords(home / "passwords.json"), sockets, small=True)
    other.create()
    other.start()
    try:
        _write(postgres, "mine")
        _write(other, "yours")
        assert (_words(postgres), _words(other)) == (["mine"], ["yours"])
    finally:
        other.stop()


def test_nobody_enters_without_the_password_and_nothing_listens_on_the_network(postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(postgres.sockets), user="postgres", password="guess", dbname="postgres")
    with postgres.connect() as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert admin.execute("SHOW fsync").fetchone() == ("on",)
        assert admin.execute("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'").fetchone() == (0,)


def test_folders_of_the_servers_are_closed_to_others(postgres) -> None:
    for folder in (postgres.data, postgres.sockets):
        assert folder.stat().st_mode & 0o077 == 0
    account = places.server_account()
    assert postgres.data.stat().st_uid == (account.uid if account else os.getuid())


def test_making_the_logins_twice_changes_nothing(postgres) -> None:
    postgres.make_roles()
    postgres.make_roles()
    with postgres.connect() as admin:
        rows = admin.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname LIKE 'cat%' ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in rows] == ["cat_owner", "cat_read", "cat_score", "cat_web"]
    assert not any(flag for row in rows for flag in row[1:])


def test_valkey_keeps_nothing_and_comes_back(room) -> None:
    home, sockets = room()
    valkey = Valkey(home, sockets)
    for _ in range(2):
        valkey.start()
        assert valkey.alive()
        valkey.kill()
    assert not list(sockets.glob("*.rdb"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else to try it")
def test_a_normal_user_runs_everything_too() -> None:
    if not places.can_reach(ROLES_SQL):
        pytest.skip("this project lies where no other user can enter")
    folder = Path(tempfile.mkdtemp(prefix="cat-user-"))
    entry = pwd.getpwnam("nobody")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    places.binaries()
    child = os.fork()  # a fork, because a Python below root's home could not be started by another user
    if child == 0:
        with suppress(BaseException):
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            places.server_account.cache_clear()
            (folder / "said").write_text(_as_a_normal_user(folder))
        os._exit(0)
    os.waitpid(child, 0)
    try:
        assert (folder / "said").read_text() == "cat_web"
        assert (folder / "pg").stat().st_uid == entry.pw_uid
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_a_normal_user(home: Path) -> str:
    assert places.server_account() is None
    sockets = places.socket_folder()
    server = Postgres(home, keys.passwords(home / "passwords.json"), sockets, small=True)
    valkey = Valkey(home, sockets)
    server.create()
    server.start()
    server.make_roles()
    valkey.start()
    server.kill()
    server.start()
    with server.connect("web", "cat") as connection:
        user = connection.execute("SELECT current_user").fetchone()[0]
    valkey.stop()
    server.stop()
    shutil.rmtree(sockets)
    return user


class Demo:
    """The demo command on a folder of its own, as a person would start it."""

    def __init__(self, run: Path, port: int) -> None:
        self.run, self.port = run, port
        self.log = run.with_name(run.name + ".log")
        self.child: subprocess.Popen[bytes] | None = None

    def command(self, port: int | None = None) -> list[str]:
        return [sys.executable, "-m", "deploy.launcher", "demo", "--port", str(port or self.port)]

    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CAT_")}
        return kept | {"CAT_RUN": str(self.run)}

    def start(self) -> None:
        with self.log.open("wb") as out:
            self.child = subprocess.Popen(self.command(), cwd=PROJECT, env=self.env(), stdout=out, stderr=out)
        assert children.wait_until(self._ready, 300, 0.2), self.log.read_text()

    def _ready(self) -> bool:
        assert self.child.poll() is None, self.log.read_text()
        return "CAT Exam runs at" in self.log.read_text()

    def parts(self) -> set[int]:
        """Living processes started for this folder, the launcher not counted."""
        found = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.child.pid:
                try:
                    mine = str(self.run).encode() in (entry / "environ").read_bytes()
                    data = (entry / "cwd").readlink() == self.run / "pg"
                except OSError:
                    continue
                if mine or data:
                    found.add(int(entry.name))
        return found


@pytest.mark.slow
def test_the_demo_starts_refuses_a_second_stops_and_survives_kill_9() -> None:
    run = places.temporary_home()
    shutil.rmtree(run)
    demo = Demo(run, _free_port())
    try:
        demo.start()
        assert children.http_status(demo.port, "/readyz", 5) == 200

        second = subprocess.run(
            demo.command(_free_port()), cwd=PROJECT, env=demo.env(), capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert f"The demo already runs at http://127.0.0.1:{demo.port}" in second.stderr

        elsewhere = demo.env() | {"CAT_RUN": f"{run}-other"}
        third = subprocess.run(
            demo.command(), cwd=PROJECT, env=elsewhere, capture_output=True, text=True, check=False
        )
        assert third.returncode == 1
        assert f"Port {demo.port} on 127.0.0.1 is taken" in third.stderr

        before = _count(run)
        demo.child.kill()
        demo.child.wait()
        assert children.wait_until(lambda: not demo.parts(), 10), "processes outlived the launcher"
        demo.start()
        assert _count(run) == before

        demo.child.send_signal(signal.SIGINT)
        assert demo.child.wait(30) == 0, demo.log.read_text()
        assert not demo.parts()
        for path in run.iterdir():
            assert path.stat().st_mode & 0o077 == 0 or path.suffix in {".log", ".lock"}, path
    finally:
        if demo.child is not None and demo.child.poll() is None:
            demo.child.kill()
            demo.child.wait()
        for folder in (run, Path(f"{run}-other")):
            shutil.rmtree(folder, ignore_errors=True)
        demo.log.unlink(missing_ok=True)


def _free_port() -> int:
    from deploy.launcher.stack import free_port

    return free_port()


def _count(run: Path) -> int:
    """Rows of the demo's people, read over its own socket."""
    sockets = Path(json.loads((run / "servers.json").read_text())["sockets"])
    passwords = json.loads((run / "passwords.json").read_text())
    server = Postgres(run, passwords, sockets)
    with server.connect("owner", "cat") as connection:
        return connection.execute("SELECT count(*) FROM core_user").fetchone()[0]
