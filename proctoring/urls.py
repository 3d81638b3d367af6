"""URLs of this room; each view is behind a named gate."""

from django.urls import path

from proctoring.views import alarms, door, life, papers, pictures, records, rooms, two

app_name = "proctoring"

urlpatterns = [
    path("", rooms.rooms, name="rooms"),
    path("<slug:reference>/", rooms.room, name="room"),
    path("<slug:reference>/keadaan/", rooms.snapshot, name="snapshot"),
    path("<slug:reference>/buka/", life.open_door, name="open"),
    path("<slug:reference>/mulai/", life.start, name="start"),
    path("<slug:reference>/jeda/", life.pause, name="pause"),
    path("<slug:reference>/lanjut/", life.resume, name="resume"),
    path("<slug:reference>/tutup/", life.close, name="close"),
    path("<slug:reference>/tugas/", life.duty, name="duty"),
    path("<slug:reference>/registrasi/", door.find, name="find"),
    path("<slug:reference>/registrasi/<slug:attempt>/", door.check_in, name="check_in"),
    path("<slug:reference>/registrasi/<slug:attempt>/pengecualian/", two.ask_override, name="override_ask"),
    path("<slug:reference>/registrasi/<slug:attempt>/gambar/", pictures.take, name="take_picture"),
    path("<slug:reference>/kursi/<slug:attempt>/gambar.jpg", pictures.picture, name="picture"),
    path("<slug:reference>/pengecualian/<uuid:override_id>/", two.decide_override, name="override"),
    path("<slug:reference>/amplop.pdf", door.envelopes, name="envelopes"),
    path("<slug:reference>/kursi/<slug:attempt>/", rooms.seat, name="seat"),
    path("<slug:reference>/kursi/<slug:attempt>/foto/", rooms.photo, name="photo"),
    path("<slug:reference>/kursi/<slug:attempt>/pin/", door.new_pin, name="new_pin"),
    path("<slug:reference>/kursi/<slug:attempt>/pindah/", two.ask_move, name="move_ask"),
    path("<slug:reference>/kursi/<slug:attempt>/usulan/", two.ask_removal, name="removal_ask"),
    path("<slug:reference>/keputusan/", two.proposals, name="proposals"),
    path("<slug:reference>/pindah/<uuid:move_id>/", two.decide_move, name="move"),
    path("<slug:reference>/usulan/<uuid:removal_id>/", two.decide_removal, name="removal"),
    path("<slug:reference>/kejadian/", records.incidents, name="incidents"),
    path("<slug:reference>/peringatan/", alarms.alarms, name="alarms"),
    path("<slug:reference>/peringatan.csv", alarms.alarms_csv, name="alarms_csv"),
    path("<slug:reference>/peringatan/jumlah/", alarms.alarm_count, name="alarm_count"),
    path("<slug:reference>/peringatan/dilihat/", alarms.see, name="alarms_see"),
    path("<slug:reference>/peringatan/<uuid:alarm_id>/", alarms.alarm, name="alarm"),
    path("<slug:reference>/peramban/", alarms.browsers, name="browsers"),
    path("<slug:reference>/pesan/", records.messages_page, name="messages"),
    path("<slug:reference>/waktu/", records.time, name="time"),
    path("<slug:reference>/waktu/<uuid:request_id>/", records.decide_time, name="decide_time"),
    path("<slug:reference>/berkas/", papers.papers, name="papers"),
    path("<slug:reference>/berkas/buat/", papers.make, name="make_paper"),
    path("<slug:reference>/berkas/<uuid:paper_id>/", papers.paper, name="paper"),
    path("<slug:reference>/berita-acara/tanda-tangan/", papers.sign, name="sign"),
    path("<slug:reference>/berita-acara/pengesahan/", papers.countersign, name="countersign"),
    path("<slug:reference>/hasil/", papers.results, name="results"),
    path("<slug:reference>/hasil.csv", papers.results_csv, name="results_csv"),
]
