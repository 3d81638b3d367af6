"""How applications of tests come into a late state: along the table of moves, with the papers of two officers.

The database takes an application as a draft only and moves it only along ``registration.rules.lifecycle``; these are
the same statements the rooms' actions make, for as many applications at once as a test or a load generator needs.
"""

from collections.abc import Sequence
from datetime import datetime

from core.models import User
from registration.models import Application, Objection, Verification
from tests.people import People

_OK = ("submitted", "verified_ok")
_NOT_OK = ("submitted", "verified_not_ok")
#: State → the steps from the draft to it.
ROADS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submitted",),
    "verified_ok": _OK,
    "verified_not_ok": _NOT_OK,
    "objected": (*_NOT_OK, "objected"),
    "decided": (*_NOT_OK, "objected", "decided"),
    "scheduled": (*_OK, "scheduled"),
    "carded": (*_OK, "scheduled", "carded"),
    "withdrawn": ("withdrawn",),
}
BATCH = 2_000


def walk(applications: Sequence[Application], to: str, *, people: People, now: datetime) -> None:
    """Bring drafts, already whole, to ``to``; three officers verify, confirm and decide."""
    officers = [people.staff("verifier", 77), people.staff("supervisor", 77), people.staff("supervisor", 78)]
    keys = [application.pk for application in applications]
    for step in ROADS[to]:
        _papers(applications, step, officers, now)
        Application.objects.filter(pk__in=keys).update(state=step)
    for application in applications:
        application.state = to


def _papers(applications: Sequence[Application], step: str, officers: list[User], now: datetime) -> None:
    verifier, supervisor, third = officers
    if step in {"verified_ok", "verified_not_ok"}:
        verdict, reasons = ("MS", []) if step == "verified_ok" else ("TMS", ["diploma_level"])
        rows = Verification.objects.bulk_create(
            [
                Verification(application=one, verdict=verdict, reasons=reasons, verifier=verifier, proposed_at=now)
                for one in applications
            ],
            batch_size=BATCH,
        )
        found = Verification.objects.filter(pk__in=[row.pk for row in rows])
        found.update(supervisor=supervisor, decided_at=now, confirmed=True)
    elif step == "objected":
        Objection.objects.bulk_create(
            [Objection(application=one, answers={"diploma_level": "Berkas saya lengkap."}, lodged_at=now)
             for one in applications]
        )  # fmt: skip
    elif step == "decided":
        found_objections = Objection.objects.filter(application__in=applications)
        found_objections.update(accepted=True, answer="Diterima.", decided_by=third, decided_at=now)
