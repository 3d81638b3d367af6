"""A private Valkey server for notices and short-lived counters; nothing it holds is of record."""

from pathlib import Path

import redis

from deploy.launcher import children, places
from deploy.launcher.daemons import Daemon


class Valkey(Daemon):
    """One server on the socket ``sockets/<name>.sock``; it keeps nothing on disk."""

    NAME = "Valkey"

    def __init__(self, home: Path, sockets: Path, *, name: str = "valkey") -> None:
        self.socket = sockets / f"{name}.sock"
        self.log = home / f"{name}.log"

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
        self._wait_for_it(15)

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url)
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()
