"""URLs of this room; each view is behind a named gate."""

from django.urls import URLPattern, path

from cat_exam.views import browsers, pages, preparing
from cat_exam.views.practice import practice
from cat_exam.views.tickets import bundle, frames, ticket

app_name = "cat_exam"

urlpatterns: list[URLPattern] = [
    path("", pages.entry, name="entry"),
    path("ruang-tunggu/", pages.lobby, name="lobby"),
    path("nilai/", pages.score, name="score"),
    path("keluar/", pages.leave, name="leave"),
    path("tanda-terima/<str:code>/", pages.receipt, name="receipt"),
    path("siapkan/", preparing.sittings, name="preparing"),
    path("siapkan/<slug:reference>/", preparing.prepare, name="prepare"),
    path("siapkan/<slug:reference>/papan/", preparing.board, name="board"),
    path("siapkan/<slug:reference>/peramban/", browsers.browser, name="browser"),
    path("siapkan/<slug:reference>/peramban/wajib/", browsers.demand, name="browser_demand"),
    path("siapkan/<slug:reference>/peramban/<uuid:key>/cabut/", browsers.retire, name="browser_retire"),
    path("latihan/", practice, name="practice"),
    path("tiket/", ticket, name="ticket"),
    path("kirim/", frames, name="frames"),
    path("naskah/<uuid:paper>/", bundle, name="bundle"),
]
