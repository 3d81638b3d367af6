"""Long work of this room, done by the ``jobs`` process."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from core import clock
from core.errors import Refusal
from core.queries import language_of
from registration import actions
from registration.actions.work import TASK, Tell
from registration.exchange import catalogue as exchange
from registration.models import Work

log = logging.getLogger(__name__)


@app.task(name=TASK)
def do_work(work: str) -> None:
    """Do one piece of work from taking it to its end; whatever happens, the officer reads how it ended."""
    if not connection.in_atomic_block:  # a connection kept since the last job may be dead
        connection.close_if_unusable_or_obsolete()
    taken = actions.take_work(work=UUID(work), by=None, now=clock.now())
    if taken is None:
        return
    with language_of(taken.asked_by) if taken.asked_by else nullcontext():
        _do(taken)


def _do(work: Work) -> None:
    close = partial(actions.end_work, work=work, by=None)
    try:
        with actions.telling(work=work) as tell:
            DOING[work.kind](work, tell)
    except Refusal as no:
        state = Work.State.CANCELLED if no.code == "cancelled" else Work.State.REFUSED
        close(state=state, code=no.code, text=str(no.text), now=clock.now())
    except Exception:
        log.exception("work %s (%s) failed", work.pk, work.kind)
        text = _("Terjadi kesalahan yang tidak terduga. Tidak ada yang ditulis.")
        close(state=Work.State.FAILED, code="crashed", text=text, now=clock.now())


def _catalogue(work: Work, tell: Tell) -> None:
    found = exchange.read_catalogue(bytes(work.content or b""), work.selection, partial(tell, "reading"))
    counts = {"rows": found.rows}
    if found.faults:
        faults = [[fault.row, fault.column, fault.code, fault.value] for fault in found.faults]
        text = _("Berkas berisi kesalahan. Tidak ada yang ditulis.")
        actions.end_work(
            work=work, state=Work.State.REFUSED, code="faults", text=text, faults=faults, result=counts,
            by=None, now=clock.now(),
        )  # fmt: skip
        return
    with transaction.atomic():
        if not work.check_only:
            report = actions.import_catalogue(
                selection=work.selection, formations=found.formations, places=found.places,
                by=work.asked_by, now=clock.now(), told=partial(tell, "writing"),
            )  # fmt: skip
            counts |= report.counts()
        actions.end_work(work=work, state=Work.State.DONE, result=counts, by=None, now=clock.now())


def _schedule(work: Work, tell: Tell) -> None:
    assert work.stage is not None
    with transaction.atomic():
        report = actions.schedule_stage(stage=work.stage, by=work.asked_by, now=clock.now(), told=tell)
        actions.end_work(work=work, state=Work.State.DONE, result=report.counts(), by=None, now=clock.now())


def _cards(work: Work, tell: Tell) -> None:
    assert work.stage is not None
    with transaction.atomic():
        told = partial(tell, "sealing")
        issued = actions.issue_cards(stage=work.stage, by=work.asked_by, now=clock.now(), told=told)
        actions.end_work(work=work, state=Work.State.DONE, result={"issued": issued}, by=None, now=clock.now())


DOING: dict[str, Callable[[Work, Tell], None]] = {
    Work.Kind.CATALOGUE: _catalogue,
    Work.Kind.SCHEDULE: _schedule,
    Work.Kind.CARDS: _cards,
}
