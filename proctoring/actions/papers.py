"""Papers of a room: minutes signed by two people, and the PDFs kept of them."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Exam, Minutes
from core import trail
from core.errors import Refusal
from core.models import User, uuid7
from proctoring.actions.duty import require_role
from proctoring.models import RoomPaper
from proctoring.queries.minutes import decision_documents
from proctoring.queries.records import incident_documents, minutes_of, roll_of
from proctoring.queries.rooms import ACTING


@transaction.atomic
def write_minutes(*, exam: Exam, by: User, now: datetime) -> Minutes:
    """Draw up the minutes of a closed exam and sign them as the first of two."""
    require_role(exam, by, *ACTING)
    Exam.objects.select_for_update().get(pk=exam.pk)
    if roll_of(exam) is None:
        raise Refusal("not_closed", _("Ujian belum ditutup. Tutup ujian dahulu, lalu susun berita acara."))
    if minutes_of(exam) is not None:
        raise Refusal("minutes_signed", _("Berita acara sudah ditandatangani; koordinator lain mengesahkannya."))
    return hall.sign_minutes(
        exam=exam, incidents=incident_documents(exam), decisions=decision_documents(exam), by=by, now=now
    )


@transaction.atomic
def confirm_minutes(*, exam: Exam, by: User, now: datetime) -> Minutes:
    """Countersign the minutes: a coordinator who is not the one who signed."""
    require_role(exam, by, "coordinator")
    Exam.objects.select_for_update().get(pk=exam.pk)
    minutes = minutes_of(exam)
    if minutes is None:
        raise Refusal("minutes_missing", _("Berita acara belum ditandatangani pengawas."))
    if minutes.signed_by_id == by.pk:
        raise Refusal("minutes_four_eyes", _("Anda penanda tangan pertama. Koordinator lain harus mengesahkannya."))
    if minutes.countersigned_at:
        raise Refusal("minutes_done", _("Berita acara ini sudah disahkan."))
    hall.countersign_minutes(minutes=minutes, by=by, now=now)
    minutes.refresh_from_db()
    return minutes


@transaction.atomic
def file_paper(*, exam: Exam, kind: str, body: bytes, by: User, now: datetime) -> RoomPaper:
    """Keep a PDF under the media root and register it with its hash; an older version stays."""
    require_role(exam, by, *ACTING)
    key = uuid7()
    name = f"ruang/{exam.day:%Y/%m/%d}/{exam.reference}/{kind}-{key}.pdf"
    _keep(Path(settings.MEDIA_ROOT) / name, body)
    row = RoomPaper.objects.create(
        pk=key, exam=exam, kind=kind, path=name, sha256=sha256(body).hexdigest(), size=len(body), made_by=by,
        made_at=now,
    )  # fmt: skip
    trail.record("proctoring.paper_filed", exam, by=by, now=now, paper=row.pk, kind=kind, sha256=row.sha256)
    return row


def _keep(path: Path, body: bytes) -> None:
    """Write a file that only we may read; the name is new, so nothing is ever overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(body)
