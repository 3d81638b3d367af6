"""The resume of a submitted application: one PDF on the letterhead, with photo and registration number."""

import io
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.letter import Column, Letter
from registration import queries
from registration.models import Application, Document


def write_resume(application: Application, made_at: datetime) -> io.BytesIO:
    """The finished file, at its beginning; raises ValueError for an application that was not submitted."""
    formation, education, centre = application.formation, application.education, application.centre
    if formation is None or education is None or centre is None or application.submitted_at is None:
        raise ValueError("only a submitted application has a resume")
    language = (get_language() or "id")[:2]
    number = application.registration_number or application.reference
    letter = Letter(
        title=_("Resume pendaftaran"), number=number, subtitle=application.selection.name, language=language,
        made_at=made_at,
    )  # fmt: skip
    documents = queries.documents_of(application)
    letter.heading(_("Data diri"))
    _write_person(letter, application, documents)
    letter.heading(_("Formasi yang dilamar"))
    letter.facts([
        (_("Jabatan"), formation.position),
        (_("Instansi"), formation.agency.name),
        (_("Lokasi"), formation.location),
        (_("Jenis kebutuhan"), formation.need.name),
        (_("Ijazah"), f"{education.level} · {education.programme}"),
        (_("Perguruan tinggi atau sekolah"), application.institution),
        (_("IPK atau rata-rata nilai"), f"{application.gpa:.2f}".replace(".", "," if language == "id" else ".")),
        (_("Titik lokasi ujian"), f"{centre.name}, {centre.city}"),
    ])  # fmt: skip
    letter.heading(_("Dokumen"))
    names = {kind.code: str(kind) for kind in queries.kinds_asked(application)}
    letter.table(
        [Column(_("Dokumen"), 38, "left"), Column(_("Jumlah halaman"), 14, "right"), Column("SHA-256", 48, "left")],
        [(names.get(row.kind, row.kind), str(row.pages), row.sha256[:32]) for row in documents],
    )
    letter.heading(_("Pernyataan"))
    letter.paragraph(application.selection.statement)
    agreed = application.statement_agreed_at or application.submitted_at
    letter.paragraph(_("Disetujui %(when)s.") % {"when": clock.write_moment(agreed)})
    letter.qr(number, _("Nomor pendaftaran"))
    out = io.BytesIO()
    letter.write(out)
    out.seek(0)
    return out


def _write_person(letter: Letter, application: Application, documents: list[Document]) -> None:
    found = next((row for row in documents if row.kind == "photo"), None)
    if found is None:
        letter.facts(_person(application))
        return
    with default_storage.open(found.path) as file:
        letter.photo(file.read(), facts=_person(application))


def _person(application: Application) -> list[tuple[str, str]]:
    applicant = application.applicant
    nik = queries.nik_of(applicant)
    sent = application.submitted_at
    return [
        (_("Nomor pendaftaran"), application.registration_number or application.reference),
        (_("Dikirim"), clock.write_moment(sent) if sent else ""),
        (_("Nama lengkap"), applicant.full_name),
        ("NIK", f"{nik[:6]}******{nik[12:]}"),
        (_("Tempat, tanggal lahir"), f"{applicant.birth_place}, {applicant.birth_date:%d-%m-%Y}"),
        (_("Jenis kelamin"), str(applicant.get_sex_display())),
        (_("Nomor telepon"), applicant.phone),
        (_("Alamat e-mail"), applicant.user.email),
        (_("Data kependudukan"), str(applicant.get_population_check_display())),
    ]
