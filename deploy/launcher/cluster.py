"""`make cluster`: production's shape on loopback, for tests and measurements; nginx, two web processes, workers."""

import json
import secrets
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from deploy.launcher import children, places, watch
from deploy.launcher.demo import only_one
from deploy.launcher.nginx import Nginx, need
from deploy.launcher.programs import Program, Site, helpers, production_web, showing
from deploy.launcher.stack import Stack, port_is_taken
from deploy.launcher.words import Stop, say, tell

#: Ports beside nginx's own.
WEB, BOARD = (1, 2), 3


class Cluster:
    """nginx and the processes of one installation whose database and Valkey run already.

    ``site.origin`` is nginx's address. Names are ``nginx``, ``web-1``, ``web-2`` …, ``score``, ``sweep``, ``jobs``,
    ``board``, ``tally``. ``sockets`` is a short folder for the board's feed.
    """

    def __init__(
        self, site: Site, folder: Path, *, ports: Mapping[str, int], sockets: Path | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.site, self.folder, self.ports = site, places.private_folder(folder), dict(ports)
        self.token = secrets.token_urlsafe(32)
        self.bundles = places.private_folder(folder / "bundles")
        self.more = {"CAT_METRICS_TOKEN": self.token, "CAT_BUNDLE_ROOT": str(self.bundles), **(more or {})}
        self.webs = tuple(name for name in ports if name.startswith("web-"))
        made = [production_web(ports[name], name=name) for name in self.webs]
        shown = showing(ports["board"], (sockets or folder) / "feed")
        self.programs = {program.name: program for program in (*made, *helpers(), *shown)}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.nginx = Nginx(
            folder / "nginx", ports["nginx"], [ports[name] for name in self.webs], board=ports["board"],
            static=site.static, bundles=self.bundles,
        )  # fmt: skip

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that can be started, stopped and killed here, in the order it starts."""
        return (*self.programs, "nginx")

    def spawn(self, name: str) -> None:
        """Start one of :attr:`names`, without waiting until it serves."""
        if name == "nginx":
            self.nginx.start()
            return
        program = self.programs[name]
        self.running[name] = children.spawn(
            program.argv, log=self.log(name), env=self.site.env_of(program) | self._more(program), cwd=places.ROOT
        )

    def _more(self, program: Program) -> dict[str, str]:
        """What only processes of the house may know; the board is told nothing but its feed."""
        return self.more if program.role else {n: v for n, v in self.more.items() if not n.startswith("CAT_")}

    def start(self, *names: str, seconds: float = 60) -> None:
        """Start ``names`` (all when none is given) and wait until the web processes among them are ready."""
        wanted = names or self.names
        for name in wanted:
            self.spawn(name)
        for name in set(wanted) & set(self.webs):
            if not children.wait_until(lambda name=name: self.ready(name), seconds, 0.05):  # type: ignore[misc]
                raise Stop(f"{name} does not become ready; its last lines:\n{children.tail(self.log(name))}")

    def ready(self, name: str) -> bool:
        """True when a web process answers that it may take traffic; :class:`Stop` when it ended."""
        if self.running[name].poll() is not None:
            raise Stop(f"{name} ended at once; its last lines:\n{children.tail(self.log(name))}")
        return children.http_status(self.ports[name], "/readyz") == 200

    def alive(self, name: str) -> bool:
        """True while the process runs."""
        if name == "nginx":
            return self.nginx.alive()
        return name in self.running and self.running[name].poll() is None

    def pid(self, name: str) -> int:
        """Of a running process; nginx's master."""
        child = self.nginx.child if name == "nginx" else self.running[name]
        if child is None:
            raise Stop(f"{name} does not run")
        return child.pid

    def stop(self, *names: str) -> None:
        """End ``names`` (all when none is given) politely: nobody new comes in, then the web processes end."""
        for name in names or ("nginx", *self.running):
            if name == "nginx":
                self.nginx.stop()
            elif name in self.running:
                children.end(self.running.pop(name), patience=12)

    def kill(self, name: str) -> None:
        """kill -9, and reap."""
        if name == "nginx":
            self.nginx.kill()
        elif name in self.running:
            child = self.running.pop(name)
            child.kill()
            child.wait()

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self.folder / f"{name}.log"

    def watched(self) -> list[watch.Watched]:
        """Everything here, to be kept alive."""
        return [
            watch.Watched(
                name, self.programs[name].does if name in self.programs else "the door",
                partial(self.spawn, name), partial(self.alive, name), str(self.log(name)),
            )
            for name in self.names
        ]  # fmt: skip


def run(port: int) -> int:
    """Exit code 0 after Ctrl-C; :class:`Stop` when it cannot start."""
    need()
    began = time.monotonic()
    ports = {"nginx": port, **{f"web-{at}": port + at for at in WEB}, "board": port + BOARD}
    private = places.private_folder(places.open_run() / "cluster")
    with only_one(private, 0):
        for name, one in ports.items():
            if port_is_taken(one):
                free = f"make cluster PORT={port + 10}"
                raise Stop(f"Port {one} (for {name}) on 127.0.0.1 is taken. Choose others: {free}")
        stack = Stack(_home(), private, port)
        stack.site = replace(stack.site, board="")  # nginx shows the board under our own address
        cluster = Cluster(stack.site, private / "cluster", ports=ports, sockets=stack.sockets)

        def begin() -> list[watch.Watched]:
            tell("Starting PostgreSQL and Valkey …")
            stack.start_servers()
            stack.prepare()
            tell("Starting nginx, two web processes, score, sweep, jobs and the board …")
            cluster.start()
            _greet(stack, cluster, time.monotonic() - began)
            return stack.watched() + cluster.watched()

        def end() -> None:
            cluster.stop()
            stack.stop_servers()

        return watch.until_told(begin, end)


def _home() -> Path:
    """The servers' data, beside the demo's and not the same."""
    home = places.data_home() / "cluster-data"
    home.mkdir(exist_ok=True)
    home.chmod(0o711 if places.server_account() else 0o700)
    return home


def _greet(stack: Stack, cluster: Cluster, seconds: float) -> None:
    facts = {"url": stack.site.origin, "ports": cluster.ports, "metrics_token": cluster.token,
             "pids": {name: cluster.pid(name) for name in cluster.names}, "logs": str(cluster.folder)}  # fmt: skip
    (cluster.folder / "cluster.json").write_text(json.dumps(facts, indent=1))
    (cluster.folder / "cluster.json").chmod(0o600)
    say()
    say(f"The cluster runs at {stack.site.origin}   (nginx; ready after {seconds:.1f} s; Ctrl-C stops everything)")
    for name in cluster.webs:
        say(f"  {name:<8} http://127.0.0.1:{cluster.ports[name]}   /readyz, /metrics")
    say(f"  PostgreSQL and Valkey on sockets in {stack.sockets}")
    say(f"  addresses, process ids and the metrics' token: {cluster.folder / 'cluster.json'}")
    say()
