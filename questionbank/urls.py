"""URLs of this room; each view is behind a named gate."""

from django.urls import URLPattern, path

from questionbank.views import blueprints, editor, imports, items, papers

app_name = "questionbank"

urlpatterns: list[URLPattern] = [
    path("", items.items, name="items"),
    path("soal/baru/", editor.new, name="new"),
    path("soal/pratinjau/", editor.preview, name="preview_new"),
    path("soal/ekspor/", items.export, name="export"),
    path("soal/<uuid:pk>/", items.item, name="item"),
    path("soal/<uuid:pk>/ubah/", editor.edit, name="edit"),
    path("soal/<uuid:pk>/pratinjau/", editor.preview, name="preview"),
    path("soal/<uuid:pk>/ajukan/", items.submit, name="submit"),
    path("soal/<uuid:pk>/putuskan/", items.judge, name="judge"),
    path("soal/<uuid:pk>/versi-baru/", items.new_version, name="new_version"),
    path("soal/<uuid:pk>/tarik/", items.retire, name="retire"),
    path("impor/", imports.upload, name="import"),
    path("impor/templat.xlsx", imports.template_file, name="template"),
    path("impor/<str:token>/", imports.check, name="import_check"),
    path("kisi-kisi/", blueprints.blueprints, name="blueprints"),
    path("kisi-kisi/baru/", blueprints.edit, name="blueprint_new"),
    path("kisi-kisi/<str:code>/", blueprints.blueprint, name="blueprint"),
    path("kisi-kisi/<str:code>/ubah/", blueprints.edit, name="blueprint_edit"),
    path("naskah/", papers.papers, name="papers"),
    path("naskah/<uuid:pk>/", papers.paper, name="paper"),
    path("naskah/<uuid:pk>/segel/", papers.seal, name="seal"),
    path("naskah/<uuid:pk>/tarik/", papers.withdraw, name="withdraw"),
]
