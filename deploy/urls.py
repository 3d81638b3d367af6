"""Addresses of the whole installation: each room under its own path."""

from django.urls import include, path
from django.views.i18n import set_language

from core.access import gate
from deploy import health, metrics

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    path("bahasa/", gate("public")(set_language), name="set_language"),
    path("", include("core.urls")),
    path("", include("registration.urls")),
    path("bank/", include("questionbank.urls")),
    path("ujian/", include("cat_exam.urls")),
    path("ruang/", include("proctoring.urls")),
    path("hasil/", include("results.urls")),
]
