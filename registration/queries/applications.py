"""What an applicant sees of the own application, and who else may see its documents."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock, vault
from core.errors import Refusal
from core.models import TestCentre, User
from registration.models import Applicant, Application, Document, DocumentKind, Formation, Phase, Selection
from registration.queries.selections import phase_is_open, phase_of
from registration.queries.verification import applications_visible_to
from registration.rules import eligibility
from registration.rules.eligibility import Notice, Person


def require_phase(selection: Selection, code: str, now: datetime) -> None:
    """Refusal ``phase_closed`` with the dates in WIB unless the phase is open."""
    if phase_is_open(selection, code, now):
        return
    phase = phase_of(selection, code)
    name = Phase.Code(code).label
    if phase is None:
        raise Refusal("phase_closed", _("Tahap %(name)s belum dijadwalkan.") % {"name": name})
    facts = {"name": name, "opens": clock.write_moment(phase.opens_at), "closes": clock.write_moment(phase.closes_at)}
    if now < phase.opens_at:
        raise Refusal("phase_closed", _("Tahap %(name)s baru dibuka %(opens)s.") % facts)
    raise Refusal("phase_closed", _("Tahap %(name)s sudah ditutup %(closes)s.") % facts)


def selections_open(now: datetime) -> QuerySet[Selection]:
    """Public selections whose registration is open at ``now``, newest first."""
    return Selection.objects.filter(
        is_public=True, phases__code="registration", phases__opens_at__lte=now, phases__closes_at__gt=now
    ).order_by("-created_at")


def application_of(user: User, selection: Selection | None = None) -> Application | None:
    """The applicant's application with all it shows; the newest one when no selection is named."""
    rows = Application.objects.filter(applicant__user=user).select_related(
        "applicant__user", "selection__ruleset", "formation__agency", "formation__need", "formation__region",
        "education", "centre",
    )  # fmt: skip
    if selection is not None:
        rows = rows.filter(selection=selection)
    return rows.order_by("-applicant__created_at").first()


def documents_of(application: Application) -> list[Document]:
    """The current documents of an application."""
    return list(Document.objects.filter(application=application, replaced_at__isnull=True))


def kinds_asked(application: Application) -> list[DocumentKind]:
    """The kinds of documents this application must hand in, in order."""
    category = application.formation.need.category if application.formation else ""
    rows = DocumentKind.objects.filter(code__in=application.selection.document_kinds)
    extra = DocumentKind.objects.filter(categories__contains=[category]) if category else DocumentKind.objects.none()
    everybody = [kind for kind in rows if not kind.categories or category in kind.categories]
    return sorted({kind.code: kind for kind in [*everybody, *extra]}.values(), key=lambda kind: kind.order)


def missing_of(application: Application) -> list[str]:
    """Codes of what is still missing (see :func:`registration.rules.eligibility.missing_parts`)."""
    return eligibility.missing_parts(
        has_formation=application.formation_id is not None and application.education_id is not None,
        institution=application.institution,
        has_gpa=application.gpa is not None,
        has_centre=application.centre_id is not None,
        documents=[document.kind for document in documents_of(application)],
        asked=[kind.code for kind in kinds_asked(application)],
        need_code=application.formation.need.code if application.formation else "",
        disability=application.disability,
    )


def nik_of(applicant: Applicant) -> str:
    """The sixteen digits; needs the identity key of portal or desk."""
    return vault.decrypt("identity", bytes(applicant.nik_cipher), row=f"{applicant.pk}:nik").decode()


def family_card_of(applicant: Applicant) -> str:
    """The sixteen digits of the family card; needs the identity key."""
    return vault.decrypt("identity", bytes(applicant.family_card_cipher), row=f"{applicant.pk}:family_card").decode()


def notices_for(applicant: Applicant, formation: Formation, now: datetime, disability: str = "") -> list[Notice]:
    """What this formation asks of this applicant beyond the diploma."""
    person = Person(applicant.birth_date, nik_of(applicant)[:2], disability)
    return eligibility.notices(formation.need.code, formation.disability_allowed, person, now.date())


def centres_open() -> QuerySet[TestCentre]:
    """Test centres an applicant may choose."""
    return TestCentre.objects.filter(is_open=True).order_by("city", "name")


def readable_documents(user: User) -> QuerySet[Document]:
    """Documents ``user`` may open: the own ones, or those of applications the officer's grants reach."""
    rows = Document.objects.select_related("application__applicant")
    if user.is_applicant:
        return rows.filter(application__applicant__user=user)
    return rows.filter(application__in=applications_visible_to(user))
