"""The control's own ASGI entry: the same hall, but its commits return before they are durable.

It exists to show that the count sees a loss. The choice is made here; the product has no such setting.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

pages = get_asgi_application()  # makes the app registry, which the rest reads while it is imported

from cat_exam import protocol, pulse  # noqa: E402
from cat_exam.consumers.candidate import CandidateConsumer  # noqa: E402
from cat_exam.consumers.hall import Hall  # noqa: E402
from cat_exam.journal import Journal  # noqa: E402

pulse.start()


class Loose(Journal):
    """Acknowledges what a power cut would take away again."""

    async def _connected(self):
        fresh = self._connection is None or self._connection.closed
        connection = await super()._connected()
        if fresh:
            await connection.execute("SET synchronous_commit = off")
        return connection


class LooseHall(Hall):
    """A hall with such a journal."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = Loose(on_finished=self._finished, on_late=self._late)


_halls: list[Hall] = []


async def socket(scope, receive, send):
    if not _halls:
        _halls.append(LooseHall())
    await CandidateConsumer(scope, receive, send, _halls[0]).run()


application = ProtocolTypeRouter(
    {"http": pages, "websocket": URLRouter([path(protocol.SOCKET_PATH.lstrip("/"), socket)])}
)
