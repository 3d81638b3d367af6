"""Pictures taken at the door."""

from pathlib import Path

from django.conf import settings

from cat_exam.models import Attempt
from core import vault
from proctoring.models import CheckInPicture


def picture_of(attempt: Attempt) -> CheckInPicture | None:
    """The newest picture of this candidate, with who took it."""
    return CheckInPicture.objects.filter(attempt=attempt).select_related("by").order_by("-at").first()


def open_picture(row: CheckInPicture) -> bytes | None:
    """The JPEG itself; None once retention erased it. Raises ``InvalidTag`` when a byte of it was changed."""
    path = Path(settings.MEDIA_ROOT) / row.path
    return vault.decrypt("identity", path.read_bytes(), row=str(row.pk)) if path.is_file() else None
