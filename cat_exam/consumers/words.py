"""The sentences of a refusal, in the candidate's language (the interface is Indonesian first)."""

from django.utils.translation import gettext_lazy as _

from cat_exam.protocol import Code

WORDS = {
    Code.FRAME_INVALID: _("Pesan dari peramban ini tidak dikenali. Muat ulang halaman; jawaban yang tersimpan aman."),
    Code.FRAME_TOO_BIG: _("Pesan dari peramban ini terlalu besar. Muat ulang halaman; jawaban yang tersimpan aman."),
    Code.VERSION_UNKNOWN: _("Halaman ini sudah kedaluwarsa. Muat ulang halaman."),
    Code.HELLO_LATE: _("Peramban terlalu lama menjawab. Halaman akan menyambung kembali."),
    Code.HELLO_MISSING: _("Sambungan ini belum memperkenalkan diri. Muat ulang halaman."),
    Code.TICKET_INVALID: _("Tiket masuk sudah dipakai atau kedaluwarsa. Halaman akan meminta tiket baru."),
    Code.ORIGIN_FOREIGN: _("Sambungan dari halaman lain ditolak."),
    Code.READ_ONLY: _("Ujian ini dibuka di tempat lain. Halaman ini hanya dapat dibaca."),
    Code.OATH_MISSING: _("Setujui janji menjaga kerahasiaan soal terlebih dahulu."),
    Code.NOT_RUNNING: _("Ujian belum dimulai."),
    Code.PAUSED: _("Ujian sedang dijeda. Jawaban ini dikirim lagi setelah ujian dilanjutkan."),
    Code.TIME_OVER: _("Waktu ujian sudah habis. Jawaban ini tercatat sebagai terlambat dan tidak dihitung."),
    Code.FINISHED: _("Ujian Anda sudah selesai. Jawaban tidak dapat diubah lagi."),
    Code.ITEM_UNKNOWN: _("Soal atau pilihan ini tidak ada dalam naskah Anda."),
    Code.NUMBER_CONFLICT: _("Nomor ini sudah tersimpan dengan isi lain. Jawaban yang tersimpan tetap berlaku."),
    Code.NUMBER_SKIPPED: _("Nomor ini terlewat dan tidak tersimpan. Pilih kembali jawaban Anda."),
    Code.OVERTAKEN: _("Ujian ini sudah dilanjutkan di tempat lain. Perubahan yang tertunda di sini tidak dihitung."),
    Code.BUSY: _("Penyimpanan sedang sibuk. Jawaban ini dikirim lagi sebentar lagi; tetap kerjakan."),
    Code.REMOVED: _("Ujian ini ditutup oleh panitia. Hubungi pengawas ruang."),
    Code.TRY_AGAIN: _("Layanan ujian sedang terganggu. Halaman akan menyambung kembali; tetap kerjakan."),
}


def say(code: Code) -> str:
    """The sentence of ``code``."""
    return str(WORDS[code])
