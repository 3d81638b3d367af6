"""What verifiers and supervisors see: their queue, one application with its history, objections, counts."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from core.access import grants_of, sees_everything
from core.models import User
from registration.models import Application, Objection, Selection, Verification, VerificationReason

DESK_ROLES = ("verifier", "supervisor", "committee", "chair", "auditor")


def applications_visible_to(user: User, *roles: str) -> QuerySet[Application]:
    """Submitted applications that ``user`` may see in one of ``roles`` (default: every desk role).

    A grant for the whole country shows all; a grant for an agency those of its formations; for a centre those
    who chose it.
    """
    grants = grants_of(user, *(roles or DESK_ROLES))
    rows = Application.objects.exclude(state=Application.State.DRAFT).exclude(submitted_at=None)
    if sees_everything(grants):
        return rows
    seen = Q(pk__in=[])
    for grant in grants:
        part = Q()
        if grant.agency_id is not None:
            part &= Q(formation__agency=grant.agency_id)
        if grant.centre_id is not None:
            part &= Q(centre=grant.centre_id)
        seen |= part
    return rows.filter(seen)


def _waiting() -> QuerySet[Verification]:
    return Verification.objects.filter(application=OuterRef("pk"), confirmed__isnull=True)


#: Steps of the desk: what an application waits for.
STEPS = ("propose", "confirm", "ms", "tms", "objected", "all")


def _at_step(rows: QuerySet[Application], step: str) -> QuerySet[Application]:
    if step == "propose":
        return rows.filter(~Exists(_waiting()), state="submitted")
    if step == "confirm":
        return rows.filter(Exists(_waiting()), state="submitted")
    if step == "ms":
        return rows.filter(Q(state__in=["verified_ok", "scheduled", "carded"]) | Q(objection__accepted=True))
    if step == "tms":
        return rows.filter(Q(state="verified_not_ok") | Q(state="decided", objection__accepted=False))
    if step == "objected":
        return rows.filter(state="objected")
    return rows


def queue(
    user: User, *, selection: Selection | None = None, step: str = "propose", agency: int | None = None,
    need: int | None = None, words: str = "",
) -> QuerySet[Application]:  # fmt: skip
    """Applications of the verification desk, oldest first, with what one row shows."""
    rows = _at_step(applications_visible_to(user), step)
    if selection:
        rows = rows.filter(selection=selection)
    if agency:
        rows = rows.filter(formation__agency=agency)
    if need:
        rows = rows.filter(formation__need=need)
    for word in words.split():
        rows = rows.filter(
            Q(applicant__full_name__icontains=word)
            | Q(registration_number__istartswith=word)
            | Q(number__istartswith=word)
            | Q(formation__position__icontains=word)
        )
    proposed = _waiting()
    rows = rows.annotate(
        proposed_verdict=Subquery(proposed.values("verdict")[:1]),
        proposed_by=Subquery(proposed.values("verifier__full_name")[:1]),
    )
    return rows.select_related("applicant", "formation__agency", "formation__need", "education").order_by(
        "submitted_at", "pk"
    )


def counts(user: User, selection: Selection | None = None) -> dict[str, int]:
    """How many applications stand at each step, in one query."""
    rows = applications_visible_to(user)
    if selection:
        rows = rows.filter(selection=selection)
    waiting = Exists(_waiting())
    accepted = Q(objection__accepted=True)
    return rows.annotate(waits=waiting).aggregate(
        propose=Count("pk", filter=Q(state="submitted", waits=False)),
        confirm=Count("pk", filter=Q(state="submitted", waits=True)),
        ms=Count("pk", filter=Q(state__in=["verified_ok", "scheduled", "carded"]) | accepted),
        tms=Count("pk", filter=Q(state="verified_not_ok") | Q(state="decided", objection__accepted=False)),
        objected=Count("pk", filter=Q(state="objected")),
        all=Count("pk"),
    )


def history(application: Application) -> QuerySet[Verification]:
    """Every proposal and decision, newest first."""
    return (
        Verification.objects.filter(application=application)
        .select_related("verifier", "supervisor")
        .order_by("-proposed_at")
    )


def waiting_proposal(application: Application) -> Verification | None:
    """The proposal that waits for a supervisor."""
    return history(application).filter(confirmed__isnull=True).first()


def confirmed_verification(application: Application) -> Verification | None:
    """The verification in force."""
    return history(application).filter(confirmed=True).first()


def took_part(application: Application, user: User) -> bool:
    """True when ``user`` proposed, confirmed or returned a verification of the application."""
    return history(application).filter(Q(verifier=user) | Q(supervisor=user)).exists()


def reasons() -> QuerySet[VerificationReason]:
    """The reasons for TMS in the order of their keys."""
    return VerificationReason.objects.all()


def objections_for(
    user: User, selection: Selection | None = None, *, decided: bool | None = None
) -> QuerySet[Objection]:
    """Objections that ``user`` may see, oldest first."""
    rows = Objection.objects.filter(
        application__in=applications_visible_to(user, "supervisor", "committee", "chair", "auditor")
    )
    if selection:
        rows = rows.filter(application__selection=selection)
    if decided is not None:
        rows = rows.filter(accepted__isnull=not decided)
    return rows.select_related("application__applicant", "application__formation__agency", "decided_by").order_by(
        "lodged_at"
    )
