"""Publication: the PDF of an approved run, signed, sealed and entered in the register."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from core import seal, trail
from core.errors import Refusal
from core.models import Role, User, uuid7
from core.models.base import reference
from results.actions.rights import need_whole_country
from results.actions.runs import refuse_changed
from results.announcement_pdf import write_announcement
from results.models import Announcement, RankingRun
from results.rules import lifecycle
from results.signing import DocumentSigner, default_signer


def publish(
    *, run: RankingRun, number: str, by: User, now: datetime, signer: DocumentSigner | None = None
) -> Announcement:
    """Write, sign, seal and register the announcement of an approved run; supersedes the stage's earlier one.

    Refuses ``not_approved``, ``four_eyes`` (who computed may not publish), ``number_taken``,
    ``already_published`` and ``scores_changed`` (a sheet was replaced after the ranking); no sheet is replaced later.
    The file appears only when the register entry is committed.
    """
    if not number.strip():
        raise Refusal("number_missing", _("Tulis nomor pengumuman."), field="number")
    key, code = uuid7(), reference()
    path = f"pengumuman/{key}.pdf"
    try:
        with transaction.atomic():
            run = _publishable(run, by)
            hall.close_scores(stage=run.stage, computed_at=run.computed_at, by=by, now=now)
            body = _signed_pdf(run, code, number.strip(), now, signer or default_signer())
            row = _register(run, key, code, number.strip(), path, body, by, now)
            default_storage.save(path, ContentFile(body))
            trail.record("results.announcement_published", row, by=by, now=now, pdf=row.pdf_sha256)
    except IntegrityError:
        default_storage.delete(path)
        raise Refusal("number_taken", _("Nomor pengumuman ini sudah dipakai."), field="number") from None
    return row


def _publishable(run: RankingRun, by: User) -> RankingRun:
    need_whole_country(by, Role.CHAIR)
    run = RankingRun.objects.select_for_update().get(pk=run.pk)
    if run.state != RankingRun.State.APPROVED:
        raise Refusal("not_approved", _("Peringkat ini belum disetujui sehingga tidak dapat diumumkan."))
    if run.computed_by_id == by.pk:
        raise Refusal("four_eyes", _("Anda yang menghitung peringkat ini; pengumuman oleh petugas lain."))
    if run.announcements.exists():
        raise Refusal("already_published", _("Peringkat ini sudah diumumkan."))
    later = RankingRun.objects.filter(stage=run.stage_id, computed_at__gt=run.computed_at).exclude(state="rejected")
    if later.exists():
        raise Refusal("newer_run", _("Ada perhitungan yang lebih baru untuk tahap ini; umumkan yang terbaru."))
    refuse_changed(run)
    return run


def _signed_pdf(run: RankingRun, code: str, number: str, now: datetime, signer: DocumentSigner) -> bytes:
    address = settings.PUBLIC_ORIGIN + reverse("results:announcement", args=[code])
    plain = write_announcement(run, number=number, verify_url=address, now=now)
    reason = f"Pengumuman hasil {run.stage.name} {run.selection.name}"
    return signer.sign(plain, reason=reason, location="Jakarta")


def _register(
    run: RankingRun, key: UUID, code: str, number: str, path: str, body: bytes, by: User, now: datetime
) -> Announcement:
    earlier = (
        Announcement.objects.select_for_update()
        .filter(run__stage=run.stage, agency__isnull=True, state=Announcement.State.PUBLISHED)
        .first()
    )
    digest = sha256(body).hexdigest()
    document = {
        "announcement": str(key),
        "number": number,
        "run": str(run.pk),
        "lines_sha256": run.lines_sha256,
        "pdf_sha256": digest,
        "counts": run.counts,
        "published_at": now.isoformat(),
        "replaces": str(earlier.pk) if earlier else None,
    }
    mark = seal.sign("announcement", document)
    row = Announcement.objects.create(
        id=key, reference=code, run=run, number=number, path=path, pdf_sha256=digest, pages=_pages(body),
        published_by=by, published_at=now, replaces=earlier, document=document, digest=mark.digest,
        seal_kid=mark.kid, seal_signature=mark.signature, sealed_at=now,
    )  # fmt: skip
    if earlier:
        earlier.state = lifecycle.move(lifecycle.ANNOUNCEMENT, earlier.state, "superseded")
        earlier.save(update_fields=["state"])
    return row


def _pages(body: bytes) -> int:
    with pikepdf.open(BytesIO(body)) as pdf:
        return len(pdf.pages)
