"""The exam card (kartu peserta ujian): A4, the participant's part above, the committee's sheet below."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import clock
from registration.documents.page import BOLD, BRAND, GREY, HEIGHT, WIDTH, Page, in_indonesian, mm
from registration.models import Document, ExamCard
from registration.queries import photos_of
from registration.rules.numbers import grouped

LEFT, RIGHT = 16 * mm, WIDTH - 16 * mm
CUT = 92 * mm
_PART = 100


@in_indonesian
def write_cards(file: IO[bytes], cards: Iterable[ExamCard], *, made_at: datetime) -> int:
    """One page per card into an open file, as the sealed document says; how many pages were written.

    The photo is the applicant's current one and only printed while its SHA-256 is the sealed one.
    """
    page = Page(file, title=_("Kartu peserta ujian"), language="id")
    written = 0
    stream = iter(cards)
    while part := list(islice(stream, _PART)):
        photos = photos_of(card.application_id for card in part)
        for card in part:
            _card(page, card.document, _photo(card, photos.get(card.application_id)), made_at)
            page.next()
            written += 1
    if not written:
        page.text(LEFT, HEIGHT - 40 * mm, _("Belum ada kartu yang terbit untuk sesi ini."), size=11)
        page.next()
    page.save()
    return written


def _photo(card: ExamCard, row: Document | None) -> bytes | None:
    if row is None or row.sha256 != card.document["photo_sha256"]:
        return None
    with default_storage.open(row.path) as stored:
        return bytes(stored.read())


def when(document: dict[str, Any]) -> tuple[str, str]:
    """Day and time of the sitting in the centre's zone, in words."""
    starts = datetime.fromisoformat(document["starts_at"])
    return clock.write_date(starts, document["zone"], weekday=True), clock.write_time(starts, document["zone"])


def _card(page: Page, document: dict[str, Any], photo: bytes | None, made_at: datetime) -> None:
    _head(page, document)
    _person(page, document, photo)
    _place(page, document)
    _rules(page)
    page.rule(CUT, 8 * mm, WIDTH - 8 * mm, dash=True)
    page.text(WIDTH / 2, CUT + 1.5 * mm, _("gunting di sini"), size=6.5, align="center", colour=GREY)
    _committee(page, document)
    foot = _("Kartu %(card)s · dibuat %(moment)s") % {
        "card": grouped(document["card"]), "moment": clock.write_moment(made_at),
    }  # fmt: skip
    page.text(LEFT, 9 * mm, foot, size=6.5, colour=GREY)


def _head(page: Page, document: dict[str, Any]) -> None:
    y = HEIGHT - 17 * mm
    page.text(WIDTH / 2, y, "PANITIA SELEKSI NASIONAL", size=12, font=BOLD, align="center", colour=BRAND)
    page.text(WIDTH / 2, y - 14, document["selection_name"], size=9.5, align="center", room=RIGHT - LEFT)
    page.rule(y - 21, LEFT, RIGHT, width=1.6)
    title = _("Kartu peserta ujian").upper()
    page.text(WIDTH / 2, y - 40, title, size=15, font=BOLD, align="center")
    page.text(WIDTH / 2, y - 54, document["stage_name"], size=10, align="center", room=RIGHT - LEFT)


def _pair(page: Page, x: float, y: float, label: str, value: str, room: float, *, size: float = 10) -> float:
    page.text(x, y, label, size=7.5, colour=GREY, room=room)
    return page.wrapped(x, y - size - 2.5, value, room=room, size=size, font=BOLD, lines=2) - 5


def _person(page: Page, document: dict[str, Any], photo: bytes | None) -> None:
    top = HEIGHT - 42 * mm
    page.photo(LEFT, top - 40 * mm, 30 * mm, 40 * mm, photo, _("Tempel foto 3 × 4"))
    x, qr = LEFT + 36 * mm, 36 * mm
    room = RIGHT - qr - 4 * mm - x
    y = top - 7
    y = _pair(page, x, y, _("Nomor peserta"), grouped(document["number"]), room, size=14)
    y = _pair(page, x, y, _("Nama"), document["name"], room, size=11)
    birth = datetime.combine(date.fromisoformat(document["birth_date"]), datetime.min.time(), UTC)
    y = _pair(page, x, y, _("Tanggal lahir"), clock.write_date(birth, "UTC"), room, size=9)
    y = _pair(page, x, y, _("Instansi"), document["agency"], room, size=9)
    _pair(page, x, y, _("Jabatan"), document["position"], room, size=9)
    page.qr(RIGHT - qr, top - qr, qr, document["card"])
    page.text(RIGHT - qr / 2, top - qr - 3, grouped(document["card"]), size=8, font=BOLD, align="center", room=qr)
    page.text(RIGHT - qr / 2, top - qr - 12, _("Nomor kartu"), size=7, align="center", colour=GREY)


