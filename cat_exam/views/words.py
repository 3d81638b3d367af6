"""What the hall's scripts say: every sentence of the screen in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _


def paper_words() -> dict[str, Any]:
    """Words of the paper itself, shared by the exam and practice; braces are filled in by the browser."""
    return {
        "where": _("Soal {n} dari {of}"),
        "tally": _("{n} dari {of} soal sudah dijawab. Anda masih dapat kembali dan mengubah jawaban."),
        "unstored": _("latihan: tidak disimpan"),
        "worth": _("{n} dari {of}"),
        "cell": {
            "number": _("Soal {n}"),
            "answered": _("dijawab"),
            "empty": _("belum dijawab"),
            "stored": _("tersimpan"),
            "waiting": _("belum tersimpan"),
            "flagged": _("ragu-ragu"),
        },
    }


def hall_words() -> dict[str, Any]:
    """Words of the exam: what is stored, the clock, the connection, the waiting page."""
    return paper_words() | {
        "saved": _("tersimpan {at} {zone}"),
        "saving": _("menyimpan…"),
        "unsaved": _("belum tersimpan, tetap kerjakan ({n} menunggu)"),
        "lost": _("Belum tersimpan. Tetap kerjakan; jawaban Anda aman di komputer ini."),
        "allStored": _("Semua jawaban tersimpan."),
        "minutes": _("Sisa waktu {n} menit."),
        "paused": _("Ujian dijeda. Waktu Anda berhenti."),
        "resumed": _("Ujian dilanjutkan."),
        "close": _("Mengerti"),
        "stopped": _("Ujian tidak dapat dilanjutkan di layar ini"),
        "stoppedText": _("Jawaban yang sudah tersimpan aman. Panggillah pengawas."),
        "elsewhere": _("Dibuka di tempat lain"),
        "elsewhereText": _(
            "Ujian Anda sekarang terbuka di layar lain, dan layar ini berhenti menulis. Jawaban yang tersimpan aman. "
            "Bila bukan Anda yang membukanya, panggillah pengawas."
        ),
        "checks": {
            "socket": {
                "wait": _("Menghubungi server…"),
                "ok": _("Terhubung ke server."),
                "bad": _("Sambungan terputus; dicoba lagi terus-menerus."),
            },
            "bundle": {
                "wait": _("Mengambil naskah…"),
                "ok": _("Naskah diterima dan diperiksa; masih terkunci sampai ujian dimulai."),
                "bad": _("Naskah belum dapat diambil; dicoba lagi. Panggillah pengawas bila ini berlanjut."),
            },
            "oath": {
                "wait": _("Pernyataan menjaga kerahasiaan belum disetujui."),
                "ok": _("Pernyataan menjaga kerahasiaan disetujui."),
            },
        },
    }
