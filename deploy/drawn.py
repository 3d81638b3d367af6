"""Portraits and papers of our own drawing, for sample applicants and rehearsals."""

from io import BytesIO

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def portrait(place: int) -> bytes:
    """A drawn 3 × 4 portrait on red, JPEG; different for each ``place``."""
    image = Image.new("RGB", (360, 480), (178, 34, 34))
    draw = ImageDraw.Draw(image)
    skin, shirt = (224 - 9 * (place % 8), 172 - 8 * (place % 8), 125), (30 + 12 * (place % 9), 60, 96)
    draw.ellipse((40, 330, 320, 640), fill=shirt)
    draw.rectangle((155, 270, 205, 350), fill=skin)
    draw.ellipse((105, 90, 255, 300), fill=skin)
    draw.pieslice((95, 70, 265, 260), 180, 360, fill=(35, 25, 20))
    for x in (150, 210):
        draw.ellipse((x - 7, 185, x + 7, 199), fill=(30, 20, 20))
    draw.arc((150, 215, 210, 260), 20, 160, fill=(120, 40, 40), width=4)
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def paper(title: str) -> bytes:
    """A one-page PDF that says what it stands for."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(72, 720, title)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 690, "Dokumen contoh untuk demo; bukan dokumen resmi.")
    canvas.save()
    return out.getvalue()
