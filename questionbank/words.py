"""Problems of items in words: field, reason and fix."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questionbank.rules.drafts import LETTERS, Problem

FIELDS: dict[str, Promise] = {
    "kode": _("Kode"),
    "bagian": _("Bagian"),
    "topik": _("Topik"),
    "bahasa": _("Bahasa"),
    "pokok_soal": _("Pokok soal"),
    "pembahasan": _("Pembahasan"),
    "sumber": _("Sumber"),
    "musuh": _("Kelompok soal sejenis"),
    "gambar": _("Gambar"),
}
TEXTS: dict[str, Promise] = {
    "empty": _("Belum diisi."),
    "code_form": _("Pakai huruf, angka, titik, garis bawah, atau tanda hubung; paling panjang %(limit)s karakter."),
    "code_taken": _("Kode ini sudah dipakai soal lain. Pilih kode lain."),
    "code_twice": _("Kode ini muncul dua kali: juga pada %(other)s."),
    "code_open": _("Soal ini masih punya versi yang belum selesai ditelaah. Selesaikan dahulu versi itu."),
    "section_unknown": _("Bagian “%(what)s” tidak dikenal. Bagian yang ada: %(known)s."),
    "topic_unknown": _("Topik “%(what)s” tidak ada pada bagian ini. Topik yang ada: %(known)s."),
    "topic_moved": _("Soal ini tercatat pada topik “%(what)s”. Topik soal tidak dapat diganti lewat impor."),
    "language_unknown": _("Kode bahasa “%(what)s” tidak dikenal. Tulis misalnya id atau en."),
    "too_long": _("Terlalu panjang: %(count)s karakter, batasnya %(limit)s."),
    "control_sign": _("Memuat tanda yang tidak terlihat. Ketik ulang bagian ini."),
    "option_count": _("Harus ada tepat lima opsi; yang terbaca %(count)s."),
    "same_option": _("Sama dengan opsi %(other)s. Setiap opsi harus berbeda."),
    "points_unread": _("Poin harus bilangan bulat."),
    "points_keyed": _("Satu kunci bernilai 5 dan empat opsi lain 0; yang tertulis %(points)s."),
    "points_scaled": _("Kelima opsi harus bernilai 1, 2, 3, 4, dan 5, masing-masing sekali; tertulis %(points)s."),
    "figure_alt": _("Gambar %(file)s belum punya teks alternatif. Tulis isi gambar untuk peserta tunanetra."),
    "figure_name": _("Nama gambar “%(file)s” tidak dapat dipakai. Pakai nama seperti tiu-036-soal.svg."),
    "figure_missing": _("Berkas gambar %(file)s tidak disertakan."),
    "svg_large": _("Gambar %(what)s: ukurannya melewati 64 KB. Sederhanakan gambarnya."),
    "svg_broken": _("Gambar tidak dapat dibaca sebagai SVG (%(what)s)."),
    "svg_root": _("Berkas %(what)s bukan gambar SVG."),
    "svg_active": _("Gambar %(what)s memuat bagian yang tidak diizinkan (skrip, tautan, atau unsur asing)."),
    "formula": _("Rumus “%(what)s” tidak dapat dibaca. Periksa tanda kurung kurawal dan nama perintahnya."),
    "nothing_left": _("Tidak ada isi yang dapat ditampilkan setelah kode yang tidak diizinkan dibuang."),
    "same_content": _("Isinya sama dengan soal %(other)s."),
    "qti_interaction": _("Hanya soal pilihan tunggal dengan satu choiceInteraction yang dapat diimpor."),
    "qti_many": _("Soal ini boleh dijawab lebih dari satu (maxChoices %(count)s); hanya pilihan tunggal diterima."),
    "qti_key": _("Tidak ada kunci: correctResponse atau mapping tidak ditemukan."),
    "qti_points": _("Nilai “%(what)s” pada mapping bukan bilangan bulat."),
    "qti_picture": _("Gambar “%(what)s” bukan SVG atau tidak ada dalam paket. Pakai SVG."),
    "qti_topic": _("Bagian dan topik tidak tertulis pada soal. Pilih bagian dan topik untuk seluruh impor."),
}  # fmt: skip


def field_name(field: str) -> str:
    """The field as a person knows it."""
    for start, label in (("opsi_", gettext("Opsi %(letter)s")), ("poin_", gettext("Poin %(letter)s"))):
        if field.startswith(start):
            return label % {"letter": field.removeprefix(start).upper()}
    return str(FIELDS.get(field, field))


def explain(problem: Problem) -> str:
    """The problem in one or two sentences, without its field."""
    return str(TEXTS[problem.code]) % problem.facts if problem.facts else str(TEXTS[problem.code])


def say(problem: Problem) -> str:
    """Place, field and reason on one line."""
    head = f"{problem.place}, " if problem.place else ""
    return f"{head}{field_name(problem.field)}: {explain(problem)}"


def option_fields(kind: str) -> list[str]:
    """Column names ``opsi_a`` … or ``poin_a`` …."""
    return [f"{kind}_{letter.lower()}" for letter in LETTERS]
