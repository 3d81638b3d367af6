"""A private Valkey server for notices and short-lived counters; nothing it holds is of record."""

import subprocess
from pathlib import Path

import redis

from deploy.launcher import children, places
from deploy.launcher.words import Stop


class Valkey:
    """One server on the socket ``sockets/<name>.sock``; it keeps nothing on disk."""

    def __init__(self, home: Path, sockets: Path, *, name: str = "valkey") -> None:
        self.socket = sockets / f"{name}.sock"
        self.log = home / f"{name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for redis-py."""
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [
            str(places.binaries().valkey), "--port", "0", "--unixsocket", str(self.socket),
            "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--daemonize", "no",
            "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru",
        ]  # fmt: skip
        self.child = children.spawn(
            command, log=self.log, account=places.server_account(), cwd=self.socket.parent
        )
        if not children.wait_until(self._answers, 15):
            self.kill()
            raise Stop(f"Valkey did not start; its last lines:\n{children.tail(self.log)}")

    def _answers(self) -> bool:
        if self.child is not None and self.child.poll() is not None:
            raise Stop(f"Valkey ended at once; its last lines:\n{children.tail(self.log)}")
        client = redis.Redis.from_url(self.url)
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()

    def stop(self) -> None:
        """Ask it to end."""
        if self.child is not None:
            children.end(self.child, patience=5)
            self.child = None

    def kill(self) -> None:
        """kill -9."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None

    def alive(self) -> bool:
        """True while it runs."""
        return self.child is not None and self.child.poll() is None
