"""The minutes (berita acara) as PDF, from the sealed document alone."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cat_exam.models import Exam, Minutes
from core import clock
from core.letter import Column, Letter
from proctoring.documents.decisions import credit_scope, write_decisions
from proctoring.models import Incident
from proctoring.words import room_title


@translation.override("id")
def write_minutes_pdf(exam: Exam, minutes: Minutes, *, made_at: datetime) -> bytes:
    """Counts, times, incidents, pauses, hash of the journal and both signatures; papers of record are Indonesian."""
    sitting = exam.sitting
    zone = sitting.room.centre.zone
    document: dict[str, Any] = minutes.document
    letter = Letter(
        title=_("Berita acara pelaksanaan ujian"),
        number=exam.reference,
        subtitle=f"{sitting.stage.selection.name} · {room_title(sitting.stage.name, sitting.number)}",
        made_at=made_at,
        zone=zone,
    )
    letter.paragraph(_opening(exam, zone))
    letter.heading(_("Jumlah peserta"))
    letter.facts(count_facts(document["counts"]))
    letter.heading(_("Waktu"))
    letter.facts(time_facts(document, zone))
    _pauses(letter, document, zone)
    _credits(letter, document, zone)
    _incidents(letter, document, zone)
    write_decisions(letter, document, zone)
    letter.heading(_("Jurnal jawaban"))
    letter.facts(journal_facts(minutes))
    letter.signatures(signers(minutes, zone))
    return letter.build()


def _opening(exam: Exam, zone: str) -> str:
    sitting = exam.sitting
    words = {
        "day": clock.write_date(exam.started_at or sitting.starts_at, zone, weekday=True),
        "place": f"{sitting.room.centre.name}, {sitting.room.name}, {sitting.room.centre.city}",
        "stage": room_title(sitting.stage.name, sitting.number),
    }
    return _("Pada %(day)s di %(place)s telah dilaksanakan ujian %(stage)s dengan catatan berikut.") % words


def count_facts(counts: dict[str, int]) -> list[tuple[str, str]]:
    """The figures in words; they add up to the seats."""
    names = {
        "present": _("Hadir"),
        "absent": _("Tidak hadir (TH)"),
        "disqualified": _("Didiskualifikasi"),
        "voided": _("Diulang"),
    }
    known = [(label, counts.get(code, 0)) for code, label in names.items()]
    rows = [(label, str(count)) for label, count in known]
    return [*rows, (_("Jumlah kursi"), str(sum(count for _label, count in known)))]


def _moment(text: str | None, zone: str) -> str:
    return clock.write_moment(datetime.fromisoformat(text), zone) if text else "–"


def time_facts(document: dict[str, Any], zone: str) -> list[tuple[str, str]]:
    """When registration opened, the exam started and closed."""
    return [
        (_("Registrasi dibuka"), _moment(document["times"]["opened_at"], zone)),
        (_("Ujian dimulai"), _moment(document["times"]["started_at"], zone)),
        (_("Ujian ditutup"), _moment(document["times"]["closed_at"], zone)),
    ]


def journal_facts(minutes: Minutes) -> list[tuple[str, str]]:
    """What binds these minutes to the stored answers."""
    document = minutes.document
    return [
        (_("SHA-256 jurnal sesi"), document["journal_sha256"]),
        (_("SHA-256 daftar hadir"), document["roll_sha256"]),
        (_("Segel Ed25519"), minutes.seal_kid),
        (_("SHA-256 berita acara"), bytes(minutes.digest).hex()),
    ]


def _pauses(letter: Letter, document: dict[str, Any], zone: str) -> None:
    pauses = document["pauses"]
    if not pauses:
        return
    letter.heading(_("Jeda"))
    columns = [Column(_("Mulai"), 22, "start"), Column(_("Sampai"), 22, "start"), Column(_("Alasan"), 56, "start")]
    letter.table(
        columns, ([_moment(row["began_at"], zone), _moment(row["ended_at"], zone), row["reason"]] for row in pauses)
    )


def _credits(letter: Letter, document: dict[str, Any], zone: str) -> None:
    credits = document["credits"]
    if not credits:
        return
    letter.heading(_("Tambahan waktu yang disetujui"))
    columns = [
        Column(_("Disetujui"), 26, "start"), Column(_("Untuk"), 18, "start"), Column(_("Detik"), 10, "end"),
        Column(_("Alasan"), 46, "start"),
    ]  # fmt: skip
    letter.table(
        columns,
        (
            [_moment(row["approved_at"], zone), credit_scope(row), str(row["seconds"]), row["reason"]]
            for row in credits
        ),
    )


def _incidents(letter: Letter, document: dict[str, Any], zone: str) -> None:
    incidents = document["incidents"]
    letter.heading(_("Kejadian"))
    if not incidents:
        letter.paragraph(_("Tidak ada kejadian yang dicatat."))
        return
    columns = [
        Column(_("Waktu"), 15, "start"), Column(_("Jenis"), 12, "start"), Column(_("Kursi"), 9, "start"),
        Column(_("Apa yang terjadi"), 46, "start"), Column(_("Dicatat oleh"), 18, "start"),
    ]  # fmt: skip
    letter.table(columns, (_incident_cells(row, zone) for row in incidents))


def _incident_cells(row: dict[str, Any], zone: str) -> list[str]:
    at = clock.write_time(datetime.fromisoformat(row["at"]), zone)
    return [at, str(Incident.Kind(row["kind"]).label), row["seat"] or _("ruang"), row["text"], row["by"]]


def signers(minutes: Minutes, zone: str) -> list[tuple[str, str, str]]:
    """(role, name, when) of both signatures; the second is open until a coordinator countersigns."""
    second = minutes.countersigned_by
    when = clock.write_moment(minutes.countersigned_at, zone) if minutes.countersigned_at else ""
    return [
        (_("Pengawas ruang"), minutes.signed_by.full_name, clock.write_moment(minutes.sealed_at, zone)),
        (_("Koordinator titik lokasi"), second.full_name if second else "", when),
    ]
