"""The applicant's road through this room, for the home page and the status page."""

from datetime import datetime
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.models import TrailEntry, User
from core.queries import trail_of
from core.steps import Step
from registration import queries
from registration.models import Application, Selection

_VERIFIED = {
    Application.State.VERIFIED_OK, Application.State.SCHEDULED, Application.State.CARDED,
}  # fmt: skip


def applicant_steps(user: User, now: datetime) -> list[Step]:
    """Sign-up to verification; exactly one step is ``now`` while the applicant has something to do."""
    mine = queries.application_of(user)
    if mine is None:
        return _not_signed_up(now)
    phase = queries.phase_of(mine.selection, "registration")
    open_now = queries.phase_is_open(mine.selection, "registration", now)
    dates = _("Paling lambat %(moment)s.") % {"moment": clock.write_moment(phase.closes_at)} if phase else ""
    missing = queries.missing_of(mine) if mine.state == Application.State.DRAFT else []
    parts = _parts(mine, missing)
    done = mine.state != Application.State.DRAFT
    steps, turn = [], not done and open_now
    for order, (key, label, url, action, good) in enumerate(parts, start=1):
        state = "done" if good else "now" if turn else "later"
        if not done and not open_now and not good:
            state = "stopped"
        turn = turn and good
        detail = dates if state == "now" else ""
        steps.append(Step(key, label, state, detail, "" if done else reverse(url), action, order * 10))
    if mine.state == Application.State.WITHDRAWN:
        return [_withdrawn(mine)]
    return [*steps, _verification(mine)]


def _parts(mine: Application, missing: list[str]) -> list[tuple[str, str, str, str, bool]]:
    done = mine.state != Application.State.DRAFT
    lacks_documents = any(code.startswith("document:") for code in missing) or mine.formation_id is None
    lacks_details = bool({"institution", "gpa", "disability"} & set(missing))
    return [
        ("formation", _(
            "Pilih satu formasi"
        ), "registration:formations", _("Cari formasi"), "formation" not in missing),
        ("details", _("Isi data pendidikan"), "registration:details", _("Isi data"), not lacks_details),
        ("documents", _("Unggah dokumen"), "registration:documents", _("Unggah"), done or not lacks_documents),
        ("centre", _("Pilih titik lokasi ujian"), "registration:centre", _("Pilih lokasi"), "centre" not in missing),
        ("submit", _("Periksa dan kirim lamaran"), "registration:review", _("Periksa dan kirim"), done),
    ]  # fmt: skip


def _verification(mine: Application) -> Step:
    label, url = _("Verifikasi dokumen"), reverse("registration:application")
    if mine.state in _VERIFIED or (mine.state == Application.State.DECIDED and mine.objection.accepted):
        return Step("verification", label, "done", _("Anda memenuhi syarat."), url, order=60)
    if mine.state in (Application.State.VERIFIED_NOT_OK, Application.State.DECIDED):
        return Step("verification", label, "stopped", _("Anda dinyatakan tidak memenuhi syarat."), url, order=60)
    if mine.state == Application.State.OBJECTED:
        return Step("verification", label, "later", _("Sanggah Anda sedang diperiksa panitia."), url, order=60)
    waiting = _("Panitia sedang memeriksa dokumen Anda.") if mine.state == Application.State.SUBMITTED else ""
    return Step("verification", label, "later", waiting, order=60)


def _withdrawn(mine: Application) -> Step:
    when = clock.write_moment(mine.withdrawn_at) if mine.withdrawn_at else ""
    detail = _("Anda mengundurkan diri %(when)s.") % {"when": when}
    return Step("withdrawn", _("Mengundurkan diri"), "stopped", detail, reverse("registration:application"), order=10)


def _not_signed_up(now: datetime) -> list[Step]:
    found: Selection | None = queries.selections_open(now).first()
    if found is None:
        return []
    url = reverse("registration:sign_up_start")
    return [Step("sign_up", _("Daftar pada %(name)s") % {"name": found.name}, "now", "", url, _("Daftar"), 10)]


def timeline(mine: Application) -> list[dict[str, object]]:
    """What happened to the application so far, without naming officers; oldest first."""
    words = {
        "registration.formation_chosen": (_("Formasi dipilih"), "info"),
        "registration.details_saved": (_("Data pendidikan disimpan"), "info"),
        "registration.centre_chosen": (_("Titik lokasi dipilih"), "info"),
        "registration.application_submitted": (_("Lamaran dikirim"), "ok"),
        "registration.application_withdrawn": (_("Mengundurkan diri"), "stop"),
        "registration.verification_confirmed": (_("Hasil verifikasi ditetapkan"), "info"),
        "registration.objection_lodged": (_("Sanggah diajukan"), "warn"),
        "registration.objection_decided": (_("Sanggah diputus"), "info"),
    }
    first = {"at": mine.applicant.created_at, "what": _("Akun dibuat"), "tone": "info"}
    lines: list[TrailEntry] = [line for line in trail_of(mine) if line.verb in words]
    told = [{"at": line.at, "what": words[line.verb][0], "tone": words[line.verb][1]} for line in lines]
    return sorted([first, *told, *_given(mine)], key=lambda entry: cast("datetime", entry["at"]))


def _given(mine: Application) -> list[dict[str, object]]:
    """Seats and cards: thousands are given in one act, so their own rows say when, not a trail line each."""
    if mine.state == Application.State.DRAFT:
        return []
    seats = [("info", _("Jadwal %(stage)s ditetapkan"), row) for row in queries.dated_seats(mine)]
    cards = [("ok", _("Kartu ujian %(stage)s terbit"), row) for row in queries.dated_cards(mine)]
    return [
        {
            "at": row.given_at, "tone": tone, "what": what % {"stage": row.stage},
            "detail": f"{clock.write_moment(row.starts_at, row.zone, weekday=True)}, {row.centre}",
        }
        for tone, what, row in [*seats, *cards]
    ]  # fmt: skip
