"""URLs of this room; each view is behind a named gate."""

from django.urls import path

from results.views import applicant, desk, public

app_name = "results"

urlpatterns = [
    path("", public.index, name="index"),
    path("cek/", public.find, name="find"),
    path("verifikasi/", public.verify, name="verify"),
    path("p/<slug:reference>/", public.announcement, name="announcement"),
    path("p/<slug:reference>/berkas/", public.download, name="download"),
    path("saya/", applicant.mine, name="mine"),
    path("saya/<int:line_id>/sanggah/", applicant.object_to, name="object"),
    path("panitia/", desk.stages, name="desk"),
    path("panitia/tahap/<int:stage_id>/hitung/", desk.compute, name="compute"),
    path("panitia/sanggahan/", desk.objections, name="objections"),
    path("panitia/sanggahan/<uuid:objection_id>/", desk.objection, name="objection"),
    path("panitia/<slug:reference>/", desk.run, name="run"),
    path("panitia/<slug:reference>/csv/", desk.run_csv, name="run_csv"),
    path("panitia/<slug:reference>/beda/", desk.compare, name="compare"),
    path("panitia/<slug:reference>/periksa/", desk.check, name="check"),
    path("panitia/<slug:reference>/setujui/", desk.approve, name="approve"),
    path("panitia/<slug:reference>/tolak/", desk.reject, name="reject"),
    path("panitia/<slug:reference>/umumkan/", desk.publish, name="publish"),
    path("panitia/<slug:reference>/peserta/<str:number>/", desk.line, name="line"),
]
