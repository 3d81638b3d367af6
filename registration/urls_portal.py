"""URLs of the portal side of this room."""

from django.urls import URLPattern, path

from registration.views.portal import application, catalogue, documents, imports, resume, sign_up

urlpatterns: list[URLPattern] = [
    path("daftar/", sign_up.start, name="sign_up_start"),
    path("daftar/<slug:code>/<slug:step>/", sign_up.sign_up, name="sign_up"),
    path("formasi/", catalogue.formations, name="formations"),
    path("formasi/prodi/", catalogue.programmes, name="programmes"),
    path("formasi/<slug:code>/<uuid:key>/", catalogue.formation, name="formation"),
    path("formasi/<slug:code>/<uuid:key>/pilih/", application.choose, name="choose_formation"),
    path("lamaran/", application.application, name="application"),
    path("lamaran/data/", application.details, name="details"),
    path("lamaran/dokumen/", documents.documents, name="documents"),
    path("lamaran/dokumen/<slug:kind>/", documents.upload, name="upload"),
    path("lamaran/berkas/<uuid:key>/", documents.document, name="document"),
    path("lamaran/lokasi/", application.centre, name="centre"),
    path("lamaran/periksa/", application.review, name="review"),
    path("lamaran/mundur/", application.withdraw, name="withdraw"),
    path("lamaran/resume.pdf", resume.resume, name="resume"),
    path("meja/katalog/", imports.import_catalogue, name="import_catalogue"),
]
