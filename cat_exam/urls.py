"""URLs of this room; each view is behind a named gate."""

from django.urls import URLPattern, path

from cat_exam.views.practice import practice
from cat_exam.views.tickets import bundle, ticket

app_name = "cat_exam"

urlpatterns: list[URLPattern] = [
    path("latihan/", practice, name="practice"),
    path("tiket/", ticket, name="ticket"),
    path("naskah/<uuid:paper>/", bundle, name="bundle"),
]
