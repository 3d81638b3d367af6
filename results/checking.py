"""Checks an uploaded PDF: is it byte for byte one of ours, does its signature hold, is it still in force."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from asn1crypto import pem, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from core import vault
from core.errors import Refusal
from results.models import Announcement

#: Bytes an upload may have; the largest announcement of 100,000 rows stays well below.
LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a file: ``verdict`` is valid, superseded, altered, foreign or unsigned."""

    verdict: str
    announcement: Announcement | None = None
    signer: str = ""
    reason: str = ""


def examine(pdf: bytes) -> Finding:
    """Judge one PDF against our certificate and our register; nothing is stored.

    Raises ``Refusal("not_a_pdf")`` for a file that is no readable PDF and ``Refusal("too_large")`` over the limit.
    """
    if len(pdf) > LIMIT:
        raise Refusal("too_large", _("Berkas melebihi 20 MB. Unggah berkas pengumuman aslinya."), field="file")
    if not pdf.startswith(b"%PDF-"):
        raise Refusal("not_a_pdf", _("Berkas ini bukan PDF. Unggah berkas PDF pengumuman."), field="file")
    known = Announcement.objects.select_related("run__selection").filter(pdf_sha256=sha256(pdf).hexdigest()).first()
    status = _signature(pdf)
    if status is None:
        return Finding("unsigned", reason=_("tidak ada tanda tangan elektronik di dalam berkas"))
    name = status.signing_cert.subject.native.get("common_name", "")
    if not (status.intact and status.valid) or _changed(status):
        return Finding("altered", signer=name, reason=_("isi berkas berubah setelah ditandatangani"))
    if not status.trusted or known is None:
        return Finding("foreign", signer=name, reason=_("tanda tangan bukan dari panitia ini"))
    return Finding("superseded" if known.state == Announcement.State.SUPERSEDED else "valid", known, name)


def _signature(pdf: bytes) -> PdfSignatureStatus | None:
    """The status of the one signature; None where the file carries none."""
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        if not signatures:
            return None
        return validate_pdf_signature(signatures[0], _context())
    except (PdfError, SigningError, SignatureValidationError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Refusal(
            "not_a_pdf",
            _("Berkas ini rusak atau telah diubah sehingga tidak terbaca sebagai PDF. Unduh ulang dari laman resmi."),
            field="file",
        ) from error


def _context() -> ValidationContext:
    raw = vault.public_keys()["ca_certificate"].encode()
    root = x509.Certificate.load(pem.unarmor(raw)[2])
    return ValidationContext(trust_roots=[root], allow_fetching=False)


def _changed(status: PdfSignatureStatus) -> bool:
    return status.modification_level not in (None, ModificationLevel.NONE)
