"""WebSocket routes of this room."""

from django.urls import path

from cat_exam import protocol
from cat_exam.consumers.candidate import CandidateConsumer

# Django's types know no ASGI applications in a route.
websocket_urlpatterns = [path(protocol.SOCKET_PATH.lstrip("/"), CandidateConsumer.as_asgi())]  # type: ignore[arg-type]
