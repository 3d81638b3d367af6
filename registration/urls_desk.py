"""URLs of the desk side of this room."""

from django.urls import URLPattern, path

from registration.views.desk import cards, files, objections, scheduling, selections, sittings, verification, work

urlpatterns: list[URLPattern] = [
    path("meja/seleksi/", selections.selection_list, name="desk_selections"),
    path("meja/seleksi/baru/", selections.selection_edit, name="desk_selection_new"),
    path("meja/seleksi/<slug:code>/", selections.selection_detail, name="desk_selection"),
    path("meja/seleksi/<slug:code>/ubah/", selections.selection_edit, name="desk_selection_edit"),
    path("meja/seleksi/<slug:code>/fase/<slug:phase>/", selections.phase_edit, name="desk_phase"),
    path("meja/seleksi/<slug:code>/fase/<slug:phase>/buka/", selections.phase_open, name="desk_phase_open"),
    path("meja/seleksi/<slug:code>/tahap/baru/", selections.stage_edit, name="desk_stage_new"),
    path("meja/seleksi/<slug:code>/tahap/<str:stage>/", selections.stage_edit, name="desk_stage"),
    path("meja/seleksi/<slug:code>/sesi/", sittings.sitting_list, name="desk_sittings"),
    path("meja/seleksi/<slug:code>/sesi/baru/", sittings.sitting_new, name="desk_sitting_new"),
    path("meja/seleksi/<slug:code>/jadwal/", scheduling.schedule_page, name="desk_schedule"),
    path("meja/seleksi/<slug:code>/jadwal/<str:stage>/", scheduling.schedule_run, name="desk_schedule_run"),
    path("meja/seleksi/<slug:code>/kartu/<str:stage>/", scheduling.cards_issue, name="desk_cards_issue"),
    path("meja/pekerjaan/<uuid:pk>/", work.work_page, name="desk_work"),
    path("meja/pekerjaan/<uuid:pk>/keadaan/", work.work_state, name="desk_work_state"),
    path("meja/pekerjaan/<uuid:pk>/batal/", work.work_cancel, name="desk_work_cancel"),
    path("meja/aturan/", selections.rulesets, name="desk_rulesets"),
    path("meja/sesi/<slug:reference>/", sittings.sitting_detail, name="desk_sitting"),
    path("meja/sesi/<slug:reference>/kartu.pdf", cards.sitting_cards, name="desk_sitting_cards"),
    path("meja/sesi/<slug:reference>/daftar-hadir.pdf", cards.sitting_attendance, name="desk_sitting_attendance"),
    path("meja/sesi/<slug:reference>/label.pdf", cards.sitting_labels, name="desk_sitting_labels"),
    path("meja/verifikasi/", verification.queue, name="desk_queue"),
    path("meja/verifikasi/<slug:reference>/", verification.application, name="desk_application"),
    path("meja/verifikasi/<slug:reference>/usul/", verification.propose, name="desk_propose"),
    path("meja/verifikasi/<slug:reference>/kukuhkan/", verification.confirm, name="desk_confirm"),
    path("meja/verifikasi/<slug:reference>/kembalikan/", verification.send_back, name="desk_return"),
    path("meja/berkas/<uuid:pk>/", files.document, name="desk_document"),
    path("meja/sanggah/", objections.objection_list, name="desk_objections"),
    path("meja/sanggah/<slug:reference>/", objections.objection, name="desk_objection"),
    path("lamaran/sanggah/", objections.objection_lodge, name="objection"),
    path("lamaran/kartu/", cards.card_page, name="cards"),
    path("lamaran/kartu/<str:stage>.pdf", cards.card_file, name="card_file"),
]
