"""The words of the room: kinds of seats, what needs a person, refusals of rules."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Refusal
from proctoring.rules import incidents
from proctoring.rules.seats import SeatKind

KINDS = {
    SeatKind.AWAITED: gettext_lazy("Belum hadir"),
    SeatKind.CHECKED_IN: gettext_lazy("Hadir"),
    SeatKind.BLOCKED: gettext_lazy("PIN terkunci"),
    SeatKind.CHECKING: gettext_lazy("Memeriksa komputer"),
    SeatKind.PREFLIGHT_FAILED: gettext_lazy("Pemeriksaan gagal"),
    SeatKind.READY: gettext_lazy("Siap"),
    SeatKind.WORKING: gettext_lazy("Mengerjakan"),
    SeatKind.PAUSED: gettext_lazy("Dijeda"),
    SeatKind.DISCONNECTED: gettext_lazy("Terputus"),
    SeatKind.FINISHED: gettext_lazy("Selesai"),
    SeatKind.SCORED: gettext_lazy("Dinilai"),
    SeatKind.ABSENT: gettext_lazy("Tidak hadir"),
    SeatKind.DISQUALIFIED: gettext_lazy("Didiskualifikasi"),
    SeatKind.VOIDED: gettext_lazy("Diulang"),
}
CALLS = {
    "disconnected": gettext_lazy("Terputus lebih dari 30 detik. Periksa kabel; jawaban yang tersimpan aman."),
    "blocked": gettext_lazy("PIN salah lima kali. Cocokkan identitas lagi, lalu terbitkan PIN baru."),
    "preflight": gettext_lazy("Pemeriksaan komputer gagal. Pindahkan ke komputer cadangan atau muat ulang halaman."),
    "wrong_station": gettext_lazy("Kursi salah: komputer yang dipakai bukan milik kursi ini."),
    "time_request": gettext_lazy("Permintaan tambahan waktu menunggu persetujuan."),
    "override": gettext_lazy("Identitas tidak cocok: petugas kedua diminta memutuskan."),
    "removal": gettext_lazy("Usulan diskualifikasi atau ujian ulang menunggu koordinator."),
    "move": gettext_lazy("Pindah komputer: petugas kedua diminta memutuskan."),
    "outage": gettext_lazy("Waktu dihentikan karena gangguan sistem. Lanjutkan bila semua kursi tersambung."),
}
FAULTS = {
    "storage": gettext_lazy("penyimpanan tidak tersedia"),
    "browser": gettext_lazy("peramban terlalu lama"),
    "screen": gettext_lazy("layar kurang dari 1024"),
    "network": gettext_lazy("jaringan lambat"),
    "clock": gettext_lazy("jam komputer meleset"),
}
JOURNAL = {
    "start": gettext_lazy("mulai"),
    "answer": gettext_lazy("jawaban"),
    "clear": gettext_lazy("jawaban dihapus"),
    "flag": pgettext_lazy("jurnal", "ragu-ragu"),
    "unflag": gettext_lazy("ragu-ragu dicabut"),
    "view": gettext_lazy("soal dibuka"),
    "focus_lost": gettext_lazy("keluar dari halaman"),
    "reconnect": gettext_lazy("tersambung lagi"),
    "epoch": gettext_lazy("sambungan"),
    "grant": gettext_lazy("tambahan waktu"),
    "pause": gettext_lazy("jeda"),
    "resume": gettext_lazy("lanjut"),
    "finish": pgettext_lazy("jurnal", "selesai"),
    "late": gettext_lazy("terlambat"),
    "stranded": gettext_lazy("tertinggal"),
}
_REFUSALS = {
    "card_empty": gettext_lazy("Ketik 16 angka nomor kartu, atau pindai kode QR pada kartu."),
    "card_length": gettext_lazy("Nomor kartu 16 angka; yang terbaca %(given)s angka. Periksa lalu ketik lagi."),
    "card_check_digit": gettext_lazy("Nomor kartu ini salah ketik. Periksa tiap kelompok empat angka."),
    "text_short": gettext_lazy("Tulis sedikitnya %(given)s huruf, agar orang lain mengerti apa yang terjadi."),
    "text_long": gettext_lazy("Tulis paling banyak %(given)s huruf."),
    "credit_range": gettext_lazy("Tambahan waktu %(given)s menit untuk satu permintaan."),
}


def in_words(refusal: Refusal) -> Refusal:
    """The same refusal with a sentence for people, where a pure rule gave only a code and a value."""
    words = _REFUSALS.get(refusal.code)
    if words is None:
        return refusal
    given = str(len(refusal.text)) if refusal.code == "card_length" else refusal.text
    return Refusal(refusal.code, str(words) % {"given": given}, field=refusal.field)


def plain_words(text: str, *, field: str = "reason", most: int = 500) -> str:
    """``text`` with single spaces; :class:`core.errors.Refusal` ``text_short`` or ``text_long``, in words."""
    try:
        return incidents.clean_text(text, field=field, most=most)
    except Refusal as refusal:
        raise in_words(refusal) from None


def room_title(stage: str, number: int) -> str:
    """``SKD · Sesi 2``."""
    return _("%(stage)s · Sesi %(number)s") % {"stage": stage, "number": number}
