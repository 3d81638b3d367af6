"""What the private servers share: one child process that is started, waited for, asked to end, or killed."""

import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.launcher import children
from deploy.launcher.words import Stop


class Daemon(ABC):
    """A server of ours; ``start`` of each kind spawns :attr:`child` and then waits by :meth:`_wait_for_it`."""

    NAME: str
    SAID_BY = signal.SIGTERM  # how it is asked to end
    PATIENCE = 5.0  # seconds until that is insisted on
    log: Path
    child: "subprocess.Popen[bytes] | None" = None

    @abstractmethod
    def _answers(self) -> bool:
        """True when it serves."""

    def _wait_for_it(self, seconds: float) -> None:
        """Back when it answers; :class:`Stop` with its last lines when it ended or does not."""

        def there() -> bool:
            if not self.alive():
                raise Stop(f"{self.NAME} ended at once; its last lines:\n{children.tail(self.log)}")
            return self._answers()

        if not children.wait_until(there, seconds):
            self.kill()
            raise Stop(f"{self.NAME} did not start; its last lines:\n{children.tail(self.log)}")

    def stop(self) -> None:
        """Ask it to end."""
        if self.child is not None:
            children.end(self.child, by=self.SAID_BY, patience=self.PATIENCE)
            self.child = None

    def kill(self) -> None:
        """kill -9, as a power cut would; for tests and for a server that does not answer."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None

    def alive(self) -> bool:
        """True while its main process runs."""
        return self.child is not None and self.child.poll() is None
