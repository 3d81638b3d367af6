"""Rebuilds uploaded files: what is kept is written by us, pixels and pages only; everything active is refused."""

import io
import warnings
from dataclasses import dataclass

import pikepdf
import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Refusal

PDF, JPEG = "application/pdf", "image/jpeg"
_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 3000
#: Keys and action types of PDF objects that run, open, send or carry something (ISO 32000-1, 12.6 and 7.11).
_KEYS = {
    "/JS": "script", "/JavaScript": "script", "/AA": "action", "/RichMedia": "media", "/XFA": "form",
    "/EmbeddedFiles": "file", "/EF": "file", "/Collection": "file",
}  # fmt: skip
_TYPES = {
    "/JavaScript": "script", "/Launch": "action", "/SubmitForm": "action", "/ImportData": "action",
    "/RichMedia": "media", "/EmbeddedFile": "file", "/GoToE": "file",
}  # fmt: skip
#: What is told first when a file holds several things.
_WORST = ("script", "action", "file", "media", "form")
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A file as we wrote it."""

    content: bytes
    media_type: str
    suffix: str
    pages: int


def media_type_of(content: bytes) -> str:
    """The type that the content itself shows; ``""`` when unknown. The file's name plays no part."""
    if content[:5] == b"%PDF-":
        return PDF
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def rebuild(content: bytes, *, allowed: list[str], most_pages: int) -> Rebuilt:
    """The file written anew.

    Raises Refusal ``empty``, ``type``, ``broken``, ``encrypted``, ``active``, ``pages``, ``pixels``.
    """
    if not content:
        raise Refusal("empty", _("Berkas ini kosong. Pilih berkas lain."), field="file")
    found = media_type_of(content)
    if found not in allowed:
        names = " / ".join({PDF: "PDF", JPEG: "JPEG"}.get(kind, kind) for kind in allowed)
        text = _(
            "Isi berkas ini bukan %(names)s, apa pun nama berkasnya. Simpan ulang sebagai %(names)s lalu unggah lagi."
        )
        raise Refusal("type", text % {"names": names}, field="file")
    return _rebuild_pdf(content, most_pages) if found == PDF else _rebuild_jpeg(content)


def _rebuild_jpeg(content: bytes) -> Rebuilt:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG"])
            if picture.width * picture.height > _MOST_PIXELS:
                raise Refusal("pixels", _(
                    "Gambar ini terlalu besar (lebih dari 60 megapiksel). Perkecil dahulu."
                ), field="file")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Refusal:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as broken:  # fmt: skip
        raise _broken("JPEG") from broken
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    upright.info.clear()  # or Pillow would write an old comment into the new file
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=88, optimize=True)
    return Rebuilt(out.getvalue(), JPEG, ".jpg", 1)


def _rebuild_pdf(content: bytes, most_pages: int) -> Rebuilt:
    try:
        with pikepdf.open(io.BytesIO(content)) as source:
            if source.is_encrypted:
                raise _encrypted()
            pages = len(source.pages)
            if not 1 <= pages <= most_pages:
                text = _(
                    "Berkas ini %(pages)s halaman; yang boleh 1 sampai %(most)s. Kurangi halamannya lalu unggah lagi."
                )
                raise Refusal("pages", text % {"pages": pages, "most": most_pages}, field="file")
            _refuse_active(source)
            out = io.BytesIO()
            with pikepdf.new() as target:
                target.pages.extend(source.pages)
                target.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError as locked:
        raise _encrypted() from locked
    except (pikepdf.PdfError, ValueError, RuntimeError) as broken:
        raise _broken("PDF") from broken
    return Rebuilt(out.getvalue(), PDF, ".pdf", pages)


def _refuse_active(source: pikepdf.Pdf) -> None:
    found = {"file"} if len(source.attachments) else set()
    for thing in source.objects:
        found |= _active_parts(thing, 0)
    for what in _WORST:
        if what in found:
            raise _active(what)


def _active_parts(thing: pikepdf.Object, depth: int) -> set[str]:
    """What is active in an object and the objects written inside it; indirect ones are visited by themselves."""
    if depth > _DEEPEST:
        return {"action"}  # nobody nests a scanned paper so deeply
    if isinstance(thing, pikepdf.Array):
        inner: list[object] = list(thing)
        found: set[str] = set()
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        parts = {key: thing.get(key) for key in thing.keys()}  # noqa: SIM118 - a pikepdf object is no mapping
        found = {_KEYS[key] for key in parts if key in _KEYS}
        kinds = {str(parts[key]) for key in ("/S", "/Subtype", "/Type") if isinstance(parts.get(key), pikepdf.Name)}
        found |= {_TYPES[kind] for kind in kinds if kind in _TYPES}
        inner = list(parts.values())
    else:
        return set()
    for part in inner:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            found |= _active_parts(part, depth + 1)
    return found


def _active(what: str) -> Refusal:
    texts = {
        "script": _(
            "PDF ini berisi skrip (JavaScript) dan ditolak demi keamanan. Cetak ulang ke PDF lalu unggah lagi."
        ),
        "action": _(
            "PDF ini berisi perintah otomatis dan ditolak demi keamanan. Cetak ulang ke PDF lalu unggah lagi."
        ),
        "file": _("PDF ini membawa berkas lain di dalamnya dan ditolak. Cetak ulang ke PDF lalu unggah lagi."),
        "media": _("PDF ini berisi media dan ditolak demi keamanan. Cetak ulang ke PDF lalu unggah lagi."),
        "form": _("PDF ini berupa formulir isian (XFA) dan ditolak. Cetak ulang ke PDF lalu unggah lagi."),
    }
    return Refusal("active", texts[what], field="file")


def _encrypted() -> Refusal:
    text = _("PDF ini terkunci dengan kata sandi atau enkripsi. Simpan tanpa kunci lalu unggah lagi.")
    return Refusal("encrypted", text, field="file")


def _broken(kind: str) -> Refusal:
    text = _("Berkas %(kind)s ini rusak dan tidak dapat dibuka. Pindai atau simpan ulang, lalu unggah lagi.")
    return Refusal("broken", text % {"kind": kind}, field="file")
