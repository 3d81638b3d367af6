"""Codes of the rules said in words to applicants."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from registration.models import DocumentKind
from registration.rules.eligibility import Notice


def notice_lines(notices: Iterable[Notice]) -> list[tuple[str, str]]:
    """``(sentence, source)`` of each warning."""
    texts = {
        "cumlaude": _("Formasi ini untuk lulusan dengan pujian dari program studi terakreditasi unggul."),
        "diaspora": _("Formasi ini untuk Warga Negara Indonesia yang menetap dan bekerja di luar negeri."),
        "disability": _("Formasi ini untuk penyandang disabilitas; surat keterangan dokter wajib diunggah."),
        "oap": _("Formasi ini untuk Orang Asli Papua; Anda harus dapat membuktikannya."),
        "papua": _("Formasi ini untuk putra/putri Papua; Anda harus dapat membuktikannya."),
        "non_oap": _("Formasi ini di Papua untuk pelamar bukan Orang Asli Papua."),
        "kalimantan": _(
            "Formasi ini untuk pemilik KTP Kalimantan saat akun dibuat; penempatan di Ibu Kota Nusantara."
        ),
        "remote": _("Formasi ini untuk putra/putri daerah tertinggal; Anda harus dapat membuktikannya."),
        "nik_not_kalimantan": _(
            "NIK Anda tidak diawali kode provinsi di Kalimantan; verifikator akan memeriksa KTP Anda."
        ),
        "nik_not_papua": _("NIK Anda tidak diawali kode provinsi di Papua; verifikator akan memeriksa bukti Anda."),
        "disability_not_foreseen": _("Formasi ini tidak menyebut penyandang disabilitas; bacalah syarat jabatannya."),
        "too_young": _("Usia Anda di bawah 18 tahun pada hari ini."),
        "too_old": _("Usia Anda di atas 35 tahun; hanya jabatan tertentu menerima sampai 40 tahun."),
    }
    return [(texts[notice.code], notice.source) for notice in notices]


def missing_lines(codes: Iterable[str], kinds: Iterable[DocumentKind]) -> list[tuple[str, str]]:
    """``(what is missing, where to give it)`` for each code of what an application lacks."""
    names = {kind.code: str(kind) for kind in kinds}
    parts = {
        "formation": (_("Formasi dan ijazah"), "formations"),
        "institution": (_("Perguruan tinggi atau sekolah"), "details"),
        "gpa": (_("IPK atau rata-rata nilai ijazah"), "details"),
        "disability": (_("Jenis disabilitas"), "details"),
        "centre": (_("Titik lokasi ujian"), "centre"),
    }
    found = []
    for code in codes:
        if code.startswith("document:"):
            label, page = names[code.partition(":")[2]], "documents"
        else:
            label, page = parts[code]
        found.append((label, reverse(f"registration:{page}")))
    return found
