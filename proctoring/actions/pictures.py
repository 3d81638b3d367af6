"""A picture at the door: rebuilt, encrypted, kept with its retention day; an adviser may be asked about it."""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.models import Attempt
from core import trail, vault
from core.errors import Refusal
from core.models import User, uuid7
from proctoring.actions.duty import begin_watch
from proctoring.models import CheckInPicture
from proctoring.queries.people import photo_of
from proctoring.rules.faces import FaceAdviser, NoAdviser
from registration.actions.rebuilding import JPEG, rebuild

MOST_BYTES = 8_000_000
#: Objections to results are over by then; the retention job may erase the file.
KEPT = timedelta(days=365)


@transaction.atomic
def take_picture(
    *, attempt: Attempt, content: bytes, by: User, now: datetime, adviser: FaceAdviser | None = None
) -> CheckInPicture:
    """Keep ``content`` (JPEG of a camera) for a candidate who is still awaited; an earlier picture stays.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``not_expected``, ``too_big`` and those of
    :func:`registration.actions.rebuilding.rebuild`.
    """
    begin_watch(exam=attempt.exam, by=by, now=now)
    if attempt.state != Attempt.State.EXPECTED:
        raise Refusal("not_expected", _("Peserta ini tidak lagi menunggu registrasi."))
    if len(content) > MOST_BYTES:
        raise Refusal("too_big", _("Gambar ini lebih dari 8 MB. Ambil gambar yang lebih kecil."), field="file")
    picture = rebuild(content, allowed=[JPEG], most_pages=1).content
    key = uuid7()
    name = f"ruang/{attempt.day:%Y/%m/%d}/{attempt.exam.reference}/hadir-{key}.bin"
    row = CheckInPicture.objects.create(
        pk=key, attempt=attempt, path=name, sha256=sha256(picture).hexdigest(), size=len(picture),
        advice=_advice(attempt, picture, adviser or NoAdviser()), by=by, at=now,
        keep_until=attempt.day + KEPT,
    )  # fmt: skip
    trail.record("proctoring.picture_taken", attempt, by=by, now=now, picture=row.pk, sha256=row.sha256)
    _keep(Path(settings.MEDIA_ROOT) / name, vault.encrypt("identity", picture, row=str(key)))
    return row


def _advice(attempt: Attempt, picture: bytes, adviser: FaceAdviser) -> dict[str, object]:
    document = photo_of(attempt.application_id)
    path = Path(settings.MEDIA_ROOT) / document.path if document else None
    if path is None or not path.is_file():
        return {}
    said = adviser.compare(path.read_bytes(), picture)
    return said.document() if said else {}


def _keep(path: Path, body: bytes) -> None:
    """Write a file that only we may read; the name is new, so nothing is ever overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(body)
