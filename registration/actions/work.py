"""Long work: asked for by an officer, taken and told by the background process, ended once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from core import clock, trail
from core.access import refuse_bound
from core.errors import Refusal
from core.models import User
from registration.models import Selection, Stage, Work
from registration.queries.selections import phase_has_begun
from registration.rules import work as rules

#: Called with (step, things done, things in all) now and then; raises Refusal ``cancelled`` when asked to stop.
Tell = Callable[[str, int, int], None]
TASK = "registration.do_work"
_EVERY = 0.4  # seconds

_TOLD = """
UPDATE registration_work
   SET step_began_at = CASE WHEN step = %(step)s THEN step_began_at ELSE now() END,
       step = %(step)s, done = %(done)s, total = %(total)s, beat_at = now()
 WHERE id = %(work)s AND state = 'running'
RETURNING cancel_asked_at IS NOT NULL
"""


def ask_work(
    *, kind: str, selection: Selection, stage: Stage | None = None, content: bytes | None = None,
    file_name: str = "", check_only: bool = False, by: User | None, now: datetime,
) -> Work:  # fmt: skip
    """Hand a long work to the background process. The work and its job are one commit.

    Raises Refusal: ``work_runs`` (another one is open for this selection), ``phase_closed`` (seats and cards before
    scheduling has begun), ``whole_country`` (a role for one agency or centre only).
    """
    refuse_bound(by, "committee", "chair")
    if stage is not None and not phase_has_begun(selection, "scheduling", now):
        raise Refusal("phase_closed", _("Fase penjadwalan belum dibuka. Buka fasenya pada halaman seleksi."))
    with transaction.atomic():
        _refuse_second(selection, now)
        try:
            with transaction.atomic():
                made = Work.objects.create(
                    kind=kind, selection=selection, stage=stage, content=content, file_name=file_name[:200],
                    check_only=check_only, asked_by=by, asked_at=now,
                )  # fmt: skip
        except IntegrityError as twice:
            if "work_one_at_a_time" not in str(twice):
                raise
            raise _runs(Work.objects.filter(selection=selection).first()) from twice
        trail.record("registration.work_asked", made, by=by, now=now, kind=kind, selection=selection.pk)
        app.configure_task(TASK).defer(work=str(made.pk))
    return made


def _refuse_second(selection: Selection, now: datetime) -> None:
    """Refuse while another work is open; one whose process is gone is closed and gives way."""
    for found in Work.objects.filter(selection=selection, state__in=rules.OPEN):
        if not found.is_lost(now):
            raise _runs(found)
        end_work(work=found, state=Work.State.FAILED, code="lost", by=None, now=now)


def _runs(found: Work | None) -> Refusal:
    text = _("%(kind)s sedang berjalan untuk seleksi ini, diminta %(when)s. Tunggu sampai selesai, lalu coba lagi.")
    facts = {
        "kind": found.get_kind_display() if found else _("Pekerjaan lain"),
        "when": clock.write_moment(found.asked_at) if found else "",
    }
    return Refusal("work_runs", text % facts, field="file")


def take_work(*, work: UUID, by: User | None, now: datetime) -> Work | None:
    """The background process takes a waiting work; None when it was cancelled meanwhile or taken by another."""
    taken = Work.objects.filter(pk=work, state=Work.State.WAITING).update(
        state=rules.move("waiting", "running"), began_at=now, beat_at=now
    )
    return Work.objects.select_related("selection", "stage", "asked_by").get(pk=work) if taken else None


@contextmanager
def telling(*, work: Work) -> Iterator[Tell]:
    """How a running work tells its progress: on a connection of its own, so that others see it at once."""
    own = connection.copy()
    last_at, last_step = 0.0, ""

    def tell(step: str, done: int, total: int) -> None:
        nonlocal last_at, last_step
        at = time.monotonic()
        if step == last_step and done < total and at - last_at < _EVERY:
            return
        last_at, last_step = at, step
        with own.cursor() as cursor:
            cursor.execute(_TOLD, {"work": work.pk, "step": step, "done": done, "total": total})
            row = cursor.fetchone()
        if row and row[0]:
            raise Refusal("cancelled", _("Pekerjaan dibatalkan sebelum selesai. Tidak ada yang ditulis."))

    try:
        yield tell
    finally:
        own.close()


def end_work(
    *, work: Work, state: str, result: dict[str, Any] | None = None, faults: list[Any] | None = None,
    code: str = "", text: str = "", by: User | None, now: datetime,
) -> None:  # fmt: skip
    """Close a work with what came of it; its file is dropped. Raises Refusal ``state`` when it is closed already.

    Called inside the transaction of the work itself, so that a result is never told without the work being done.
    """
    with transaction.atomic():
        current = Work.objects.select_for_update().values_list("state", flat=True).get(pk=work.pk)
        Work.objects.filter(pk=work.pk).update(
            state=rules.move(current, state), ended_at=now, content=None, code=code, text=text[:1000],
            result=result or {}, faults=faults or [],
        )  # fmt: skip
        trail.record(
            "registration.work_ended", work, by=by, now=now, kind=work.kind, state=str(state), code=code,
            faults=len(faults or []),
        )  # fmt: skip


@transaction.atomic
def cancel_work(*, work: Work, by: User, now: datetime) -> None:
    """A waiting work ends at once; a running one is asked to stop and takes back what it did.

    Raises Refusal ``work_over`` when it has ended.
    """
    refuse_bound(by, "committee", "chair")
    current = Work.objects.select_for_update(no_key=True).defer("content").get(pk=work.pk)
    if current.state == Work.State.WAITING:
        end_work(work=current, state=Work.State.CANCELLED, code="cancelled", by=by, now=now)
    elif current.is_lost(now):
        end_work(work=current, state=Work.State.FAILED, code="lost", by=by, now=now)
    elif current.state == Work.State.RUNNING:
        Work.objects.filter(pk=work.pk).update(cancel_asked_at=now)
        trail.record("registration.work_cancel_asked", current, by=by, now=now)
    else:
        raise Refusal("work_over", _("Pekerjaan ini sudah berakhir."))
