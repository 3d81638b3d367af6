"""URLs of this room; each view is behind a named gate."""

from django.urls import URLPattern

app_name = "results"

urlpatterns: list[URLPattern] = []
