"""WebSocket routes of this room."""

from django.urls import path

from proctoring.consumers import RoomConsumer

websocket_urlpatterns = [path("ws/ruang/<slug:reference>/", RoomConsumer.as_asgi())]