def _place(page: Page, document: dict[str, Any]) -> None:
    top, height = HEIGHT - 106 * mm, 46 * mm
    page.box(LEFT, top - height, RIGHT - LEFT, height, line=1.2)
    half = (RIGHT - LEFT) / 2
    x, room = LEFT + 4 * mm, half - 8 * mm
    day, hour = when(document)
    y = _pair(page, x, top - 17, _("Hari dan tanggal"), day, room, size=12)
    y = _pair(page, x, y, _("Mulai pukul (waktu setempat)"), hour, room, size=16)
    minutes = _("%(n)s menit") % {"n": document["minutes"]}
    _pair(page, x, y, _("Lama ujian"), minutes, room, size=10)
    x += half
    y = _pair(page, x, top - 17, _("Titik lokasi"), document["centre"], room, size=10)
    y = page.wrapped(x, y + 3, document["address"], room=room, size=8, lines=2) - 3
    third = room / 3
    y = min(y, top - 28 * mm)
    for place, (label, value) in enumerate(
        ((_("Ruang"), document["room"]), (_("Sesi"), document["sitting"]), (_("Kursi"), document["seat"]))
    ):
        _pair(page, x + place * third, y, label, str(value), third - 4, size=14)


def _rules(page: Page) -> None:
    y = HEIGHT - 161 * mm
    page.text(LEFT, y, _("Tata tertib singkat"), size=9.5, font=BOLD)
    y -= 13
    for place, rule in enumerate(
        (
            _("Datang 60 sampai 90 menit sebelum mulai. PIN tidak diberikan lagi sejak 5 menit sebelum ujian."),
            _("Bawa kartu ini dan KTP-el asli (atau surat pengganti yang sah). Wajah dicocokkan dengan foto."),
            _("Hanya KTP, kartu ini, dan pensil kayu yang boleh masuk ruang ujian. Kertas buram disediakan."),
            _("Dilarang membawa telepon, jam tangan, kamera, catatan, atau alat hitung, dan menyebarkan isi soal."),
            _("Jawaban tersimpan otomatis; nilai tampil di layar pada akhir ujian."),
        ),
        start=1,
    ):
        page.text(LEFT, y, f"{place}.", size=8)
        y = page.wrapped(LEFT + 12, y, rule, room=RIGHT - LEFT - 12, size=8, lines=2) - 2


def _committee(page: Page, document: dict[str, Any]) -> None:
    top = CUT - 6 * mm
    page.text(LEFT, top - 4, _("Lembar panitia").upper(), size=10, font=BOLD)
    day, hour = when(document)
    page.text(RIGHT, top - 4, f"{day}, {hour}", size=8.5, align="right")
    x, room = LEFT, (RIGHT - LEFT) * 0.55
    y = _pair(page, x, top - 20, _("Nomor peserta"), grouped(document["number"]), room, size=11)
    y = _pair(page, x, y, _("Nama"), document["name"], room, size=10)
    where = f"{document['centre']} · {document['room']}"
    seat = f"{where} · {_('Sesi')} {document['sitting']} · {_('Kursi')} {document['seat']}"
    _pair(page, x, y, _("Tempat"), seat, room, size=8.5)
    right = LEFT + (RIGHT - LEFT) * 0.6
    page.text(right, top - 20, _("PIN (ditulis panitia saat pemeriksaan)"), size=7.5, colour=GREY)
    cell = (RIGHT - right) / 6
    for place in range(6):
        page.box(right + place * cell, top - 20 - 34, cell, 28)
    page.text(right, top - 66, _("Berlaku untuk satu sesi dan satu kursi."), size=7, colour=GREY)
    for place, label in enumerate((_("KTP-el sesuai"), _("Wajah sesuai"), _("Barang dititipkan"))):
        page.box(right, top - 84 - place * 13, 8, 8)
        page.text(right + 13, top - 83 - place * 13, label, size=8)
    _sign(page, LEFT, 22 * mm, 70 * mm, _("Tanda tangan peserta"), document["name"])
    _sign(page, right, 22 * mm, RIGHT - right, _("Tanda tangan panitia"), "")


def _sign(page: Page, x: float, y: float, room: float, label: str, name: str) -> None:
    page.text(x, y + 16 * mm, label, size=8, colour=GREY)
    page.rule(y, x, x + room)
    page.text(x, y - 10, name or _("Nama dan NIP"), size=8, room=room, colour=GREY if not name else (0, 0, 0))
