"""Documents of an application: checked, rebuilt, stored under the media root outside everything that is public."""

from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from core.models.base import uuid7
from registration import queries
from registration.actions.applications import own_draft
from registration.actions.rebuilding import rebuild
from registration.models import Application, Document, DocumentKind


def add_document(
    *, application: Application, kind: DocumentKind, content: bytes, by: User, now: datetime
) -> Document:
    """Store ``content`` as the current document of its kind; an earlier one stays, marked as replaced.

    Raises Refusal ``kind_not_asked``, ``too_big``, those of :func:`registration.actions.rebuilding.rebuild` and of
    :func:`registration.actions.applications.own_draft`.
    """
    if kind.code not in {asked.code for asked in queries.kinds_asked(application)}:
        raise Refusal("kind_not_asked", _("Dokumen ini tidak diminta pada seleksi Anda."), field="file")
    if len(content) > kind.max_bytes:
        raise too_big(len(content), kind.max_bytes)
    rebuilt = rebuild(content, allowed=list(kind.media_types), most_pages=kind.max_pages)
    key = uuid7()
    path = default_storage.save(f"documents/{application.pk}/{key}{rebuilt.suffix}", ContentFile(rebuilt.content))
    try:
        with transaction.atomic():
            row = own_draft(application, by, now)
            Document.objects.filter(application=row, kind=kind.code, replaced_at__isnull=True).update(replaced_at=now)
            document = Document.objects.create(
                id=key, application=row, kind=kind.code, path=path, media_type=rebuilt.media_type,
                size=len(rebuilt.content), sha256=sha256(rebuilt.content).hexdigest(), pages=rebuilt.pages,
                uploaded_at=now,
            )  # fmt: skip
            trail.record(
                "registration.document_added", document, by=by, now=now,
                application=row.pk, kind=kind.code, sha256=document.sha256,
            )  # fmt: skip
    except BaseException:
        default_storage.delete(path)  # the row was not written, so nobody may keep the file
        raise
    return document


def too_big(size: int, limit: int) -> Refusal:
    """The refusal of a file (or a request) of ``size`` bytes where ``limit`` is allowed."""
    text = _("Berkas ini %(size)s MB, batasnya %(limit)s MB. Perkecil berkas lalu unggah lagi.")
    figures = {"size": f"{size / 1e6:.1f}".replace(".", ","), "limit": f"{limit / 1e6:g}".replace(".", ",")}
    return Refusal("too_big", text % figures, field="file")
