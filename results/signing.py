"""The port through which a PDF is signed (PAdES baseline B-B) and the default adapter: a certificate file of our own.

Standards: ETSI EN 319 142-1 (PAdES), RFC 9336 (document-signing key usage). An adapter for a certified provider
(PP 71/2019 art. 60) or a PKCS#11 token is another :class:`DocumentSigner`.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from core import vault
from core.errors import Refusal

FIELD = "Pengumuman"


class DocumentSigner(Protocol):
    """Signs a whole PDF; the result is the same file with one signature appended."""

    def sign(self, pdf: bytes, *, reason: str, location: str) -> bytes:
        """The signed bytes; raises ``Refusal("signer_missing")`` where no certificate is at hand."""
        ...


@dataclass(frozen=True, slots=True)
class CertificateSigner:
    """Signs with a PKCS#12 file and its passphrase; P-256 takes about 30 ms a file."""

    path: str
    passphrase: str

    def sign(self, pdf: bytes, *, reason: str, location: str) -> bytes:
        signer = signers.SimpleSigner.load_pkcs12(Path(self.path), passphrase=self.passphrase.encode())
        if signer is None:
            raise Refusal("signer_unreadable", _("Sertifikat penanda tangan tidak dapat dibaca."))
        how = signers.PdfSignatureMetadata(
            field_name=FIELD,
            reason=reason,
            location=location,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        out = BytesIO()
        signers.PdfSigner(how, signer=signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
        return out.getvalue()


def default_signer() -> DocumentSigner:
    """The signer of this process's keyring; ``Refusal("signer_missing")`` in a process that holds none."""
    entry = vault.keyring().get("signer")
    if entry is None:
        raise Refusal("signer_missing", _("Proses ini tidak memegang sertifikat penanda tangan."))
    return CertificateSigner(entry["p12"], entry["passphrase"])
