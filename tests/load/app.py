"""The bench's own ASGI entry: the hall's socket alone, with the real journal or one that writes nothing.

The choice is made here, by ``BENCH_JOURNAL``; the product has no such setting.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from cat_exam import protocol  # noqa: E402
from cat_exam.consumers.candidate import CandidateConsumer  # noqa: E402
from cat_exam.consumers.hall import Hall  # noqa: E402
from cat_exam.journal import Journal  # noqa: E402


class Nothing(Journal):
    """Acknowledges at once and writes nothing: what is left is the cost of everything else."""

    async def write(self, day, lines, chains, saved=None):
        saved(lines, chains)
        return True


class Ceiling(Hall):
    """A hall whose answers are acknowledged without a write; the handshake is the real one."""

    def __init__(self) -> None:
        super().__init__(journal=Nothing())


hall_class = Ceiling if os.environ["BENCH_JOURNAL"] == "none" else Hall
_halls: list[Hall] = []


async def socket(scope, receive, send):
    if not _halls:
        _halls.append(hall_class())
    await CandidateConsumer(scope, receive, send, _halls[0]).run()


application = ProtocolTypeRouter(
    {"http": pages, "websocket": URLRouter([path(protocol.SOCKET_PATH.lstrip("/"), socket)])}
)
