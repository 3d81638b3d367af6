"""The later part of the applicant's road in this room: objection and exam card; and the menu of the desk."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.models import User
from core.steps import MenuEntry, Step
from registration import queries
from registration.models import Application, Objection

_SELECTION, _CHECK = gettext_lazy("Seleksi"), gettext_lazy("Verifikasi")
_READERS = frozenset({"committee", "chair", "auditor"})

MENU = (
    MenuEntry(gettext_lazy("Seleksi"), "registration:desk_selections", _SELECTION, _READERS, 10),
    MenuEntry(gettext_lazy("Aturan"), "registration:desk_rulesets", _SELECTION, _READERS, 20),
    MenuEntry(
        gettext_lazy("Verifikasi"), "registration:desk_queue", _CHECK, _READERS | {"verifier", "supervisor"}, 50
    ),
    MenuEntry(gettext_lazy("Sanggah"), "registration:desk_objections", _CHECK, _READERS | {"supervisor"}, 60),
)


def desk_steps(user: User, now: datetime) -> list[Step]:
    """The objection where there is one to make or to follow, and the exam card of each stage."""
    mine = queries.application_of(user)
    if mine is None or mine.state in (Application.State.DRAFT, Application.State.WITHDRAWN):
        return []
    return [*_objection(mine, now), *_cards(user, mine)]


def _objection(mine: Application, now: datetime) -> list[Step]:
    label, url = _("Sanggah hasil verifikasi"), reverse("registration:objection")
    row = Objection.objects.filter(application=mine).first()
    if row is not None:
        state, detail = "later", _("Sanggah Anda sedang diperiksa panitia.")
        if row.accepted is not None:
            state = "done" if row.accepted else "stopped"
            detail = _("Sanggah Anda diterima.") if row.accepted else _("Sanggah Anda ditolak.")
        return [Step("objection", label, state, detail, url, _("Lihat sanggah"), 62)]
    if mine.state != Application.State.VERIFIED_NOT_OK:
        return []
    phase = queries.phase_of(mine.selection, "objection")
    if phase and phase.opens_at <= now < phase.closes_at:
        detail = _("Satu kali, paling lambat %(moment)s.") % {"moment": clock.write_moment(phase.closes_at)}
        return [Step("objection", label, "now", detail, url, _("Ajukan sanggah"), 62)]
    detail = _("Masa sanggah mulai %(moment)s.") % {"moment": clock.write_moment(phase.opens_at)} if phase else ""
    over = bool(phase and now >= phase.closes_at)
    return [Step("objection", label, "stopped" if over else "later", "" if over else detail, url, "", 62)]


def _cards(user: User, mine: Application) -> list[Step]:
    if mine.state in (Application.State.VERIFIED_NOT_OK, Application.State.OBJECTED):
        return []
    refused = Objection.objects.filter(application=mine, accepted=False)
    if mine.state == Application.State.DECIDED and refused.exists():
        return []
    steps = []
    for place, card in enumerate(queries.cards_of_applicant(user)):
        sitting = card.seat.sitting
        where = {"moment": clock.write_moment(sitting.starts_at, sitting.room.centre.zone, weekday=True),
                 "centre": sitting.room.centre.name}  # fmt: skip
        detail = _("%(moment)s di %(centre)s.") % where
        label = _("Kartu ujian %(stage)s") % {"stage": card.stage.name}
        key, url = f"card-{card.stage.code}", reverse("registration:cards")
        steps.append(Step(key, label, "done", detail, url, _("Buka kartu"), 65 + place))
    return steps or [Step("card", _("Kartu ujian"), "later", _("Terbit setelah jadwal ujian ditetapkan."), order=65)]
