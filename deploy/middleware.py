"""Middleware of the roof: request lines in the log without what people typed or were sent."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

_LONGEST = 24  # a longer part of an address is a reference or a token, not a word


class QuietRequestMiddleware(RequestMiddleware):
    """Logs method and path only: no query (names, numbers searched for), no tokens of recovery links."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """``GET /hasil/cek/``; long parts of the path become ``…``."""
        parts = ["…" if len(part) > _LONGEST else part for part in request.path.split("/")]
        return f"{request.method} {'/'.join(parts)}"
