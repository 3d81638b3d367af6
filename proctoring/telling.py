"""Alarms in words: what was seen, in numbers a person can check, and what to do; never that somebody cheated."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cat_exam.models import Attempt, Exam
from proctoring.models import Alarm

#: Shape beside the word of each kind (icons of the house), and the tone of each state.
SHAPES = {
    "remote": "clock",
    "twins": "people",
    "focus": "eye",
    "place": "globe",
    "sockets": "seat",
    "browser": "lock",
}
TONES = {"new": "warn", "seen": "info", "followed": "ok", "dismissed": "muted"}

ADVICE = {
    "remote": gettext_lazy(
        "Datangi kursi dengan tenang. Lihat apakah layar bergerak tanpa tangan peserta, dan apakah ada program lain."
        " Peserta yang membaca semua soal dulu lalu menjawab cepat juga bisa memunculkan pola ini."
    ),
    "twins": gettext_lazy(
        "Amati kedua kursi. Jawaban yang sama dalam urutan yang sama jarang terjadi, sebab urutan soal tiap peserta"
        " berbeda; tetap mungkin kebetulan."
    ),
    "focus": gettext_lazy("Lihat apa yang muncul di layar peserta. Jendela sistem juga dapat mengambil alih layar."),
    "place": gettext_lazy(
        "Cocokkan komputer di kursi dengan yang tercatat."
        " Pergantian alamat jaringan oleh teknisi juga memunculkan ini."
    ),
    "sockets": gettext_lazy(
        "Periksa apakah ujian peserta ini terbuka di dua tempat."
        " Setelah pindah kursi yang disetujui, ini tidak muncul."
    ),
    "browser": gettext_lazy(
        "Buka ulang ujian dengan Safe Exam Browser. Bila tidak dapat, catat pengecualian beserta alasannya."
    ),
}


def seconds(ms: int) -> int:
    """Milliseconds as whole seconds, half up."""
    return (ms + 500) // 1000


def tell(alarm: Alarm) -> str:
    """What was seen, in one sentence."""
    facts = alarm.facts
    return {
        "remote": _remote, "twins": _twins, "focus": _focus, "place": _place, "sockets": _sockets,
        "browser": _browser,
    }[alarm.kind](facts)  # fmt: skip


def _remote(facts: dict[str, int]) -> str:
    words = _("%(items)d soal ditampilkan sekitar %(read)d detik, lalu dijawab sekitar %(solve)d detik per soal.")
    return words % {
        "items": facts["items"], "read": seconds(facts["read_ms"]), "solve": seconds(facts["solve_ms"])
    }  # fmt: skip


def _twins(facts: dict[str, int]) -> str:
    words = _(
        "%(items)d jawaban sama dan berdekatan waktunya, selisih sekitar %(lag)d detik;"
        " %(rare)d di antaranya pilihan yang jarang diambil."
    )
    return words % {"items": facts["items"], "lag": abs(facts["lag_s"]), "rare": facts["rare"]}


def _focus(facts: dict[str, int]) -> str:
    words = _("%(times)d kali keluar dari halaman ujian, seluruhnya %(away)d detik.")
    return words % {"times": facts["times"], "away": facts["away_ms"] // 1000}


def _place(facts: dict[str, int]) -> str:
    words = _("%(addresses)d alamat jaringan dan %(agents)d peramban dipakai tanpa pindah kursi yang disetujui.")
    return words % {"addresses": facts["addresses"], "agents": facts["agents"]}


def _sockets(facts: dict[str, int]) -> str:
    words = ngettext(
        "Peramban berganti %(changes)d kali tanpa persetujuan ruang.",
        "Peramban berganti %(changes)d kali tanpa persetujuan ruang.",
        facts["changes"],
    )
    told = words % {"changes": facts["changes"]}
    if facts["gap_ms"] >= 0:
        told += " " + _("Peramban sebelumnya masih menulis %(gap)d detik sebelum diganti.") % {
            "gap": seconds(facts["gap_ms"])
        }
    return told


def _browser(facts: dict[str, int]) -> str:
    words = ngettext(
        "%(refused)d peramban ditolak karena bukan Safe Exam Browser yang diizinkan.",
        "%(refused)d peramban ditolak karena bukan Safe Exam Browser yang diizinkan.",
        facts["refused"],
    )
    return words % {"refused": facts["refused"]}


def seat_of(attempt: Attempt, exam: Exam) -> str:
    """The seat as this room calls it; a candidate of another room is told by place and seat only, not by name."""
    if attempt.exam_id == exam.pk:
        return attempt.seat.label
    sitting = attempt.exam.sitting
    return f"{sitting.room.centre.name}, {sitting.room.name}, {attempt.seat.label}"


def both(alarm: Alarm, exam: Exam) -> list[Attempt]:
    """The candidates of an alarm, those of this room first."""
    two = [alarm.attempt, *([alarm.other] if alarm.other else [])]
    return sorted(two, key=lambda attempt: (attempt.exam_id != exam.pk, attempt.seat.label))
