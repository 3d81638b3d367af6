"""The alarms of a room as CSV."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from cat_exam.models import Exam
from core import clock
from proctoring.documents.results_pdf import _plain as plain
from proctoring.models import Alarm
from proctoring.telling import both, seat_of, tell


def write_alarms(alarms: Iterable[Alarm], exam: Exam) -> str:
    """One row an alarm and candidate of this room (UTF-8 with a mark, so that spreadsheets read it); times in the
    centre's zone."""
    target, zone = io.StringIO(), exam.sitting.room.centre.zone
    writer = csv.writer(target)
    writer.writerow([
        _("Jenis"), _("Kursi"), _("Nama"), _("No. peserta"), _("Kursi lain"), _("Yang terlihat"), _("Pertama"),
        _("Terakhir"), _("Keadaan"), _("Catatan"), _("Petugas"),
    ])  # fmt: skip
    for alarm in alarms:
        here, *others = both(alarm, exam)
        writer.writerow([plain(str(cell)) for cell in (
            alarm.get_kind_display(), here.seat.label, here.display_name, here.application.number or "",
            "; ".join(seat_of(one, exam) for one in others), tell(alarm),
            clock.write_moment(alarm.first_at, zone), clock.write_moment(alarm.last_at, zone),
            alarm.get_state_display(), alarm.note, alarm.decided_by.full_name if alarm.decided_by else "",
        )])  # fmt: skip
    return "\ufeff" + target.getvalue()
