"""The announcement as a PDF: letterhead, one table per formation, totals that add up, legend of the codes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.letter import Column, Letter
from registration.models import Formation
from results.models import RankingRun, RankLine
from results.rules.ranking import CODES


class TotalsDisagree(AssertionError):
    """The figures of a run contradict its lines; nothing may be signed."""


def words_for(code: str) -> str:
    """What a code means, in the reader's language."""
    return {
        "P/L": _("memenuhi nilai ambang batas dan berhak mengikuti tahap berikutnya"),
        "P": _("memenuhi nilai ambang batas, di luar batas peringkat tiga kali kebutuhan"),
        "TL": _("tidak memenuhi nilai ambang batas"),
        "TH": _("tidak hadir"),
        "DIS": _("didiskualifikasi karena kecurangan"),
    }[code]


def write_announcement(run: RankingRun, *, number: str, verify_url: str, now: datetime) -> bytes:
    """The unsigned PDF of all lines of ``run``; memory holds one formation at a time.

    Raises :class:`TotalsDisagree` when the lines written and the run's counts differ.
    """
    with translation.override("id"):  # the official text, whatever language the officer's screen has
        return _write(run, number, verify_url, now)


def _write(run: RankingRun, number: str, verify_url: str, now: datetime) -> bytes:
    letter = Letter(
        title=_("Pengumuman Hasil %(stage)s") % {"stage": run.stage.name},
        subtitle=run.selection.name,
        number=number,
        verify_url=verify_url,
        made_at=now,
    )
    letter.paragraph(
        _(
            "Berdasarkan %(decree)s, panitia seleksi mengumumkan hasil %(stage)s sebagai berikut."
            " Peringkat disusun per kebutuhan jabatan menurut nilai total, lalu TKP, TIU, dan TWK;"
            " peserta yang sama pada semua nilai di batas peringkat seluruhnya diikutkan."
        )
        % {"decree": run.ruleset.decree, "stage": run.stage.name}
    )
    written = _tables(letter, run)
    _check(written, run)
    _totals(letter, run)
    letter.heading(pgettext("pengumuman", "Keterangan"))
    letter.facts([(code, words_for(code)) for code in CODES])
    letter.qr(verify_url, _("Periksa keaslian berkas ini di laman resmi."))
    letter.signatures([(_("Ketua Panitia Seleksi"), run.approved_by.full_name if run.approved_by else "", number)])
    return letter.build()


def _tables(letter: Letter, run: RankingRun) -> Counter[str]:
    """One table per formation; returns the lines written by code."""
    written: Counter[str] = Counter()
    names = section_names(run)
    columns = [
        Column(_("No."), 5, "right"),
        Column(_("Nomor peserta"), 20),
        Column(_("Nama"), 28),
        *(Column(name, 8, "right") for name in names),
        Column(_("Total"), 8, "right"),
        Column(_("Peringkat"), 12, "right"),
        Column(_("Kode"), 7),
    ]
    for formation, lines in _by_formation(run):
        letter.heading(f"{formation.agency.name} · {formation.position}")
        letter.paragraph(
            _("%(location)s · %(need)s · %(posts)s kebutuhan")
            % {"location": formation.location, "need": formation.need.name, "posts": formation.posts}
        )
        letter.table(columns, _cells(lines, names, written))
    return written


def section_names(run: RankingRun) -> list[str]:
    """Codes of the sections that were sat, in the order of the tie rule reversed (TWK, TIU, TKP)."""
    line = run.lines.exclude(sections={}).order_by().values_list("sections", flat=True).first() or {}
    order = {name.upper(): place for place, name in enumerate(reversed(run.ruleset.tie_order))}
    return sorted(line, key=lambda code: (order.get(code, len(order)), code))


def scores_in_order(line: RankLine) -> list[tuple[str, int]]:
    """Section and points of one line, in the order of the sections on paper."""
    return [(code, line.sections[code]) for code in section_names(line.run) if code in line.sections]


def _by_formation(run: RankingRun) -> Iterator[tuple[Formation, Iterable[RankLine]]]:
    lines = (
        run.lines.select_related("formation__agency", "formation__need")
        .order_by("formation__agency__name", "formation__position", "formation_id", "pk")
        .iterator(chunk_size=2_000)
    )
    for _formation, group in groupby(lines, key=lambda line: line.formation_id):
        members = list(group)
        yield members[0].formation, members


def _cells(lines: Iterable[RankLine], names: list[str], written: Counter[str]) -> Iterator[list[str]]:
    for place, line in enumerate(lines, start=1):
        written[line.code] += 1
        scores = [str(line.sections.get(name, "–")) for name in names]
        total = "–" if line.total is None else str(line.total)
        yield [str(place), line.number, line.name, *scores, total, str(line.rank or "–"), line.code]


def _check(written: Counter[str], run: RankingRun) -> None:
    expected = {code: run.counts[code] for code in CODES}
    if {code: written[code] for code in CODES} != expected or written.total() != run.counts["lines"]:
        raise TotalsDisagree(f"run {run.pk}: wrote {dict(written)}, counted {expected}")


def _totals(letter: Letter, run: RankingRun) -> None:
    letter.heading(_("Rekapitulasi"))
    rows = [[code, words_for(code), str(run.counts[code])] for code in CODES]
    rows.append(
        [_("Jumlah"), _("peserta pada %(n)s kebutuhan") % {"n": run.counts["formations"]}, str(run.counts["lines"])]
    )
    letter.table([Column(_("Kode"), 10), Column(_("Arti"), 70), Column(_("Peserta"), 20, "right")], rows)
