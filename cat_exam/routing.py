"""WebSocket routes of this room; a process that serves the hall also says every second that it is alive."""

from django.conf import settings
from django.urls import path

from cat_exam import protocol, pulse
from cat_exam.consumers.candidate import CandidateConsumer

if "hall" in settings.SERVES:
    pulse.start()

# Django's types know no ASGI applications in a route.
websocket_urlpatterns = [path(protocol.SOCKET_PATH.lstrip("/"), CandidateConsumer.as_asgi())]  # type: ignore[arg-type]
