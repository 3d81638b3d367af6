"""URLs of this room; each view is behind a named gate."""

from django.urls import URLPattern

app_name = "cat_exam"

urlpatterns: list[URLPattern] = []
