"""A private nginx on loopback in front of the web processes, from the same file that production uses."""

import os
import resource
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.launcher import children, places, production, tools
from deploy.launcher.daemons import Daemon

_SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def need() -> Path:
    """nginx; installed from Debian when we may, otherwise asked for."""
    tools.need("nginx")
    found = tools.find("nginx")
    assert found is not None
    return found


class Nginx(Daemon):
    """One nginx on ``port`` in front of ``webs`` (all serve everything) and ``board``; its files in ``folder``."""

    NAME = "nginx"

    def __init__(
        self, folder: Path, port: int, webs: Sequence[int], *, board: int, static: Path | None, bundles: Path
    ) -> None:
        self.folder, self.port = places.private_folder(folder), port
        self.log = folder / "nginx.log"
        listen = f"    listen 127.0.0.1:{port} backlog=4096;"
        (folder / "cat-exam.conf").write_text(
            production.site_conf(
                portal=webs, hall=webs, desk=webs, board=(board,), listen=listen, redirect="",
                static_parent=str(static.parent if static else folder), bundles=str(bundles),
                access_log=str(folder / "access.log"),
            )
        )  # fmt: skip
        scratch = "\n".join(f"    {name}_temp_path {folder / 'scratch' / name};" for name in _SCRATCH)
        places.private_folder(folder / "scratch")
        (folder / "nginx.conf").write_text(
            production.main_conf(
                site=str(folder / "cat-exam.conf"), user="user root;" if os.geteuid() == 0 else "", workers="1",
                pid=str(folder / "nginx.pid"), error_log=str(folder / "error.log"), mime=str(_mime(folder)),
                scratch=scratch, files=str(resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
            )
        )  # fmt: skip

    def check(self) -> str:
        """What nginx finds wrong with its files; ``""`` when nothing."""
        done = subprocess.run(self._command("-t", "-q"), capture_output=True, text=True, check=False)
        return done.stderr.strip() if done.returncode else ""

    def start(self) -> None:
        """Start and wait until it listens."""
        self.kill()  # where the master died, its workers still keep the port
        self.child = children.spawn(
            self._command("-g", "daemon off;"), log=self.log, when_orphaned=signal.SIGTERM, cwd=self.folder
        )
        self._wait_for_it(10)

    def _answers(self) -> bool:
        return children.http_status(self.port, "/metrics") is not None

    def _command(self, *words: str) -> list[str]:
        return [str(need()), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *words]

    def stop(self) -> None:
        """End it; the workers of a master that somebody killed are not left behind."""
        left = self.child
        super().stop()
        self._end_workers(left)

    def kill(self) -> None:
        """kill -9 the master and its workers: alone, they would keep the port."""
        left = self.child
        super().kill()
        self._end_workers(left)

    @staticmethod
    def _end_workers(master: "subprocess.Popen[bytes] | None") -> None:
        if master is not None:
            for pid in children.session_of(master.pid, "nginx"):
                children.kill_pid(pid)
            children.wait_until(lambda: not children.session_of(master.pid, "nginx"), 5)


def _mime(folder: Path) -> Path:
    """nginx's table of types, or the few that we serve where it has none."""
    for path in (Path("/etc/nginx/mime.types"), Path("/usr/local/etc/nginx/mime.types")):
        if path.exists():
            return path
    own = folder / "mime.types"
    own.write_text(
        "types {\n text/css css;\n application/javascript js mjs;\n image/svg+xml svg;\n font/woff2 woff2;\n"
        " application/json json;\n image/png png;\n}\n"
    )
    return own
