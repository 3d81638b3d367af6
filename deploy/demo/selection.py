"""The demo selection with its phases, stages and catalogue."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import registration
from deploy.demo.staff import Team
from registration.actions import import_catalogue, load_rules, save_phase, save_selection, save_stage
from registration.exchange.catalogue import read_catalogue
from registration.models import RuleSet, Selection

CODE = "cpns-demo"
CATALOGUE = Path(registration.__file__).parent / "data" / "formations-demo.xlsx"
#: Days from today; registration and verification are open, the later phases wait for an officer.
PHASES = (
    ("registration", -1, 30),
    ("verification", -1, 45),
    ("objection", 45, 48),
    ("scheduling", 48, 60),
    ("exam", 60, 90),
    ("results", 90, 100),
    ("result_objection", 100, 103),
)
STATEMENT = (
    "Saya menyatakan bahwa semua data dan dokumen yang saya berikan adalah benar dan milik saya sendiri. Apabila"
    " di kemudian hari terbukti tidak benar, saya bersedia dinyatakan gugur dan menerima akibat hukumnya."
)
PRIVACY = (
    "Data Anda diproses hanya untuk seleksi ini: pemeriksaan berkas, penjadwalan, ujian, pemeringkatan,"
    " pengumuman, dan sanggahan (Undang-Undang Nomor 27 Tahun 2022). Data dihapus setelah masa simpan berakhir."
    " Anda dapat meminta salinan atau perbaikan."
)


def found(team: Team, now: datetime) -> Selection:
    """The selection, set up by the committee where it is missing."""
    existing = Selection.objects.filter(code=CODE).first()
    if existing is not None and existing.formations.exists():
        return existing
    by = team["committee"]
    load_rules(by=by, now=now)
    one = existing or save_selection(
        by=by, now=now, code=CODE, name=f"Seleksi CPNS Demo {now.year}", year=now.year, is_public=True,
        ruleset=RuleSet.objects.get(code="2024"), statement=STATEMENT, privacy=PRIVACY,
        document_kinds=["photo", "ktp", "diploma", "transcript"],
    )  # fmt: skip
    midnight = now.replace(hour=17, minute=0, second=0, microsecond=0)  # 00.00 WIB
    for code, first, last in PHASES:
        opens_at, closes_at = midnight + timedelta(days=first), midnight + timedelta(days=last)
        save_phase(selection=one, code=code, opens_at=opens_at, closes_at=closes_at, by=by, now=now)
    _stages(one, team, now)
    catalogue = read_catalogue(CATALOGUE, one)
    if catalogue.faults:
        raise ValueError(f"the demo catalogue is faulty: {catalogue.faults[:3]}")
    import_catalogue(selection=one, formations=catalogue.formations, places=catalogue.places, by=by, now=now)
    return one


def _stages(one: Selection, team: Team, now: datetime) -> None:
    if one.stages.exists():
        return
    save_stage(
        selection=one, by=team["committee"], now=now, code="SKD", name="Seleksi Kompetensi Dasar", order=1,
        blueprint_code="SKD-2024", minutes=100, minutes_visual=130, max_total=550, weight=Decimal("40"), positions=[],
    )  # fmt: skip
    save_stage(
        selection=one, by=team["committee"], now=now, code="TI", name="Literasi TI", order=2,
        blueprint_code="LIT-TI-2024", minutes=45, minutes_visual=60, max_total=125, weight=Decimal("60"),
        positions=["PRANATA KOMPUTER", "MANGGALA INFORMATIKA", "SANDIMAN"],
    )  # fmt: skip
