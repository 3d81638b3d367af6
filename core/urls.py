"""URLs of this room; each view is behind a named gate."""

from django.urls import path, re_path

from core.views import gaya, pages, places, sign_in, staff, trail

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
    path("petugas/", staff.staff_list, name="staff"),
    path("petugas/baru/", staff.staff_new, name="staff_new"),
    path("petugas/<uuid:pk>/", staff.staff_detail, name="staff_detail"),
    re_path(
        r"^petugas/(?P<pk>[0-9a-f-]{36})/(?P<act>nonaktifkan|aktifkan|lepas-kode)/$",
        staff.staff_act,
        name="staff_act",
    ),
    path("petugas/<uuid:pk>/kata-sandi/", staff.staff_password, name="staff_password"),
    path("peran/", staff.grants, name="grants"),
    path("peran/baru/", staff.grant_new, name="grant_new"),
    re_path(
        r"^peran/(?P<pk>[0-9a-f-]{36})/(?P<decision>setujui|tolak|cabut)/$", staff.grant_decide, name="grant_decide"
    ),
    path("instansi/", places.agencies, name="agencies"),
    path("instansi/baru/", places.agency_edit, name="agency_new"),
    path("instansi/<int:pk>/", places.agency_edit, name="agency_edit"),
    path("lokasi/", places.centres, name="centres"),
    path("lokasi/baru/", places.centre_edit, name="centre_new"),
    path("lokasi/<int:pk>/", places.centre_edit, name="centre_edit"),
    path("lokasi/<int:pk>/ruang/", places.rooms, name="rooms"),
    path("lokasi/<int:centre_pk>/ruang/baru/", places.room_edit, name="room_new"),
    path("lokasi/<int:centre_pk>/ruang/<int:pk>/", places.room_edit, name="room_edit"),
    path("ruang-ujian/<int:pk>/komputer/", places.stations, name="stations"),
    path("ruang-ujian/<int:pk>/komputer/ini/", places.station_here, name="station_here"),
    path("komputer/", places.station, name="station"),
    path("komputer/<uuid:pk>/pensiun/", places.station_retire, name="station_retire"),
    path("jejak/", trail.trail, name="trail"),
    path("jejak/unduh.csv", trail.trail_export, name="trail_export"),
]
