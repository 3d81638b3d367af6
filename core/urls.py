"""URLs of this room; each view is behind a named gate."""

from django.urls import path

from core.views import gaya, pages, sign_in

app_name = "core"

urlpatterns = [
    path("", pages.home, name="home"),
    path("meja/", pages.desk, name="desk"),
    path("gaya", gaya.gaya, name="gaya"),
    path("bahasa-saya/", pages.language, name="language"),
    path("kunci/", pages.keys, name="keys"),
    path("kunci/kunci-publik.json", pages.keys_file, name="keys_file"),
    path("kunci/cat-exam-ca.pem", pages.certificate, name="certificate"),
    path("masuk/", sign_in.sign_in, name="sign_in"),
    path("masuk/petugas/", sign_in.staff_sign_in, name="staff_sign_in"),
    path("masuk/kode/", sign_in.second_factor, name="second_factor"),
    path("masuk/kode-cadangan/", sign_in.recovery_codes, name="recovery_codes"),
    path("keluar/", sign_in.sign_out, name="sign_out"),
    path("pulihkan/", sign_in.recover, name="recover"),
    path("pulihkan/terkirim/", sign_in.recover_sent, name="recover_sent"),
    path("pulihkan/<str:key>/<str:token>/", sign_in.recover_set, name="recover_set"),
]
