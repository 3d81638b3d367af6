"""Reading PDFs as people's programs do: poppler's pdftotext and pikepdf."""

import io
import subprocess

import pikepdf


def pdf_text(body: bytes) -> tuple[str, int]:
    """The text as a reader sees it, and the number of pages; a broken file raises."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        pages = len(pdf.pages)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True)
    assert not done.stderr, done.stderr
    return done.stdout.decode(), pages
