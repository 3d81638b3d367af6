"""The one door of a web process: pages over HTTP, the hall and the room over WebSocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator, WebsocketDenier
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
pages = get_asgi_application()

# These read the app registry, which exists only after the line above.
from cat_exam import pulse  # noqa: E402
from cat_exam.routing import websocket_urlpatterns as hall_sockets  # noqa: E402
from deploy.health import check_at_start  # noqa: E402
from proctoring.routing import websocket_urlpatterns as room_sockets  # noqa: E402

check_at_start()
if "hall" in settings.SERVES:
    pulse.start()

# Staff listen with their session's cookie, so a foreign page must not open their socket. A candidate has no
# cookie in the hall (the ticket is the first message), and the hall itself tells a foreign origin why not.
staff = OriginValidator(AuthMiddlewareStack(URLRouter(room_sockets)), settings.PUBLIC_ORIGINS)
nobody = WebsocketDenier.as_asgi()
application = ProtocolTypeRouter(
    {"http": pages, "websocket": URLRouter([*hall_sockets, re_path(r"", staff), re_path(r"", nobody)])}
)
